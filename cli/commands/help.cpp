#include "cli/help.h"

#include <fmt/format.h>

#include "limbeck/error.h"

#include "base/edit_distance.h"
#include "cli/commands.h"
#include "cli/session.h"

namespace limbeck::cli {
namespace {

ExitCode run_help(Session& session, const Arguments& arguments) {
  if (arguments.has("--markdown")) {
    Session::print(markdown_reference());
    return ExitCode::ok;
  }
  const std::string name = arguments.value("COMMAND");
  if (name.empty()) {
    Session::print(overview(session.paint()));
    return ExitCode::ok;
  }
  if (const CommandSpec* spec = find_command(name)) {
    Session::print(command_help(*spec, session.paint()));
    return ExitCode::ok;
  }
  std::vector<std::string_view> known;
  for (const CommandSpec& spec : commands()) {
    if (!spec.hidden) known.push_back(spec.name);
  }
  std::string hint = did_you_mean(closest_names(name, known));
  if (hint.empty()) hint = "\"limbeck help\" lists the commands";
  throw Error({.code = ExitCode::usage,
               .message = fmt::format("there is no command \"{}\"", name),
               .hint = std::move(hint)});
}

}  // namespace

CommandSpec help_command() {
  return {
      .name = "help",
      .summary = "Print the help",
      .positionals = {{.name = "COMMAND",
                       .help = "of this command",
                       .least = 0,
                       .completion = Completion::command}},
      .options = {{.name = "--markdown", .help = "every command, as in docs/commands.md"}},
      .run = run_help,
      .text_only = true,
  };
}

}  // namespace limbeck::cli
