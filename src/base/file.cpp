#include "base/file.h"

#include <cerrno>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "base/random_id.h"
#include "base/sha256.h"

namespace limbeck {
namespace {

constexpr std::size_t megabyte = std::size_t{1024} * 1024;

void write_all(const FileDescriptor& file, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = write(file.get(), text.data(), text.size());
    if (written < 0 && errno != EINTR) throw file_error(path, "this file cannot be written", errno);
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (fsync(file.get()) != 0) throw file_error(path, "this file cannot be written", errno);
}

// Moves a finished file to its name unless one of that name is there. Returns 0 or an errno.
int move_without_overwriting(const std::string& from, const std::string& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  // A file system without that (NFS): a link never overwrites either.
  if (link(from.c_str(), to.c_str()) != 0) return errno;
  unlink(from.c_str());
  return 0;
}

// So that a name, too, outlives a power failure.
void sync_folder_of(const std::filesystem::path& file) {
  std::filesystem::path folder = file.parent_path();
  if (folder.empty()) folder = ".";
  const FileDescriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened) fsync(opened.get());
}

// Removes a temporary file unless it has been moved to its name.
struct Temporary {
  std::string path;
  bool moved = false;
  explicit Temporary(std::string name) : path(std::move(name)) {}
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    if (!moved) unlink(path.c_str());
  }
};

}  // namespace

const int read_flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

FileDescriptor::~FileDescriptor() {
  if (number_ >= 0) close(number_);
}

namespace {

std::string hint_of(int system_error) {
  if (system_error == EACCES || system_error == EPERM || system_error == EROFS)
    return "check the permissions of it and of its folder";
  switch (system_error) {
    case ENOSPC:
    case EDQUOT:
      return "make room on the disk";
    case EFBIG:
      return "files may not grow so large here: raise the limit (ulimit -f)";
    case ENOENT:
      return "make it, or correct the path";
    case ENOTDIR:
      return "a part of the path is a file and no folder: correct it";
    case EISDIR:
      return "it is a folder: name a file";
    case ENAMETOOLONG:
      return "give it a shorter name";
    case ELOOP:
      return "the symbolic link leads to itself: mend it";
    case EMFILE:
    case ENFILE:
      return "too many files are open: raise the limit (ulimit -n)";
    case EIO:
      return "check the disk and the file system";
    default:
      return {};
  }
}

constexpr const char* not_regular_hint = "it is a folder, a pipe or a device: name a file";

}  // namespace

Error file_error(const std::string& path, std::string message, int system_error, std::string hint) {
  if (hint.empty()) hint = hint_of(system_error);
  return Error(
      {.code = ExitCode::invalid_project,
       .message = std::move(message),
       .place = Place{.file = path},
       .detail = system_error == 0 ? std::string() : std::generic_category().message(system_error),
       .hint = std::move(hint)});
}

void read_rest(const FileDescriptor& file, std::string& text, std::size_t max_size,
               const std::string& path) {
  struct stat status {};
  if (fstat(file.get(), &status) != 0) throw file_error(path, "this file cannot be read", errno);
  if (!S_ISREG(status.st_mode))
    throw file_error(path, "this is no regular file", 0, not_regular_hint);
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > max_size) {
    throw file_error(path, "this file is too large", 0,
                     "the limit is " + std::to_string(max_size / megabyte) + " MiB");
  }
  std::size_t used = text.size();
  text.resize(size + 1);  // one more byte than expected, to see the end of the file
  for (;;) {
    if (used == text.size()) {  // the file has grown
      if (used > max_size)
        throw file_error(path, "this file is too large", 0, "it grows while it is read");
      text.resize(used + used / 2 + 4096);
    }
    const ssize_t got = read(file.get(), text.data() + used, text.size() - used);
    if (got < 0 && errno != EINTR) throw file_error(path, "this file cannot be read", errno);
    if (got == 0) break;
    if (got > 0) used += static_cast<std::size_t>(got);
  }
  text.resize(used);
}

bool is_file(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

std::string read_file(const std::filesystem::path& path, std::size_t max_size) {
  const FileDescriptor file(open(path.c_str(), read_flags));
  if (!file) throw file_error(path.string(), "this file cannot be read", errno);
  std::string text;
  read_rest(file, text, max_size, path.string());
  return text;
}

void write_new_file(const std::filesystem::path& path, std::string_view text) {
  const std::string name = path.string();
  std::filesystem::path folder = path.parent_path();
  if (folder.empty()) folder = ".";
  // A name with a leading dot: nobody takes the unfinished file for a revision.
  Temporary temporary((folder / (".limbeck-" + random_hex(16) + ".tmp")).string());
  {
    const FileDescriptor file(
        open(temporary.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!file) throw file_error(name, "this file cannot be written", errno);
    write_all(file, text, name);
  }
  if (const int error = move_without_overwriting(temporary.path, name); error != 0) {
    if (error == EEXIST) {
      Error fault = file_error(name, "a file of this name is there already", 0,
                               "name another one, or move that one away");
      fault.report().state = "it stays as it is, and nothing was written";
      throw fault;
    }
    throw file_error(name, "this file cannot be written", error);
  }
  temporary.moved = true;
  sync_folder_of(path);
}

std::string sha256_of_file(const std::filesystem::path& path) {
  const FileDescriptor file(open(path.c_str(), read_flags));
  struct stat facts {};
  if (!file || fstat(file.get(), &facts) != 0)
    throw file_error(path.string(), "this file cannot be read", errno);
  if (!S_ISREG(facts.st_mode))
    throw file_error(path.string(), "this is no regular file", 0, not_regular_hint);
  const auto size = static_cast<std::size_t>(facts.st_size);
  if (size == 0) return sha256_hex({});
  void* bytes = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (bytes == MAP_FAILED) throw file_error(path.string(), "this file cannot be read", errno);
  madvise(bytes, size, MADV_SEQUENTIAL);
  std::string hash = sha256_hex({static_cast<const char*>(bytes), size});
  munmap(bytes, size);
  return hash;
}

void move_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (const int error = move_without_overwriting(from.string(), to.string()); error != 0) {
    if (error == EEXIST) {
      Error fault = file_error(to.string(), "a file of this name is there already", 0,
                               "move it away, and run the command again");
      fault.report().state = from.string() + " stays where it is";
      throw fault;
    }
    throw file_error(from.string(), "this file cannot be moved to " + to.string(), error);
  }
  sync_folder_of(to);
  sync_folder_of(from);
}

}  // namespace limbeck
