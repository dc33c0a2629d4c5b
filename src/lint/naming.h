// A project's convention for names, and what of it a statement does not follow.
//
// Only names that a statement makes are judged: those that are there keep what they have.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dialect/effect.h"
#include "lint/name_pattern.h"
#include "lint/rule.h"

namespace limbeck {

// By what limbeck.toml calls it: "table", "column", "pk", "uq", "ix", "fk", "ck", "ex".
using NamingConvention = std::map<std::string, NamePattern>;

// Throws Error (ExitCode::invalid_project) at `place` for what has no name here, and for a pattern
// with a token that is not known.
NamingConvention read_naming_convention(const std::map<std::string, std::string>& patterns,
                                        const Place& place);

// The one that the examples of the rule stand on.
std::map<std::string, std::string> example_names();

// What one statement makes.
class NamesMade {
 public:
  // Before the reader applies the statement.
  NamesMade(const StatementEffects& effects, EffectReader& reader);

  // After it has. None where the statement was not applied.
  Hits misnamed(const NamingConvention& convention, EffectReader& reader) const;

 private:
  struct Table {
    std::vector<ObjectId> before = {};  // what had a name in it
    bool is_new = false;
    std::set<std::string> columns = {};  // that get a name
  };

  std::map<RelationName, Table> tables_;  // by the names that they have afterwards
};

}  // namespace limbeck
