// A rule: a row that says what to look for, what is wrong with it, and what to write in its place.
//
// The rows stand in rules_*.cpp, by topic, and together are one table (rules()). docs/lint.md is
// made from them; each row's two examples are run as tests.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialect/effect.h"
#include "lint/finding.h"
#include "lint/past.h"
#include "plan/step.h"

namespace limbeck {

// Everything that a rule may look at.
struct Look {
  const StatementEffects& all;
  const sql::Statement& statement;
  const Step& step;
  const RevisionPast& past;
  const Schema* schema = nullptr;                    // before the statement; null for SQLite
  int version = 0;                                   // of the server, as it counts; 0: not known
  const std::set<RelationName>* replaced = nullptr;  // tables that the revision makes anew

  bool is_new(const RelationName& table) const { return past.created.count(table) != 0; }
  // Whether the effect is about a table that is there and that others may use.
  bool is_live(const Effect& effect) const {
    return !is_new(effect.table) && !effect.has(Trait::missing);
  }
  bool in_transaction() const { return step.kind == StepKind::transaction; }
  // Whether it is dropped only to be made again under its name.
  bool is_replaced(const RelationName& table) const {
    return replaced != nullptr && replaced->count(table) != 0;
  }
};

// What a rule found.
struct Hit {
  std::string message = {};
  std::string rewrite = {};         // for this statement; empty: the rule's
  std::optional<Place> place = {};  // empty: the statement's
  std::optional<std::string> object = {};
};
using Hits = std::vector<Hit>;

using EffectCheck = std::optional<Hit> (*)(const Look&, const Effect&);
using StatementCheck = Hits (*)(const Look&);
// At the end of the revision: schema is that behind it.
using RevisionCheck = Hits (*)(const RevisionPast&, const Schema&);

struct LintRule {
  std::string_view name = {};
  std::string_view dialect = {};  // empty: every one
  Severity severity = Severity::warning;
  std::string_view summary = {};  // of the rule: a heading
  std::string_view why = {};
  std::string_view rewrite = {};
  std::string_view fires = {};         // an upgrade on example_schema() that it speaks of
  std::string_view quiet = {};         // one that it does not
  std::vector<EffectKind> kinds = {};  // that of_effect is asked about
  EffectCheck of_effect = nullptr;
  StatementCheck of_statement = nullptr;
  RevisionCheck of_revision = nullptr;
  bool loses_data = false;
};

// Every rule, in the order of the documentation.
std::span<const LintRule> rules();
const LintRule* find_rule(std::string_view name);

// What stands before the examples of the rules for a dialect.
std::string_view example_schema(std::string_view dialect);

}  // namespace limbeck
