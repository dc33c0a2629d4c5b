// The help: made from the table of commands.
#pragma once

#include <string>

#include "base/terminal.h"
#include "cli/command.h"

namespace limbeck::cli {

// "limbeck upgrade [OPTIONS] [REV]"
std::string usage_line(const CommandSpec& spec);
// "-m, --message TEXT"
std::string option_heading(const OptionSpec& option);

// All commands, one line each.
std::string overview(const Painter& paint);
std::string command_help(const CommandSpec& spec, const Painter& paint);
// docs/commands.md: every command with its options, as Markdown.
std::string markdown_reference();

}  // namespace limbeck::cli
