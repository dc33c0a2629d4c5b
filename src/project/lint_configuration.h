// What limbeck.toml says about lint: its table [lint].
//
// It knows no rule: names and severities are checked by who reads them.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "limbeck/error.h"

#include "project/project.h"

namespace limbeck {

struct LintConfiguration {
  std::map<std::string, std::string> severities = {};  // by the rule's name
  std::string fail_on = {};                            // empty: not said
  std::filesystem::path baseline = {};                 // absolute; empty: none
  bool show = true;  // by commands that are about to run or write revisions
  Place place = {};  // of the table
};

// Throws Error (ExitCode::invalid_project) at its place for an unknown key or a value of another
// type.
LintConfiguration read_lint_configuration(const Project& project);

}  // namespace limbeck
