// Files: read whole, and written new.
//
// It never follows what is no regular file (a FIFO would block, a device never ends), and never
// overwrites. Errors are Error with ExitCode::invalid_project, the path as their place and the
// system's reason as their detail.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "limbeck/error.h"

namespace limbeck {

// Owns an open file.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int number) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~FileDescriptor();

  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

// An error about a file. system_error: the errno that is the reason, 0 for none.
Error file_error(const std::string& path, std::string message, int system_error,
                 std::string hint = {});

// The flags with which a file is opened to be read: it never blocks and never becomes the
// controlling terminal.
extern const int read_flags;

// Reads the rest of an open file behind what is already in text. path: for errors. Throws when it
// is no regular file, larger than max_size (text included), or cannot be read.
void read_rest(const FileDescriptor& file, std::string& text, std::size_t max_size,
               const std::string& path);

// Whether it is there, a file or a link to one; no error is one.
bool is_file(const std::filesystem::path& path);

// The whole file. Throws as read_rest, and when it is not there.
std::string read_file(const std::filesystem::path& path, std::size_t max_size);

// Writes a file that is not there yet: after a crash at any moment it is there whole, or not at
// all. Throws when a file of that name is there (it stays as it is), or when it cannot be written.
void write_new_file(const std::filesystem::path& path, std::string_view text);

// The SHA-256 of a file, however large: 64 hexadecimal digits. Throws when it cannot be read.
std::string sha256_of_file(const std::filesystem::path& path);

// Moves a file within a file system; what is there stays. The move outlives a power failure. Throws
// when a file of the new name is there, or when it cannot be moved.
void move_file(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace limbeck
