#include "cli/confirm.h"

#include <cstdlib>
#include <fmt/format.h>
#include <iostream>
#include <unistd.h>

#include "limbeck/error.h"

#include "base/terminal.h"

namespace limbeck::cli {

bool confirmed(const std::string& question, const std::string& nobody_here) {
  if (!is_terminal(STDIN_FILENO)) {
    throw Error({.code = ExitCode::usage,
                 .message = nobody_here + ", and nobody is here to be asked",
                 .state = "nothing was changed",
                 .hint = "--yes does it without asking"});
  }
  std::cerr << question << " [y/N] ";
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

bool somebody_is_here() {
  const char* robot = std::getenv("CI");
  return is_terminal(STDIN_FILENO) && is_terminal(STDERR_FILENO) &&
         (robot == nullptr || *robot == '\0');
}

bool typed_yes(const std::string& question) {
  std::cerr << question << " Type yes to go on: ";
  std::string answer;
  if (!std::getline(std::cin, answer)) std::cerr << '\n';  // the end of the input, or Ctrl-C
  return answer == "yes";
}

}  // namespace limbeck::cli
