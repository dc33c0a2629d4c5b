#include "revision/directory.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <set>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "base/file.h"
#include "base/two_halves.h"
#include "revision/header_cache.h"

namespace limbeck {
namespace {

constexpr std::size_t header_size = 4096;
// Below this many files a second thread costs more than it saves.
constexpr std::size_t files_for_two_threads = 1000;
constexpr std::size_t known_files_for_two_threads = 5000;
// Below this many files reading them costs no more than asking what is known of them.
constexpr std::size_t files_for_cache = 100;
constexpr std::string_view python_cache = "__pycache__";

struct FileName {
  std::string name;
  bool surely_regular = false;  // the folder says so
  std::string target = {};      // of a symbolic link: its real path
};

struct Folder {
  std::filesystem::path path;  // as to be shown
  std::string real;            // its real path
  FileDescriptor descriptor;
  std::vector<FileName> files = {};
};

// One file to read: where it is found, and as what it is shown.
struct Candidate {
  const Folder* folder = nullptr;
  const FileName* file = nullptr;
  std::string path;
};

std::string real_path(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(realpath(path.c_str(), nullptr), std::free);
  return real ? std::string(real.get()) : std::string();
}

bool is_inside(const std::string& path, const std::string& folder) {
  return folder == "/" || (path.starts_with(folder) && path.substr(folder.size()).starts_with('/'));
}

bool is_folder(const std::filesystem::path& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

using Faults = std::vector<ErrorReport>;

// What the work throws is kept where somebody wants to go on.
template <class Work>
void attempt(Faults* faults, const Work& work) {
  if (faults == nullptr) return work();
  try {
    work();
  } catch (const Error& error) {
    faults->push_back(error.report());
  }
}

// Lists the folders of a project, one after the other; each real folder once, however often it is
// named.
class Listing {
 public:
  explicit Listing(bool recursive, const ScriptFormat* scripts = nullptr, Faults* faults = nullptr)
      : recursive_(recursive), scripts_(scripts), faults_(faults) {}

  void add_root(const std::filesystem::path& root);
  std::vector<std::unique_ptr<Folder>> folders;
  std::vector<std::filesystem::path> squashed;  // folders of that name
  std::vector<std::filesystem::path> pending;   // squashes that were interrupted

 private:
  void add_folder(const std::filesystem::path& path);
  void add_entry(Folder& folder, const dirent& entry, std::vector<std::string>& below);
  std::string link_target(const Folder& folder, const std::string& name) const;
  bool is_revision(std::string_view name) const {
    return name.ends_with(".sql") || (scripts_ != nullptr && scripts_->is_script(name));
  }

  bool recursive_;
  const ScriptFormat* scripts_;
  Faults* faults_;                              // null: the first fault is thrown
  std::string root_;                            // the real path of the root that is being listed
  std::vector<std::filesystem::path> pending_;  // folders still to be listed
  std::set<std::string> seen_;
};

void Listing::add_root(const std::filesystem::path& root) {
  root_ = real_path(root.string());
  if (root_.empty()) {
    const int error = errno;
    return attempt(faults_,
                   [&] { throw file_error(root.string(), "this folder cannot be read", error); });
  }
  pending_.push_back(root);
  while (!pending_.empty()) {
    const std::filesystem::path path = std::move(pending_.back());
    pending_.pop_back();
    attempt(faults_, [&] { add_folder(path); });
  }
}

void Listing::add_folder(const std::filesystem::path& path) {
  auto folder = std::make_unique<Folder>(Folder{path, real_path(path.string()), {}});
  folder->descriptor = FileDescriptor(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder->descriptor) throw file_error(path.string(), "this folder cannot be read", errno);
  if (!seen_.insert(folder->real).second) return;
  const int copy = fcntl(folder->descriptor.get(), F_DUPFD_CLOEXEC, 0);
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(copy < 0 ? nullptr : fdopendir(copy), closedir);
  if (!stream) throw file_error(path.string(), "this folder cannot be read", errno);
  std::vector<std::string> below;
  for (;;) {
    errno = 0;
    const dirent* entry = readdir(stream.get());
    if (entry == nullptr) break;
    if (entry->d_name[0] != '.') {
      attempt(faults_, [&] { add_entry(*folder, *entry, below); });
    } else if (std::string_view(entry->d_name).starts_with(pending_squash_prefix)) {
      pending.push_back(path / entry->d_name);
    }
  }
  if (errno != 0) throw file_error(path.string(), "this folder cannot be read", errno);
  for (const std::string& name : below) pending_.push_back(path / name);
  folders.push_back(std::move(folder));
}

void Listing::add_entry(Folder& folder, const dirent& entry, std::vector<std::string>& below) {
  const std::string_view name = entry.d_name;
  const bool wanted = is_revision(name);
  unsigned char type = entry.d_type;
  if (name == squashed_folder) {
    if (is_folder(folder.path / name)) squashed.push_back(folder.path / name);
    return;
  }
  if (!wanted && (!recursive_ || type == DT_REG)) return;
  if (type == DT_UNKNOWN) {  // some file systems never say
    struct stat status {};
    if (fstatat(folder.descriptor.get(), entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
      type = IFTODT(status.st_mode);
    }
  }
  if (type == DT_LNK) {
    const std::string target = link_target(folder, std::string(name));
    if (!target.empty()) folder.files.push_back({std::string(name), false, target});
  } else if (type == DT_DIR && recursive_) {
    if (name != python_cache) below.emplace_back(name);
  } else if (wanted) {
    folder.files.push_back({std::string(name), type == DT_REG});
  }
}

// The file that a symbolic link leads to, if it counts as a revision: a folder inside of the root
// is listed under its own name. Refused when it leads out of the root.
std::string Listing::link_target(const Folder& folder, const std::string& name) const {
  const std::string path = (folder.path / name).string();
  const bool wanted = is_revision(name);
  std::string real = real_path(path);
  if (real.empty() && wanted) {
    throw file_error(path, "this symbolic link cannot be followed", errno);
  }
  struct stat status {};
  const bool is_folder = stat(real.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
  if (!wanted && !is_folder) return {};
  if (!is_inside(real, root_) && real != root_) {
    throw file_error(path, "this symbolic link leads out of the migrations folder", 0,
                     "put the file itself there, or name its folder in the configuration");
  }
  return is_folder ? std::string() : real;
}

FileDescriptor open_candidate(const Candidate& candidate) {
  const FileName& file = *candidate.file;
  const char* name = file.target.empty() ? file.name.c_str() : file.target.c_str();
  FileDescriptor opened(openat(candidate.folder->descriptor.get(), name, read_flags | O_NOFOLLOW));
  if (!opened) throw file_error(candidate.path, "this file cannot be read", errno);
  return opened;
}

struct Header {
  Revision revision = {};
  std::optional<Place> computed = {};  // as of a ScriptHeader
};

// Nothing when the header may go on behind the text.
std::optional<Header> parse_header(const Candidate& candidate, std::string_view text, bool whole,
                                   const ScriptFormat* scripts) {
  Header header;
  if (scripts != nullptr && scripts->is_script(candidate.file->name)) {
    auto script = scripts->read_header(text, candidate.path, whole);
    if (!script) return std::nullopt;
    header.revision = std::move(script->revision);
    header.computed = std::move(script->computed);
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
void read_whole(const Candidate& link, std::string& bytes) {
  read_rest(open_candidate(link), bytes, max_revision_file_size, link.path);
}

// One read is enough for nearly every file; buffer is used again and again. What is read whole
// stays in bytes.
Header read_header(const Candidate& candidate, const ScriptFormat* scripts, std::string& buffer,
                   std::string& bytes) {
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
      throw file_error(candidate.path, "this is no regular file", 0);
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

// All files, sorted by path. A link whose target is found under its own name is left out.
std::vector<Candidate> candidates_of(const std::vector<std::unique_ptr<Folder>>& folders) {
  std::vector<Candidate> candidates;
  bool links = false;
  for (const auto& folder : folders) {
    const std::string prefix = (folder->path / "").string();
    for (const FileName& file : folder->files) {
      candidates.push_back({folder.get(), &file, prefix + file.name});
      links = links || !file.target.empty();
    }
  }
  std::sort(candidates.begin(), candidates.end(),
            [](const Candidate& a, const Candidate& b) { return a.path < b.path; });
  if (!links) return candidates;
  std::set<std::string> real;
  for (const Candidate& candidate : candidates) {
    if (candidate.file->target.empty()) {
      real.insert(candidate.folder->real + '/' + candidate.file->name);
    }
  }
  const auto is_double = [&](const Candidate& candidate) {
    return !candidate.file->target.empty() && !real.insert(candidate.file->target).second;
  };
  candidates.erase(std::remove_if(candidates.begin(), candidates.end(), is_double),
                   candidates.end());
  return candidates;
}

// The state of a regular file; nothing when it is none, which reading it will say.
std::optional<FileState> find_state(const Candidate& candidate) {
  const FileName& file = *candidate.file;
  const char* name = file.target.empty() ? file.name.c_str() : file.target.c_str();
  struct stat status {};
  const int folder = candidate.folder->descriptor.get();
  if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode)) {
    return std::nullopt;
  }
  return state_of(status);
}

std::string real_path_of(const Candidate& candidate) {
  const FileName& file = *candidate.file;
  return file.target.empty() ? candidate.folder->real + '/' + file.name : file.target;
}

// The headers of all files of a listing, from the files and from what is known of them.
class HeaderReading {
 public:
  HeaderReading(const Listing& listing, const ScriptFormat* scripts,
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
  std::vector<RevisionSource> read(Faults* faults) {
    std::vector<Faults> faults_of(faults == nullptr ? 0 : candidates_.size());
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
    if (cache_) keep();
    if (faults == nullptr) return std::move(sources_);
    std::vector<RevisionSource> readable;
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      if (faults_of[i].empty()) readable.push_back(std::move(sources_[i]));
      faults->insert(faults->end(), faults_of[i].begin(), faults_of[i].end());
    }
    return readable;
  }

 private:
  struct Facts {
    std::optional<FileState> state = {};  // before it was read
    bool is_known = false;                // to the cache
    std::optional<Place> computed = {};   // as of a ScriptHeader
  };

  void read(std::size_t i, std::string& buffer) {
    const Candidate& candidate = candidates_[i];
    RevisionSource& source = sources_[i];
    source.path = candidate.path;
    if (cache_ && find(i)) {
      if (!candidate.file->target.empty()) read_whole(candidate, source.bytes);
      return;
    }
    Header header = read_header(candidate, scripts_, buffer, source.bytes);
    source.revision = std::move(header.revision);
    facts_[i].computed = std::move(header.computed);
  }

  bool find(std::size_t i) {
    Facts& facts = facts_[i];
    facts.state = find_state(candidates_[i]);
    if (!facts.state) return false;
    auto known = cache_->find(real_path_of(candidates_[i]), *facts.state);
    if (!known) return false;
    facts.is_known = true;
    sources_[i].revision = std::move(known->revision);
    sources_[i].revision.place.file = candidates_[i].path;
    sources_[i].hash = std::move(known->hash);
    return true;
  }

  bool may_be_kept(const Facts& facts) const {
    return facts.state && !facts.computed && cache_->is_settled(*facts.state);
  }

  // Writes down all that may be kept, if there is anything new among it.
  void keep() {
    const auto is_new = [&](const Facts& it) { return !it.is_known && may_be_kept(it); };
    if (std::none_of(facts_.begin(), facts_.end(), is_new)) return;
    for (std::size_t i = 0; i < facts_.size(); ++i) {
      if (!may_be_kept(facts_[i])) continue;
      KnownHeader header{.revision = sources_[i].revision, .hash = sources_[i].hash};
      if (!facts_[i].is_known) header.hash = revision_hash(read_revision_bytes(sources_[i]));
      cache_->add(real_path_of(candidates_[i]), *facts_[i].state, header);
    }
    cache_->write();
  }

  std::vector<Candidate> candidates_;
  const ScriptFormat* scripts_;
  std::vector<RevisionSource> sources_;
  std::vector<Facts> facts_;
  std::optional<HeaderCache> cache_ = {};
};

std::vector<RevisionSource> read_headers(const Listing& listing,
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
  Listing listing(recursive, scripts);
  for (const std::filesystem::path& folder : folders) listing.add_root(folder);
  if (pending == PendingSquash::refuse && !listing.pending.empty())
    throw interrupted_squash(listing.pending.front());
  return read_headers(listing, scripts, cache);
}

RevisionHeaders read_revision_headers_that_can_be(std::span<const std::filesystem::path> folders,
                                                  bool recursive, const ScriptFormat* scripts) {
  RevisionHeaders result;
  Listing listing(recursive, scripts, &result.faults);
  for (const std::filesystem::path& folder : folders) listing.add_root(folder);
  for (const std::filesystem::path& squash : listing.pending)
    result.faults.push_back(interrupted_squash(squash).report());
  result.sources = HeaderReading(listing, scripts, {}).read(&result.faults);
  return result;
}

std::vector<RevisionSource> read_squashed_headers(std::span<const std::filesystem::path> folders,
                                                  bool recursive) {
  Listing listing(recursive);
  for (const std::filesystem::path& folder : folders) listing.add_root(folder);
  Listing squashed(false);
  for (const std::filesystem::path& folder : listing.squashed) squashed.add_root(folder);
  return read_headers(squashed);
}

std::vector<std::filesystem::path> pending_squashes(std::span<const std::filesystem::path> folders,
                                                    bool recursive) {
  Listing listing(recursive);
  for (const std::filesystem::path& folder : folders) listing.add_root(folder);
  return std::move(listing.pending);
}

std::string read_revision_bytes(const RevisionSource& source) {
  if (!source.bytes.empty()) return source.bytes;
  // It was no link, or its bytes would be known.
  const FileDescriptor file(open(source.path.c_str(), read_flags | O_NOFOLLOW));
  if (!file) throw file_error(source.path.string(), "this file cannot be read", errno);
  std::string bytes;
  read_rest(file, bytes, max_revision_file_size, source.path.string());
  return bytes;
}

}  // namespace limbeck
