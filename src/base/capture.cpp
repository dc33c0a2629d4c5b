#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base/file.h"
#include "base/process.h"
#include "base/spawn.h"

namespace limbeck {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kept_errors = std::size_t{16} * 1024;
constexpr int poll_ms = 50;   // how soon an interruption is seen
constexpr int ending_ms = 2;  // how soon it is seen that a program which has closed all has ended

struct Pipe {
  FileDescriptor read = {};
  FileDescriptor write = {};
};

bool open_pipe(Pipe& it) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  it.read = FileDescriptor(ends[0]);
  it.write = FileDescriptor(ends[1]);
  return true;
}

// Reads what is there; false at the end.
bool drain(const FileDescriptor& from, std::string& into) {
  std::array<char, 65536> buffer;
  const ssize_t got = ::read(from.get(), buffer.data(), buffer.size());
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  into.append(buffer.data(), static_cast<std::size_t>(got));
  return got > 0;
}

// Takes what the program writes until it has closed both ends and ended, or a limit is reached.
Captured::End collect(pid_t child, const FileDescriptor& output, const FileDescriptor& errors,
                      const CaptureLimits& limits, Captured& captured) {
  const auto deadline = Clock::now() + std::chrono::milliseconds(limits.timeout_ms);
  std::array<pollfd, 2> open{pollfd{output.get(), POLLIN, 0}, pollfd{errors.get(), POLLIN, 0}};
  for (;;) {
    const bool closed = open[0].fd < 0 && open[1].fd < 0;
    if (closed && has_ended(child)) return Captured::End::by_itself;
    if (limits.interrupt != nullptr && limits.interrupt->load()) return Captured::End::interrupted;
    if (limits.timeout_ms > 0 && Clock::now() >= deadline) return Captured::End::timed_out;
    if (poll(open.data(), open.size(), closed ? ending_ms : poll_ms) <= 0) continue;
    if (open[0].revents != 0 && !drain(output, captured.output)) open[0].fd = -1;
    if (limits.take && !captured.output.empty()) {
      limits.take(captured.output);
      captured.output.clear();
    }
    if (open[1].revents != 0 && !drain(errors, captured.errors)) open[1].fd = -1;
    if (limits.max_output > 0 && captured.output.size() > limits.max_output)
      return Captured::End::too_large;
    if (captured.errors.size() > 2 * kept_errors)
      captured.errors.erase(0, captured.errors.size() - kept_errors);
  }
}

}  // namespace

Captured capture_process(const std::vector<std::string>& command, const CaptureLimits& limits,
                         const std::string& folder, const std::vector<std::string>& environment,
                         std::span<const int> kept_open) {
  Captured captured;
  Pipe output;
  Pipe errors;
  if (!open_pipe(output) || !open_pipe(errors)) {
    captured.result.error = std::strerror(errno);
    return captured;
  }
  SpawnOptions options;
  posix_spawn_file_actions_adddup2(&options.actions, output.write.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&options.actions, errors.write.get(), STDERR_FILENO);
  if (!folder.empty()) posix_spawn_file_actions_addchdir_np(&options.actions, folder.c_str());
  options.environment = environment;
  // Onto itself: that takes away that it is closed there.
  for (const int number : kept_open)
    posix_spawn_file_actions_adddup2(&options.actions, number, number);
  pid_t child = 0;
  if (const int error = spawn(command, options, child); error != 0) {
    captured.result.error = std::strerror(error);
    return captured;
  }
  output.write = FileDescriptor();
  errors.write = FileDescriptor();
  try {
    captured.end = collect(child, output.read, errors.read, limits, captured);
  } catch (...) {
    kill(-child, SIGKILL);
    wait_for(child, captured.result);
    throw;
  }
  if (captured.end != Captured::End::by_itself) kill(-child, SIGKILL);
  wait_for(child, captured.result);
  if (captured.errors.size() > kept_errors)
    captured.errors.erase(0, captured.errors.size() - kept_errors);
  return captured;
}

pid_t start_process(const std::vector<std::string>& command, const std::string& output_file) {
  SpawnOptions options;
  posix_spawn_file_actions_addopen(&options.actions, STDOUT_FILENO, output_file.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&options.actions, STDOUT_FILENO, STDERR_FILENO);
  pid_t child = 0;
  return spawn(command, options, child) == 0 ? child : 0;
}

}  // namespace limbeck
