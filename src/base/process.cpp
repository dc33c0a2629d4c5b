#include "base/process.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace limbeck {

std::string describe(const ProcessResult& result) {
  if (!result.error.empty()) return "it could not be started: " + result.error;
  if (result.signal != 0) return fmt::format("it was killed by signal {}", result.signal);
  return fmt::format("it ended with exit code {}", result.exit_code);
}

ProcessResult run_process(const std::vector<std::string>& command, ProcessOutput output,
                          const std::string& folder) {
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

  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return {.error = std::strerror(errno)};
  }
  if (WIFSIGNALED(status)) return {.signal = WTERMSIG(status)};
  return {.exit_code = WEXITSTATUS(status)};
}

}  // namespace limbeck
