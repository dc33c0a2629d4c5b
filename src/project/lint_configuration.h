// What limbeck.toml says about lint: its table [lint].
//
// It knows no rule: names and severities are checked by who uses them.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "limbeck/error.h"

namespace limbeck {

struct LintConfiguration {
  std::map<std::string, std::string> severities = {};  // by the rule's name
  std::map<std::string, std::string> names = {};       // patterns by what they are of: "ix"
  std::string fail_on = {};                            // empty: not said
  std::filesystem::path baseline = {};                 // absolute; empty: none
  bool show = true;  // by commands that are about to run or write revisions
  Place place = {};  // of the table
};

}  // namespace limbeck
