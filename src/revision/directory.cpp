#include "revision/directory.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "base/file.h"
#include "base/two_halves.h"
#include "revision/folder_listing.h"
#include "revision/header_cache.h"

namespace limbeck {
namespace {

constexpr std::size_t header_size = 4096;
// Below this many files a second thread costs more than it saves.
constexpr std::size_t files_for_two_threads = 1000;
constexpr std::size_t known_files_for_two_threads = 5000;
// Below this many files reading them costs no more than asking what is known of them.
constexpr std::size_t files_for_cache = 100;

FileDescriptor open_candidate(const FoundRevision& candidate) {
  const ListedFile& file = *candidate.file;
  const char* name = file.target.empty() ? file.name.c_str() : file.target.c_str();
  FileDescriptor opened(openat(candidate.folder->descriptor.get(), name, read_flags | O_NOFOLLOW));
  if (!opened) throw file_error(candidate.path, "this file cannot be read", errno);
  return opened;
}

struct FileHeader {
  Revision revision = {};
  bool is_others = false;              // beside scripts: SQL that is none of ours
  std::optional<Place> computed = {};  // as of a ScriptHeader
};

// Nothing when the header may go on behind the text.
std::optional<FileHeader> parse_header(const FoundRevision& candidate, std::string_view text,
                                       bool whole, const ScriptFormat* scripts) {
  FileHeader header;
  if (scripts != nullptr && scripts->is_script(candidate.file->name)) {
    auto script = scripts->read_header(text, candidate.path, whole);
    if (!script) return std::nullopt;
    header.revision = std::move(script->revision);
    header.computed = std::move(script->computed);
    return header;
  }
  if (scripts != nullptr && is_others_sql(text)) {
    header.is_others = true;
    return header;
  }
  if (whole) {
    header.revision = parse_revision_header(text, candidate.path);
    return header;
  }
  auto revision = try_revision_header(text, candidate.path);
  if (!revision) return std::nullopt;
  header.revision = *std::move(revision);
  return header;
}

// What a link leads to is read at once and never again: later it could lead elsewhere.
void read_whole(const FoundRevision& link, std::string& bytes) {
  read_rest(open_candidate(link), bytes, max_revision_file_size, link.path);
}

// One read is enough for nearly every file; buffer is used again and again. What is read whole
// stays in bytes.
FileHeader read_header(const FoundRevision& candidate, const ScriptFormat* scripts,
                       std::string& buffer, std::string& bytes) {
  const FileDescriptor file = open_candidate(candidate);
  buffer.resize(header_size);
  ssize_t got = -1;
  do {
    got = read(file.get(), buffer.data(), buffer.size());
  } while (got < 0 && errno == EINTR);
  const int error = errno;
  buffer.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  const bool whole = buffer.size() < header_size;
  if (!whole || got < 0 || !candidate.file->surely_regular) {
    struct stat status {};
    if (fstat(file.get(), &status) == 0 && !S_ISREG(status.st_mode)) {
      throw file_error(candidate.path, "this is no regular file", 0,
                       "its name is that of a revision: take it out of the migrations folder");
    }
    if (got < 0) throw file_error(candidate.path, "this file cannot be read", error);
    if (static_cast<std::size_t>(status.st_size) > max_revision_file_size) {
      read_rest(file, buffer, max_revision_file_size, candidate.path);  // says so
    }
  }
  const bool is_link = !candidate.file->target.empty();
  if (!whole && is_link) read_rest(file, buffer, max_revision_file_size, candidate.path);
  if (whole || is_link) {
    bytes = buffer;
    return *parse_header(candidate, buffer, true, scripts);
  }
  if (auto header = parse_header(candidate, buffer, false, scripts)) return *std::move(header);
  read_rest(file, buffer, max_revision_file_size, candidate.path);
  return *parse_header(candidate, buffer, true, scripts);
}

// A header that only its own language can tell.
Revision ask_for_header(const ScriptFormat& scripts, const Place& computed,
                        const std::string& path) {
  if (scripts.ask) return scripts.ask(path, computed);
  throw Error({.code = ExitCode::invalid_project,
               .message = "the header of this revision is computed, not written out",
               .place = computed,
               .hint = "write its value out as a string, a tuple of strings or None"});
}

// The state of a regular file; nothing when it is none, which reading it will say.
std::optional<FileState> find_state(const FoundRevision& candidate) {
  const ListedFile& file = *candidate.file;
  const char* name = file.target.empty() ? file.name.c_str() : file.target.c_str();
  struct stat status {};
  const int folder = candidate.folder->descriptor.get();
  if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode)) {
    return std::nullopt;
  }
  return state_of(status);
}

