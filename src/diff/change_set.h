// Which objects are to be dropped, created, altered or given another type: the differences
// themselves, and what has to go and come back because it stands on something that does.
//
// It never orders anything.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "dialect/schema_dialect.h"
#include "operation/operation.h"
#include "schema/schema.h"

namespace limbeck {

struct ChangeSet {
  std::set<ObjectId> drops = {};    // of the old schema; a replaced object is in both sets
  std::set<ObjectId> creates = {};  // of the new schema
  std::map<ObjectId, Alter> alters = {};
  std::vector<ReplaceTypes> retypes = {};
};

// What is not compared, of either schema: the tables that are built anew.
struct Apart {
  std::set<ObjectId> from = {};
  std::set<ObjectId> to = {};
};

ChangeSet change_set(const Schema& from, const Schema& to, const SchemaDialect& dialect,
                     const Apart& apart);

}  // namespace limbeck
