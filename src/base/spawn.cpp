#include "base/spawn.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <sys/wait.h>

extern char** environ;

namespace limbeck {
namespace {

// Ours, but for the names that the others set.
std::vector<char*> environment_with(std::vector<std::string>& others) {
  std::vector<char*> all;
  for (std::string& setting : others) all.push_back(setting.data());
  for (char** ours = environ; *ours != nullptr; ++ours) {
    const std::string_view setting = *ours;
    const std::string_view name = setting.substr(0, setting.find('=') + 1);
    const auto sets_it = [&](const std::string& other) { return other.starts_with(name); };
    if (std::none_of(others.begin(), others.end(), sets_it)) all.push_back(*ours);
  }
  all.push_back(nullptr);
  return all;
}

}  // namespace

int spawn(const std::vector<std::string>& command, const SpawnOptions& options, pid_t& child) {
  std::vector<std::string> arguments = command;
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  std::vector<std::string> others = options.environment;
  std::vector<char*> environment = environment_with(others);
  return posix_spawnp(&child, argv[0], &options.actions, &options.attributes, argv.data(),
                      environment.data());
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
