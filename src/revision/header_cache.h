// What the revision files of a project said of themselves when they were last read, so that a file
// that has not changed since need not be opened.
//
// It never answers for a file of which anything differs (file system, inode, size, the times of its
// content and of its status to the nanosecond), and never keeps what it says of a file that was
// touched in the last seconds, whose next change might not show in these times. It is only ever a
// shortcut: what is missing, damaged, of another version of this program or of another owner is as
// if there were nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "revision/revision.h"

struct stat;

namespace limbeck {

// What tells one state of a file from any other.
struct FileState {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t modified = 0;  // nanoseconds
  std::int64_t changed = 0;   // nanoseconds; no program can set it

  bool operator==(const FileState&) const = default;
};

FileState state_of(const struct stat& status);

struct KnownHeader {
  Revision revision = {};  // its place is without the file
  std::string hash = {};   // of the file's bytes, as RevisionFile has it; empty: not known
};

class HeaderCache {
 public:
  // folder: where caches are kept. project: what tells the caches of projects apart.
  HeaderCache(const std::filesystem::path& folder, std::string_view project);

  // path: the real one. guess: how many paths before it in order are likely to be known; it only
  // makes finding it faster. Safe to be called from several threads.
  std::optional<KnownHeader> find(std::string_view path, const FileState& state,
                                  std::size_t guess) const;

  // Whether a file that was found in this state after the cache was opened may be kept.
  bool is_settled(const FileState& state) const;
  void add(std::string_view path, const FileState& state, const KnownHeader& header);
  // Puts what was added in the place of what was known. Not being able to is no error.
  void write() noexcept;

 private:
  // What is known of a file, in text_.
  struct Entry {
    std::string_view path;
    std::string_view record;
  };

  void read();
  const Entry* entry_of(std::string_view path, std::size_t guess) const;

  std::filesystem::path file_;
  std::int64_t opened_;            // nanoseconds
  std::string text_ = {};          // of the file
  std::vector<Entry> known_ = {};  // sorted by path
  std::string added_ = {};
};

}  // namespace limbeck
