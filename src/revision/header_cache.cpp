#include "revision/header_cache.h"

#include <algorithm>
#include <ctime>
#include <fmt/format.h>
#include <sys/stat.h>

#include "base/sha256.h"
#include "base/user_cache.h"

namespace limbeck {
namespace {

constexpr std::int64_t second = 1'000'000'000;
// In a byte of a number that is not its last.
constexpr std::uint64_t more_follow = 0x80;
// No file system in use has coarser times than FAT.
constexpr std::int64_t settled_after = 2 * second;

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * second + time.tv_nsec;
}

std::int64_t now() {
  timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  return nanoseconds(time);
}

// Caches are as the program wrote them that reads them: another one may read headers differently.
std::string this_program() {
  struct stat status {};
  if (stat("/proc/self/exe", &status) != 0) return {};
  const FileState state = state_of(status);
  return fmt::format("headers 2 {} {} {} {} {}\n", state.device, state.inode, state.size,
                     state.modified, state.changed);
}

// Seven bits a byte, the lowest first: nearly all numbers are lengths of one.
void put(std::string& text, std::uint64_t number) {
  for (; number >= more_follow; number >>= 7)
    text.push_back(static_cast<char>(number | more_follow));
  text.push_back(static_cast<char>(number));
}

void put(std::string& text, std::string_view value) {
  put(text, value.size());
  text.append(value);
}

void put(std::string& text, const std::vector<std::string>& values) {
  put(text, values.size());
  for (const std::string& value : values) put(text, std::string_view(value));
}

// Takes off the text what was put there. The text is known to be whole by its hash.
class Taker {
 public:
  explicit Taker(std::string_view text) : rest_(text) {}

  bool is_at_end() const { return rest_.empty(); }
  std::uint64_t number() {
    std::uint64_t number = 0;
    for (int shift = 0;; shift += 7) {
      const std::uint64_t byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      number |= (byte & ~more_follow) << shift;
      if ((byte & more_follow) == 0) return number;
    }
  }
  std::string_view view() { return take(number()); }
  std::string string() { return std::string(view()); }
  std::vector<std::string> strings() {
    std::vector<std::string> values(number());
    for (std::string& value : values) value = string();
    return values;
  }

 private:
  std::string_view take(std::size_t size) {
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view rest_;
};

void put(std::string& text, const FileState& state) {
  put(text, state.device);
  put(text, state.inode);
  put(text, state.size);
  put(text, static_cast<std::uint64_t>(state.modified));
  put(text, static_cast<std::uint64_t>(state.changed));
}

FileState take_state(Taker& taker) {
  FileState state;
  state.device = taker.number();
  state.inode = taker.number();
  state.size = taker.number();
  state.modified = static_cast<std::int64_t>(taker.number());
  state.changed = static_cast<std::int64_t>(taker.number());
  return state;
}

void put(std::string& text, const Revision& revision) {
  for (const std::string* it : {&revision.id, &revision.message, &revision.description,
                                &revision.created, &revision.place.source_line}) {
    put(text, std::string_view(*it));
  }
  for (const auto* it : {&revision.down_revisions, &revision.depends_on, &revision.labels,
                         &revision.squashed, &revision.squashed_hashes}) {
    put(text, *it);
  }
  put(text, static_cast<std::uint64_t>(revision.place.line));
  put(text, static_cast<std::uint64_t>(revision.place.column));
}

Revision take_revision(Taker& taker) {
  Revision revision;
  for (std::string* it : {&revision.id, &revision.message, &revision.description, &revision.created,
                          &revision.place.source_line}) {
    *it = taker.string();
  }
  for (auto* it : {&revision.down_revisions, &revision.depends_on, &revision.labels,
                   &revision.squashed, &revision.squashed_hashes}) {
    *it = taker.strings();
  }
  revision.place.line = static_cast<int>(taker.number());
  revision.place.column = static_cast<int>(taker.number());
  return revision;
}

}  // namespace

FileState state_of(const struct stat& status) {
  return {.device = status.st_dev,
          .inode = status.st_ino,
          .size = static_cast<std::uint64_t>(status.st_size),
          .modified = nanoseconds(status.st_mtim),
          .changed = nanoseconds(status.st_ctim)};
}

HeaderCache::HeaderCache(const std::filesystem::path& folder, std::string_view project)
    : file_(folder / (sha256_hex(project) + ".headers")), opened_(now()) {
  read();
}

// The program that wrote it; the files, each with its path and what is known of it.
void HeaderCache::read() {
  const std::string program = this_program();
  text_ = read_checked_cache_file(file_);
  if (program.empty() || !text_.starts_with(program)) return;
  Taker taker(std::string_view(text_).substr(program.size()));
  while (!taker.is_at_end()) {
    const std::string_view path = taker.view();
    known_.push_back({path, taker.view()});
  }
  const auto by_path = [](const Entry& a, const Entry& b) { return a.path < b.path; };
  if (!std::is_sorted(known_.begin(), known_.end(), by_path))
    std::sort(known_.begin(), known_.end(), by_path);
}

const HeaderCache::Entry* HeaderCache::entry_of(std::string_view path, std::size_t guess) const {
  if (guess < known_.size() && known_[guess].path == path) return &known_[guess];
  const auto found =
      std::lower_bound(known_.begin(), known_.end(), path,
                       [](const Entry& entry, std::string_view it) { return entry.path < it; });
  return found != known_.end() && found->path == path ? &*found : nullptr;
}

std::optional<KnownHeader> HeaderCache::find(std::string_view path, const FileState& state,
                                             std::size_t guess) const {
  const Entry* entry = entry_of(path, guess);
  if (entry == nullptr) return std::nullopt;
  Taker taker(entry->record);
  if (take_state(taker) != state) return std::nullopt;
  KnownHeader header;
  header.revision = take_revision(taker);
  header.hash = taker.string();
  return header;
}

bool HeaderCache::is_settled(const FileState& state) const {
  return state.changed < opened_ - settled_after;
}

void HeaderCache::add(std::string_view path, const FileState& state, const KnownHeader& header) {
  put(added_, path);
  std::string record;
  put(record, state);
  put(record, header.revision);
  put(record, std::string_view(header.hash));
  put(added_, std::string_view(record));
}

void HeaderCache::write() noexcept {
  try {
    const std::string program = this_program();
    if (program.empty()) return;
    remove_old_cache_files(file_.parent_path(), {".headers"});
    write_checked_cache_file(file_, program + added_);
  } catch (...) {
    return;
  }
}

}  // namespace limbeck
