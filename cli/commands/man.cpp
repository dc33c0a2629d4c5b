#include "cli/commands.h"
#include "cli/man_page.h"
#include "cli/session.h"

namespace limbeck::cli {
namespace {

ExitCode run_man(Session&, const Arguments&) {
  Session::print(man_page());
  return ExitCode::ok;
}

}  // namespace

CommandSpec man_command() {
  return {
      .name = "man",
      .summary = "Print the man page",
      .description = "\"limbeck man | man -l -\" shows it.",
      .run = run_man,
      .text_only = true,
  };
}

}  // namespace limbeck::cli
