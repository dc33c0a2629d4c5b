#include "base/process.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fmt/format.h>
#include <optional>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace limbeck {

namespace {

constexpr auto look_every = std::chrono::milliseconds(10);
constexpr auto patience = std::chrono::seconds(5);

// Returns when the child has ended, or is going to.
void end_when_interrupted(pid_t child, const std::atomic<bool>& interrupt) {
  std::optional<std::chrono::steady_clock::time_point> asked;
  siginfo_t ended{};
  while (waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         ended.si_pid == 0) {
    if (!asked && interrupt) {
      kill(child, SIGTERM);
      asked = std::chrono::steady_clock::now();
    }
    if (asked && std::chrono::steady_clock::now() > *asked + patience) {
      kill(child, SIGKILL);
      return;
    }
    std::this_thread::sleep_for(look_every);
  }
}

}  // namespace

std::string describe(const ProcessResult& result) {
  if (!result.error.empty()) return "it could not be started: " + result.error;
  if (result.signal != 0) return fmt::format("it was killed by signal {}", result.signal);
  return fmt::format("it ended with exit code {}", result.exit_code);
}

ProcessResult run_process(const std::vector<std::string>& command, ProcessOutput output,
                          const std::string& folder, const std::atomic<bool>* interrupt) {
  std::vector<std::string> arguments = command;
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (output == ProcessOutput::to_standard_error) {
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  }
  if (!folder.empty()) posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  pid_t child = 0;
  const int error = posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return {.error = std::strerror(error)};

  if (interrupt != nullptr) end_when_interrupted(child, *interrupt);
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return {.error = std::strerror(errno)};
  }
  if (WIFSIGNALED(status)) return {.signal = WTERMSIG(status)};
  return {.exit_code = WEXITSTATUS(status)};
}

}  // namespace limbeck
