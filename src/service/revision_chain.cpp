#include "service/revision_chain.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <utility>

#include "base/json_writer.h"
#include "run/unsquash.h"
#include "service/cpp_scripts.h"

namespace limbeck {
namespace {

RevisionSource source_of(const RevisionText& file) {
  if (!file.path.ends_with(".sql")) {
    throw Error({.code = ExitCode::invalid_project,
                 .message = fmt::format("a revision file ends in .sql, not \"{}\"", file.path),
                 .state = "nothing was changed",
                 .hint = "a revision in C++ is a CppRevision"});
  }
  return {.revision = parse_revision_header(file.text, file.path),
          .path = file.path,
          .bytes = file.text};
}

std::vector<RevisionSource> sources_of(const std::vector<RevisionText>& files) {
  std::vector<RevisionSource> sources;
  sources.reserve(files.size());
  for (const RevisionText& file : files) sources.push_back(source_of(file));
  return sources;
}

// What is hashed of a revision in C++ without a file: all that it says of itself.
std::string declaration_of(const CppRevision& revision) {
  JsonWriter json;
  json.begin_object()
      .member("revision", revision.id)
      .member("revises", revision.revises)
      .member("depends_on", revision.depends_on)
      .member("labels", revision.labels)
      .member("message", revision.message)
      .member("version", revision.version)
      .end_object();
  return json.text();
}

Place place_of(const CppRevision& revision) {
  return {.file = revision.file, .line = revision.line};
}

[[noreturn]] void refuse(const CppRevision& revision, std::string message) {
  throw Error({.code = ExitCode::invalid_project,
               .message = std::move(message),
               .place = place_of(revision),
               .state = "nothing was changed"});
}

RevisionSource source_of(const CppRevision& revision) {
  const Place place = place_of(revision);
  RevisionSource source{.revision = {.id = revision.id}, .path = revision.file};
  source.revision.down_revisions = revision.revises;
  source.revision.depends_on = revision.depends_on;
  source.revision.labels = revision.labels;
  source.revision.message = revision.message;
  source.revision.description = revision.message;
  source.revision.place = place;
  source.bytes = declaration_of(revision);
  source.is_cpp = true;
  return source;
}

// The file of the same id, where there is one: it stands for the revision in the folder, so that
// the command line knows it.
void take_place_of(RevisionSource& file, const CppRevision& revision) {
  const RevisionFile whole = parse_revision_file(file.bytes, file.path);
  const bool has_sql = std::any_of(whole.sections.begin(), whole.sections.end(),
                                   [](const Section& it) { return !it.manual; });
  if (has_sql) {
    refuse(revision,
           fmt::format("revision {} is written in C++ and in SQL: {}", revision.id, file.path));
  }
  if (!revision.revises.empty() || !revision.depends_on.empty() || !revision.labels.empty()) {
    refuse(revision, fmt::format("revision {} has a file, which says what it revises: {}",
                                 revision.id, file.path));
  }
  file.revision.place = place_of(revision);
  file.is_cpp = true;
}

void add(std::vector<RevisionSource>& sources, const CppRevision& revision) {
  if (!revision.upgrade) refuse(revision, fmt::format("revision {} has no upgrade", revision.id));
  const auto file = std::find_if(sources.begin(), sources.end(), [&](const RevisionSource& source) {
    return !source.is_cpp && source.revision.id == revision.id;
  });
  if (file == sources.end()) {
    sources.push_back(source_of(revision));
  } else {
    take_place_of(*file, revision);
  }
}

void set_scripts(Chain& chain, const Revisions& revisions) {
  if (revisions.written_in_cpp().empty()) return;
  chain.set_scripts(std::make_shared<CppScripts>(revisions.written_in_cpp()));
}

}  // namespace

Chain chain_of(const Revisions& revisions) {
  std::vector<RevisionSource> sources = sources_of(revisions.files());
  for (const CppRevision& revision : revisions.written_in_cpp()) add(sources, revision);
  Chain chain = Chain::of(std::move(sources), sources_of(revisions.squashed_files()));
  set_scripts(chain, revisions);
  return chain;
}

std::optional<Chain> chain_at(const Chain& chain, const Revisions& revisions,
                              const DatabaseState& state) {
  std::optional<Chain> within_squash = unsquashed(chain, state);
  if (within_squash) set_scripts(*within_squash, revisions);
  return within_squash;
}

}  // namespace limbeck
