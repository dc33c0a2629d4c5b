// What earlier statements of a revision, and of its transaction, did: the rules ask about it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dialect/effect.h"
#include "plan/step.h"

namespace limbeck {

struct RevisionPast {
  std::set<RelationName> created = {};  // tables: nobody else uses them yet
  std::set<std::pair<RelationName, std::string>> new_columns = {};
  std::map<RelationName, std::set<std::vector<std::string>>> dropped_indexes = {};
  std::map<RelationName, int> alters = {};
  std::vector<Effect> foreign_keys = {};  // that were added, with their place in `places`
  std::vector<Place> foreign_key_places = {};

  // Of the transaction that is open.
  std::set<std::pair<RelationName, std::string>> not_valid = {};
  std::set<std::pair<RelationName, std::string>> new_labels = {};  // of an enum
  std::map<RelationName, TableImpact> held = {};  // locks on tables that are not new

  // Of the session, in milliseconds; nothing: as the runner sets it.
  std::optional<int> lock_timeout = {};
  std::optional<int> statement_timeout = {};

  void begin_transaction() {
    not_valid.clear();
    new_labels.clear();
    held.clear();
  }
};

// Whether the ALTER TABLE could be one with another: not a rename or a partition, which stand
// alone, and none of the steps that a lock is kept short with.
bool can_be_joined(const StatementEffects& effects);

// The names that tables get in a revision after one of that name was dropped or renamed: it is made
// anew.
// fold: as TokenReader has it.
std::set<RelationName> replaced_tables(const std::vector<Step>& steps, bool fold);

// The new columns that the effect makes code write that does not know them.
std::vector<std::string> new_columns_wanted(const RevisionPast& past, const Effect& effect);

// Before the rules are asked about a statement: the tables that it makes. schema: before it.
void note_created(RevisionPast& past, const StatementEffects& effects, const Schema* schema);

using PlaceOfOffset = std::function<Place(std::size_t offset)>;
// After they were asked. place_of: of a byte of the statement.
void note_effects(RevisionPast& past, const StatementEffects& effects,
                  const sql::Statement& statement, const Step& step, const PlaceOfOffset& place_of);

}  // namespace limbeck
