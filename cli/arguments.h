// The command line, taken apart by the table of commands.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace limbeck::cli {

class Arguments {
 public:
  const CommandSpec* command = nullptr;  // nullptr: none was given
  bool help = false;
  bool version = false;

  // Whether the option was given.
  bool has(std::string_view option) const { return values_.find(option) != values_.end(); }
  // Its value; empty when it was not given.
  std::string value(std::string_view option) const;
  // All its values, or those of a positional argument.
  std::vector<std::string> values(std::string_view name) const;

  void set(std::string_view name, std::vector<std::string> values);

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

// arguments: without the program's name. Throws Error (ExitCode::usage), with what was meant where
// that can be guessed.
Arguments parse_arguments(std::span<const std::string> arguments);

}  // namespace limbeck::cli
