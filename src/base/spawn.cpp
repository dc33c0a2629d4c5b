#include "base/spawn.h"

#include <cerrno>
#include <cstring>
#include <sys/wait.h>

extern char** environ;

namespace limbeck {

int spawn(const std::vector<std::string>& command, const SpawnOptions& options, pid_t& child) {
  std::vector<std::string> arguments = command;
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  return posix_spawnp(&child, argv[0], &options.actions, &options.attributes, argv.data(), environ);
}

void wait_for(pid_t child, ProcessResult& result) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno == EINTR) continue;
    result.error = std::strerror(errno);
    return;
  }
  if (WIFSIGNALED(status))
    result.signal = WTERMSIG(status);
  else
    result.exit_code = WEXITSTATUS(status);
}

bool has_ended(pid_t child) {
  siginfo_t info{};
  const int done = waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT);
  return done != 0 || info.si_pid != 0;
}

}  // namespace limbeck
