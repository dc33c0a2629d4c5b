#include "base/dialogue.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/spawn.h"

namespace limbeck {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int look_ms = 50;    // how soon an interruption is seen
constexpr int its_socket = 3;  // the descriptors in the program
constexpr int its_attachment = 4;
constexpr int patience_ms = 500;  // for a program whose socket is closed to end by itself

// A file in memory, to be read from its beginning. Without a number: errno says why.
FileDescriptor file_in_memory(std::string_view bytes) {
  FileDescriptor file(memfd_create("attachment", MFD_CLOEXEC));
  while (file && !bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return {};
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (file && lseek(file.get(), 0, SEEK_SET) != 0) return {};
  return file;
}

// A number above those of the program: a descriptor that is made to be its own copy would keep its
// close-on-exec flag, and one could take the place of the other.
FileDescriptor out_of_the_way(const FileDescriptor& descriptor) {
  return FileDescriptor(fcntl(descriptor.get(), F_DUPFD_CLOEXEC, its_attachment + 1));
}

}  // namespace

Dialogue::Dialogue(const std::vector<std::string>& command, const std::string& folder,
                   std::string_view attachment) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    start_error_ = std::strerror(errno);
    return;
  }
  socket_ = FileDescriptor(ends[0]);
  const FileDescriptor theirs = out_of_the_way(FileDescriptor(ends[1]));
  const FileDescriptor attached = out_of_the_way(file_in_memory(attachment));
  if (!theirs || !attached) {
    start_error_ = std::strerror(errno);
    return;
  }
  SpawnOptions options;
  posix_spawn_file_actions_adddup2(&options.actions, STDERR_FILENO, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&options.actions, theirs.get(), its_socket);
  posix_spawn_file_actions_adddup2(&options.actions, attached.get(), its_attachment);
  if (!folder.empty()) posix_spawn_file_actions_addchdir_np(&options.actions, folder.c_str());
  if (const int error = spawn(command, options, child_); error != 0) {
    child_ = 0;
    start_error_ = std::strerror(error);
  }
}

Dialogue::~Dialogue() {
  stop();
}

bool Dialogue::take_input() {
  std::array<char, 65536> buffer;
  const ssize_t got = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  input_.append(buffer.data(), static_cast<std::size_t>(got));
  closed_ = got == 0;
  return got > 0;
}

bool Dialogue::send(std::string_view bytes, const StopSignals& stop) {
  while (!bytes.empty() && child_ != 0) {
    if (stop.any()) return false;
    pollfd socket{socket_.get(), static_cast<short>(POLLOUT | (closed_ ? 0 : POLLIN)), 0};
    if (poll(&socket, 1, look_ms) <= 0) continue;
    if ((socket.revents & POLLIN) != 0 && !take_input()) return false;
    if ((socket.revents & (POLLERR | POLLNVAL)) != 0) return false;
    if ((socket.revents & POLLOUT) == 0) continue;
    const ssize_t sent =
        ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EINTR && errno != EAGAIN) return false;
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return bytes.empty();
}

Dialogue::End Dialogue::receive(std::string& line, int timeout_ms, const StopSignals& stop) {
  const auto deadline = Clock::now() + std::chrono::milliseconds(timeout_ms);
  for (;;) {
    const std::size_t end = input_.find('\n', seen_);
    if (end != std::string::npos) {
      line = input_.substr(0, end);
      input_.erase(0, end + 1);
      seen_ = 0;
      return End::line;
    }
    seen_ = input_.size();
    if (child_ == 0 || closed_) return End::ended;
    if (stop.any()) return End::interrupted;
    if (timeout_ms > 0 && Clock::now() >= deadline) return End::timed_out;
    pollfd socket{socket_.get(), POLLIN, 0};
    if (poll(&socket, 1, look_ms) <= 0) continue;
    if (!take_input()) closed_ = true;
  }
}

ProcessResult Dialogue::stop() {
  ProcessResult result{.error = start_error_};
  if (child_ == 0) return result;
  socket_ = FileDescriptor();
  for (int waited = 0; closed_ && waited < patience_ms && !has_ended(child_); ++waited)
    usleep(1000);
  if (!has_ended(child_)) kill(-child_, SIGKILL);
  wait_for(child_, result);
  child_ = 0;
  return result;
}

}  // namespace limbeck
