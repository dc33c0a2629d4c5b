#include "cli/confirm.h"

#include <cstdlib>
#include <fmt/format.h>
#include <iostream>
#include <poll.h>
#include <unistd.h>

#include "limbeck/error.h"

#include "base/terminal.h"

namespace limbeck::cli {
namespace {

// A signal that comes just before a read would not end it, so the read waits for something to read.
void wait_for_input(const std::atomic<bool>& interrupt) {
  constexpr int poll_ms = 50;
  pollfd input{STDIN_FILENO, POLLIN, 0};
  while (!interrupt.load())
    if (poll(&input, 1, poll_ms) > 0) return;
  std::cerr << '\n';
  throw Interrupted({.code = ExitCode::interrupted,
                     .message = "interrupted at a question",
                     .state = "nothing was changed"},
                    {});
}

// Empty at the end of the input, too.
std::string answer_to(const std::string& question, const std::atomic<bool>& interrupt) {
  std::cerr << question;
  wait_for_input(interrupt);
  std::string answer;
  if (!std::getline(std::cin, answer)) std::cerr << '\n';
  return answer;
}

}  // namespace

bool confirmed(const std::string& question, const std::string& nobody_here,
               const std::atomic<bool>& interrupt) {
  if (!is_terminal(STDIN_FILENO)) {
    throw Error({.code = ExitCode::usage,
                 .message = nobody_here + ", and nobody is here to be asked",
                 .state = "nothing was changed",
                 .hint = "--yes does it without asking"});
  }
  const std::string answer = answer_to(question + " [y/N] ", interrupt);
  return answer == "y" || answer == "Y" || answer == "yes";
}

bool somebody_is_here() {
  const char* robot = std::getenv("CI");
  return is_terminal(STDIN_FILENO) && is_terminal(STDERR_FILENO) &&
         (robot == nullptr || *robot == '\0');
}

bool typed_yes(const std::string& question, const std::atomic<bool>& interrupt) {
  return answer_to(question + " Type yes to go on: ", interrupt) == "yes";
}

}  // namespace limbeck::cli
