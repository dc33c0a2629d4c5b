// The run lock: a file beside the database that is locked as long as its runner lives.
//
// The operating system lets go of it when the process dies, however it dies. The file is removed
// while it is still locked; whoever had opened it in the meantime sees that it is gone and starts
// again.
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <pwd.h>
#include <sstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "base/time.h"
#include "dialect/sqlite/connection.h"
#include "dialect/sqlite/dialect.h"

namespace limbeck::sqlite {
namespace {

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&&) = delete;
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

// Whether the open file is still the one of that name.
bool is_in_place(const File& file, const std::string& path) {
  struct stat open_file {};
  struct stat named_file {};
  return fstat(file.get(), &open_file) == 0 && lstat(path.c_str(), &named_file) == 0 &&
         open_file.st_dev == named_file.st_dev && open_file.st_ino == named_file.st_ino;
}

std::string_view hint_of(int error) {
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) return "make room on the disk";
  if (error == ELOOP || error == EISDIR)
    return "something else stands in its place: move that away";
  return "the folder of a SQLite database must be writable, for the lock and for SQLite's own "
         "journal";
}

[[noreturn]] void refuse(const std::string& path, int error) {
  throw Error(
      {.code = ExitCode::failed_rolled_back,  // nobody holds it: to wait would not help
       .message = fmt::format("cannot use the lock file {}: {}", path, std::strerror(error)),
       .state = "nothing was changed",
       .hint = std::string(hint_of(error))});
}

// One line each: process, user, host, time.
std::string own_lines() {
  const passwd* user = getpwuid(geteuid());
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  return fmt::format("{}\n{}\n{}\n{}\n", getpid(), user != nullptr ? user->pw_name : "",
                     host.data(), iso8601(std::chrono::system_clock::now()));
}

LockHolder holder_in(const File& file) {
  std::array<char, 1024> bytes{};
  ssize_t size = 0;
  // Its holder may be about to write into it.
  for (int i = 0; i < 5 && size <= 0; ++i) {
    if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds{5});
    size = pread(file.get(), bytes.data(), bytes.size(), 0);
  }
  std::string_view text(bytes.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  const auto line = [&] {
    const std::string_view found = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(found.size() + 1, text.size()));
    return std::string(found);
  };
  LockHolder holder;
  holder.pid = integer_of(line());
  holder.user = line();
  holder.host = line();
  holder.since = line();
  return holder;
}

class FileLock final : public RunLock {
 public:
  FileLock(File file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}
  ~FileLock() override {
    // Only our own: someone may have removed the file by hand and another runner may hold a new
    // one.
    if (is_in_place(file_, path_)) unlink(path_.c_str());
  }
  bool held() override { return is_in_place(file_, path_); }

  // Who holds it, for others to read; 0, or why that cannot be written.
  int write(const std::string& lines) const {
    if (ftruncate(file_.get(), 0) != 0) return errno;
    const ssize_t written = pwrite(file_.get(), lines.data(), lines.size(), 0);
    if (written < 0) return errno;
    return static_cast<std::size_t>(written) == lines.size() ? 0 : ENOSPC;
  }

 private:
  File file_;
  std::string path_;
};

// A database in memory belongs to one connection alone.
class NoLock final : public RunLock {
 public:
  bool held() override { return true; }
};

std::string lock_path(const std::string& database) {
  return database + "-limbeck.lock";
}

// Whether the process has locked the file, as the system's list says: to try for the lock would
// make another's try fail. A line is "1: FLOCK  ADVISORY  WRITE 4711 fe:00:1234 0 EOF". The device
// is not looked at: some file systems show another one than stat does.
bool is_locked_by(std::int64_t pid, std::uint64_t inode) {
  std::ifstream list("/proc/locks");
  const std::string number = fmt::format(":{}", inode);
  for (std::string line; std::getline(list, line);) {
    std::istringstream words(line);
    std::string position;
    std::string kind;
    std::string manner;
    std::string access;
    std::int64_t holder = 0;
    std::string file;
    words >> position >> kind >> manner >> access >> holder >> file;
    if (words && kind == "FLOCK" && holder == pid && file.ends_with(number)) return true;
  }
  return false;
}

}  // namespace

std::optional<LockHolder> lock_holder(Connection& connection) {
  const std::string database = static_cast<SqliteConnection&>(connection).file();
  if (database.empty()) return std::nullopt;
  const File file(::open(lock_path(database).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat status {};
  if (file.get() < 0 || fstat(file.get(), &status) != 0) return std::nullopt;
  LockHolder holder = holder_in(file);
  if (!is_locked_by(holder.pid, status.st_ino)) return std::nullopt;
  return holder;
}

LockAttempt try_lock(Connection& connection, const DatabaseUrl& url) {
  std::string database = static_cast<SqliteConnection&>(connection).file();
  if (database.empty() && !url.is_in_memory()) {
    // A damaged one is not connected to. SQLite's names are without links.
    std::error_code error;
    const auto found = std::filesystem::canonical(url.target(), error);
    database = error ? url.target() : found.string();
  }
  if (database.empty()) return std::make_unique<NoLock>();
  const std::string path = lock_path(database);
  constexpr mode_t permissions = 0666;  // less the umask, as for the database itself
  for (;;) {
    File file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, permissions));
    if (file.get() < 0) refuse(path, errno);
    if (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EINTR) continue;
      if (errno != EWOULDBLOCK) refuse(path, errno);
      return holder_in(file);
    }
    // Its last holder removed it between our open and our lock: the name is free, or another one's.
    if (!is_in_place(file, path)) continue;
    auto lock = std::make_unique<FileLock>(std::move(file), path);  // whose end removes the file
    if (const int error = lock->write(own_lines()); error != 0) refuse(path, error);
    return lock;
  }
}

}  // namespace limbeck::sqlite
