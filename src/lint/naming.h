// A project's convention for names, and what of it a revision does not follow.
//
// Only names that a revision makes are judged: those that are there keep what they have.
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

// What the statements of one revision make, and is still there behind the last of them: a table
// that is only a step on the way may have any name.
class NamesMade {
 public:
  // Before the reader applies the statement, and after it has. Nothing is made by one that was not
  // applied.
  void before(const StatementEffects& effects, EffectReader& reader);
  void after(const sql::Statement& statement, EffectReader& reader);

  struct Misnamed {
    Hit hit = {};
    const sql::Statement* statement = nullptr;  // that makes the name
  };
  std::vector<Misnamed> misnamed(const NamingConvention& convention, EffectReader& reader) const;

 private:
  // A table that the statement at hand changes.
  struct Table {
    bool is_new = false;
    std::set<std::string> columns = {};  // that get a name
  };
  struct Made {
    RelationName table = {};
    const sql::Statement* statement = nullptr;
  };

  void follow(const RelationName& from, const RelationName& to);

  std::map<RelationName, Table> tables_;  // by the names that they have afterwards
  std::vector<std::pair<RelationName, RelationName>> moves_;  // of the statement at hand
  std::set<ObjectId> there_;  // made by no statement of the revision
  std::map<ObjectId, Made> made_;
};

}  // namespace limbeck
