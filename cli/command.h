// A command of the program, as plain data: the parser, the help, the man page, the shell completion
// and docs/commands.md are all made from it.
//
// Adding a command is one file in cli/commands/ and one row in cli/commands.cpp.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "limbeck/exit_code.h"

namespace limbeck::cli {

class Arguments;
class Session;

// What a shell offers to complete a value with.
enum class Completion { nothing, revision, file, folder, shell, color, command };

struct OptionSpec {
  std::string_view name = {};        // "--head"
  std::string_view short_name = {};  // "-m", or empty
  std::string_view value = {};  // what stands for the value in the help: "REV"; empty: a switch
  std::string_view help = {};
  bool repeatable = false;
  bool may_have_value = false;  // a switch that takes one behind "=" alone
  Completion completion = Completion::nothing;
};

struct PositionalSpec {
  std::string_view name = {};  // "REV"
  std::string_view help = {};
  int least = 1;
  int most = 1;  // many: any number
  Completion completion = Completion::nothing;
};
inline constexpr int many = -1;

struct Example {
  std::string_view command = {};
  std::string_view meaning = {};
};

struct CommandSpec {
  std::string_view name = {};
  std::string_view summary = {};      // one line, without a full stop
  std::string_view description = {};  // paragraphs, separated by an empty line
  std::vector<PositionalSpec> positionals = {};
  std::vector<OptionSpec> options = {};
  std::vector<Example> examples = {};
  ExitCode (*run)(Session&, const Arguments&) = nullptr;
  std::string_view alias = {};
  bool hidden = false;
  bool text_only = false;        // --json is refused: there is nothing that a program could read
  bool for_each_engine = false;  // of an Alembic project with several, when none is named
};

// Every command, in the order of the help.
std::span<const CommandSpec> commands();
// Those of every command: -c/--config, --url, --json, ...
std::span<const OptionSpec> global_options();
// By its name or alias; nullptr when there is none.
const CommandSpec* find_command(std::string_view name);

}  // namespace limbeck::cli
