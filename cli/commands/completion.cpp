#include "cli/completion.h"

#include <fmt/format.h>

#include "limbeck/error.h"

#include "cli/commands.h"
#include "cli/session.h"

namespace limbeck::cli {
namespace {

ExitCode run_completion(Session&, const Arguments& arguments) {
  const std::string shell = arguments.value("SHELL");
  const auto script = completion_script(shell);
  if (!script) {
    throw Error({.code = ExitCode::usage,
                 .message = fmt::format("there is no completion for \"{}\"", shell),
                 .hint = "bash, zsh and fish are known"});
  }
  Session::print(*script);
  return ExitCode::ok;
}

}  // namespace

CommandSpec completion_command() {
  return {
      .name = "completion",
      .summary = "Print the completion script of a shell",
      .description = "It completes commands, options, revision ids and labels.",
      .positionals = {{.name = "SHELL",
                       .help = "bash, zsh or fish",
                       .completion = Completion::shell}},
      .examples = {{"source <(limbeck completion bash)", "for this shell"}},
      .run = run_completion,
      .text_only = true,
  };
}

}  // namespace limbeck::cli
