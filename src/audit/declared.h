// What a project declares beside its revisions: SQL, models, snapshots, also where two of them
// declare one table in two ways.
//
// "limbeck check" refuses two declarations of one table; an audit compares each of them. Nothing
// is run in a database that a user named.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/schema_facts.h"
#include "source/compare.h"

namespace limbeck {

// A table that somebody declares.
struct Claim {
  RelationName table = {};
  std::string set = {};          // of models; empty: SQL
  std::string struct_name = {};  // of models
  Place place = {};              // of the struct, or of the statement
  std::size_t version = 0;       // in which of `versions` it stands as it is declared here
};

struct DeclaredFacts {
  // The first one has the first declaration of each table; the others the second, third, ... of
  // those that have so many.
  std::vector<SchemaFacts> versions = {};
  std::vector<Claim> claims = {};        // in the order of the declarations; none for a snapshot
  std::vector<std::string> faults = {};  // why a later version could not be read
};

// For an empty list of sources: nothing. Throws what read_source and load_schema throw; a table
// that is declared twice is no fault here.
std::optional<DeclaredFacts> read_declared(const Sources& sources, const std::string& dialect,
                                           const LoadContext& context);

}  // namespace limbeck
