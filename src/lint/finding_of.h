// Makes a finding of what a rule has hit: its place, its lock, how long others wait, and what is
// known of the table's size.
#pragma once

#include <string>

#include "dialect/live_facts.h"
#include "lint/rule.h"
#include "revision/revision_file.h"

namespace limbeck {

// What a hit is about.
struct HitContext {
  const RevisionFile& file;
  const std::string& revision;                // its id
  const Effect* effect = nullptr;             // null: of the statement, or of the whole revision
  const sql::Statement* statement = nullptr;  // null: the hit says its place
  bool schema_is_known = true;
  const LiveFacts* live = nullptr;
};

Finding finding_of(const LintRule& rule, Severity severity, Hit hit, const HitContext& context);

// Of a byte of the statement.
Place place_in(const RevisionFile& file, const sql::Statement& statement, std::size_t offset);

// How long others wait for it.
Duration duration_of(const TableImpact& impact);

}  // namespace limbeck
