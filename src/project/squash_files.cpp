#include "project/squash_files.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <system_error>

#include "base/file.h"
#include "revision/directory.h"
#include "revision/squash.h"
#include "run/crash_point.h"

namespace limbeck {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& file, std::string message, std::string hint) {
  throw Error({.code = ExitCode::usage,
               .message = std::move(message),
               .place = Place{.file = file.string()},
               .state = "nothing was written",
               .hint = std::move(hint)});
}

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::symlink_status(path, error).type() != fs::file_type::not_found;
}

fs::path pending_path(const fs::path& file) {
  return file.parent_path() / (std::string(pending_squash_prefix) + file.filename().string());
}

fs::path final_path(const fs::path& pending) {
  return pending.parent_path() / pending.filename().string().substr(pending_squash_prefix.size());
}

void put_away(const fs::path& original) {
  const fs::path target = put_away_path(original);
  std::error_code error;
  fs::create_directories(target.parent_path(), error);
  if (error)
    throw file_error(target.parent_path().string(), "the folder cannot be made", error.value());
  move_file(original, target);
}

}  // namespace

fs::path put_away_path(const fs::path& original) {
  return original.parent_path() / squashed_folder / original.filename();
}

void check_squash_files(const SquashFiles& files) {
  const auto& originals = files.originals;
  if (is_there(files.file) &&
      std::find(originals.begin(), originals.end(), files.file) == originals.end()) {
    refuse(files.file, "a file of this name is there already",
           "give the squash another message: -m TEXT");
  }
  for (const fs::path& original : originals) {
    const fs::path target = put_away_path(original);
    if (is_there(target)) {
      refuse(target, "a file of this name was put away before",
             fmt::format("give {} another name; the name of a revision's file does not matter",
                         original.string()));
    }
    std::error_code error;
    if (fs::is_symlink(original, error)) {
      refuse(original, "a symbolic link cannot be put away", "put the file itself in its place");
    }
    const fs::path folder = target.parent_path();
    if (is_there(folder) && !fs::is_directory(fs::symlink_status(folder, error))) {
      refuse(folder, "this is no folder", "squashed revisions are put there; give it another name");
    }
  }
}

void write_squash(const SquashFiles& files) {
  CrashPoints crash = CrashPoints::from_environment();
  const fs::path pending = pending_path(files.file);
  write_new_file(pending, files.text);
  crash.pass();
  std::size_t moved = 0;
  try {
    for (; moved < files.originals.size(); ++moved) {
      put_away(files.originals[moved]);
      crash.pass();
    }
    move_file(pending, files.file);
  } catch (const Error&) {
    while (moved > 0) {
      --moved;
      move_file(put_away_path(files.originals[moved]), files.originals[moved]);
    }
    std::error_code error;
    fs::remove(pending, error);
    throw;
  }
  crash.pass();
}

std::optional<HalfSquash> find_half_squash(std::span<const fs::path> folders, bool recursive) {
  const std::vector<fs::path> pending = pending_squashes(folders, recursive);
  if (pending.empty()) return std::nullopt;
  HalfSquash half;
  half.pending = pending.front();
  half.revision =
      parse_revision_header(read_file(half.pending, max_revision_file_size), half.pending.string());
  std::vector<RevisionSource> sources =
      read_revision_headers(folders, recursive, PendingSquash::pass_over);
  const std::size_t beside = sources.size();
  for (RevisionSource& source : read_squashed_headers(folders, recursive))
    sources.push_back(std::move(source));
  std::vector<const Revision*> candidates;
  candidates.reserve(sources.size());
  for (const RevisionSource& source : sources) candidates.push_back(&source.revision);
  SquashParts parts = parts_of_squash(half.revision, candidates);
  for (const std::size_t part : parts.found)
    (part < beside ? half.to_move : half.moved).push_back(sources[part].path);
  half.missing = std::move(parts.missing);
  return half;
}

fs::path finish_squash(const HalfSquash& half) {
  if (!half.missing.empty()) {
    throw Error({.code = ExitCode::invalid_project,
                 .message = fmt::format("files of the squash are not there: {}",
                                        fmt::join(half.missing, ", ")),
                 .place = Place{.file = half.pending.string()},
                 .state = "nothing was changed",
                 .hint = "restore them from version control, beside the squash or in its folder "
                         "\"squashed\""});
  }
  for (const fs::path& original : half.to_move) put_away(original);
  const fs::path file = final_path(half.pending);
  move_file(half.pending, file);
  return file;
}

void take_back_squash(const HalfSquash& half) {
  for (const fs::path& moved : half.moved)
    move_file(moved, moved.parent_path().parent_path() / moved.filename());
  std::error_code error;
  fs::remove(half.pending, error);
  if (error) throw file_error(half.pending.string(), "this file cannot be removed", error.value());
}

}  // namespace limbeck
