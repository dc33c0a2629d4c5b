// The schemas of an audit held against each other: what is declared against what the revisions
// build and what the database has, declarations of one table against each other, and the database
// against the revisions.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "audit/declared.h"
#include "audit/memory_replay.h"
#include "audit/schema_difference.h"

namespace limbeck {

// How a declaration differs from what there is.
struct DeclaredDifference {
  SchemaDifference difference = {};       // expected: as it is declared
  std::optional<std::size_t> claim = {};  // among the claims; nothing: of no declared table
  bool in_database = false;               // found there; else in what the revisions build
};

struct AuditComparison {
  std::vector<DeclaredDifference> declared = {};
  std::map<RelationName, std::vector<SchemaDifference>> rivals = {};
  std::vector<SchemaDifference> drift = {};  // expected: as the revisions build it
};

// database: nothing when it was not read.
AuditComparison compare_all(const std::optional<DeclaredFacts>& declared,
                            const MemoryReplay& replay, const SchemaFacts* database);

bool has_table(const SchemaFacts& facts, const RelationName& table);

}  // namespace limbeck