// path: its space is used again.
void put_real_path(const FoundRevision& candidate, std::string& path) {
  const ListedFile& file = *candidate.file;
  if (!file.target.empty()) {
    path = file.target;
  } else {
    path.assign(candidate.folder->real).append(1, '/').append(file.name);
  }
}

// The headers of all files of a listing, from the files and from what is known of them.
class HeaderReading {
 public:
  HeaderReading(const FolderListing& listing, const ScriptFormat* scripts,
                const std::filesystem::path& cache)
      : candidates_(candidates_of(listing.folders)),
        scripts_(scripts),
        sources_(candidates_.size()),
        facts_(candidates_.size()) {
    if (cache.empty() || candidates_.size() < files_for_cache) return;
    std::string project;
    for (const auto& folder : listing.folders) project.append(folder->real).append(1, '\0');
    cache_.emplace(cache, project);
  }

  // faults: of each file that is left out; null: the first one is thrown.
  std::vector<RevisionSource> read(ListingFaults* faults) {
    std::vector<ListingFaults> faults_of(faults == nullptr ? 0 : candidates_.size());
    const auto faults_at = [&](std::size_t i) {
      return faults == nullptr ? nullptr : &faults_of[i];
    };
    in_two_halves(candidates_.size(), cache_ ? known_files_for_two_threads : files_for_two_threads,
                  [&](std::size_t begin, std::size_t end) {
                    std::string buffer;
                    for (std::size_t i = begin; i < end; ++i)
                      attempt(faults_at(i), [&] { read(i, buffer); });
                  });
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      if (!facts_[i].computed) continue;
      attempt(faults_at(i), [&] {
        sources_[i].revision = ask_for_header(*scripts_, *facts_[i].computed, candidates_[i].path);
      });
    }
    for (std::size_t i = 0; i < sources_.size(); ++i)
      sources_[i].path = std::move(candidates_[i].path);
    if (cache_) keep();
    if (faults == nullptr) {
      if (scripts_ != nullptr) leave_out_others();
      return std::move(sources_);
    }
    std::vector<RevisionSource> readable;
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      if (faults_of[i].empty() && !facts_[i].is_others) readable.push_back(std::move(sources_[i]));
      faults->insert(faults->end(), faults_of[i].begin(), faults_of[i].end());
    }
    return readable;
  }

 private:
  struct Facts {
    std::optional<FileState> state = {};         // before it was read
    bool is_known = false;                       // to the cache
    bool is_others = false;                      // as of a FileHeader
    std::unique_ptr<const Place> computed = {};  // as of a ScriptHeader, which is rare
  };

  void read(std::size_t i, std::string& buffer) {
    const FoundRevision& candidate = candidates_[i];
    RevisionSource& source = sources_[i];
    if (cache_ && find(i, buffer)) {
      if (!candidate.file->target.empty()) read_whole(candidate, source.bytes);
      return;
    }
    FileHeader header = read_header(candidate, scripts_, buffer, source.bytes);
    source.revision = std::move(header.revision);
    facts_[i].is_others = header.is_others;
    if (header.computed)
      facts_[i].computed = std::make_unique<const Place>(*std::move(header.computed));
  }

  bool find(std::size_t i, std::string& path) {
    Facts& facts = facts_[i];
    facts.state = find_state(candidates_[i]);
    if (!facts.state) return false;
    put_real_path(candidates_[i], path);
    auto known = cache_->find(path, *facts.state, i);
    if (!known) return false;
    facts.is_known = true;
    sources_[i].revision = std::move(known->revision);
    sources_[i].revision.place.file = candidates_[i].path;
    sources_[i].hash = std::move(known->hash);
    return true;
  }

  bool may_be_kept(const Facts& facts) const {
    return facts.state && !facts.computed && !facts.is_others && cache_->is_settled(*facts.state);
  }

  void leave_out_others() {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      if (facts_[i].is_others) continue;
      if (kept != i) sources_[kept] = std::move(sources_[i]);
      ++kept;
    }
    sources_.resize(kept);
  }

  // Writes down all that may be kept, if there is anything new among it.
  void keep() {
    const auto is_new = [&](const Facts& it) { return !it.is_known && may_be_kept(it); };
    if (std::none_of(facts_.begin(), facts_.end(), is_new)) return;
    std::string path;
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      if (!may_be_kept(facts_[i])) continue;
      KnownHeader header{.revision = sources_[i].revision, .hash = sources_[i].hash};
      if (!facts_[i].is_known) header.hash = revision_hash(read_revision_bytes(sources_[i]));
      put_real_path(candidates_[i], path);
      cache_->add(path, *facts_[i].state, header);
    }
    cache_->write();
  }

  std::vector<FoundRevision> candidates_;
  const ScriptFormat* scripts_;
  std::vector<RevisionSource> sources_;
  std::vector<Facts> facts_;
  std::optional<HeaderCache> cache_ = {};
};

std::vector<RevisionSource> read_headers(const FolderListing& listing,
                                         const ScriptFormat* scripts = nullptr,
                                         const std::filesystem::path& cache = {}) {
  return HeaderReading(listing, scripts, cache).read(nullptr);
}

Error interrupted_squash(const std::filesystem::path& file) {
  return file_error(file.string(), "a squash was interrupted", 0,
                    "\"limbeck squash\" says what is done of it; \"limbeck squash --continue\" "
                    "finishes it, \"limbeck squash --abort\" takes it back");
}

}  // namespace

std::vector<RevisionSource> read_revision_headers(std::span<const std::filesystem::path> folders,
                                                  bool recursive, PendingSquash pending,
                                                  const ScriptFormat* scripts,
                                                  const std::filesystem::path& cache) {
  FolderListing listing(recursive, scripts);
  for (const std::filesystem::path& folder : folders) listing.add_root(folder);
  if (pending == PendingSquash::refuse && !listing.pending.empty())
    throw interrupted_squash(listing.pending.front());
  return read_headers(listing, scripts, cache);
}

RevisionHeaders read_revision_headers_that_can_be(std::span<const std::filesystem::path> folders,
                                                  bool recursive, const ScriptFormat* scripts) {
  RevisionHeaders result;
  FolderListing listing(recursive, scripts, &result.faults);
  for (const std::filesystem::path& folder : folders) listing.add_root(folder);
  for (const std::filesystem::path& squash : listing.pending)
    result.faults.push_back(interrupted_squash(squash).report());
  result.sources = HeaderReading(listing, scripts, {}).read(&result.faults);
  return result;
}

std::vector<RevisionSource> read_squashed_headers(std::span<const std::filesystem::path> folders,
                                                  bool recursive) {
  FolderListing listing(recursive);
  for (const std::filesystem::path& folder : folders) listing.add_root(folder);
  FolderListing squashed(false);
  for (const std::filesystem::path& folder : listing.squashed) squashed.add_root(folder);
  return read_headers(squashed);
}

std::vector<std::filesystem::path> pending_squashes(std::span<const std::filesystem::path> folders,
                                                    bool recursive) {
  FolderListing listing(recursive);
  for (const std::filesystem::path& folder : folders) listing.add_root(folder);
  return std::move(listing.pending);
}

std::string read_revision_bytes(const RevisionSource& source) {
  if (!source.bytes.empty()) return source.bytes;
  // It was no link, or its bytes would be known.
  const FileDescriptor file(open(source.path.c_str(), read_flags | O_NOFOLLOW));
  if (!file) throw file_error(source.path, "this file cannot be read", errno);
  std::string bytes;
  read_rest(file, bytes, max_revision_file_size, source.path);
  return bytes;
}

}  // namespace limbeck
