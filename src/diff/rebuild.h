// The tables that can only be changed by building them anew, and the operations that do it.
//
// It decides nothing itself: SchemaDialect::needs_rebuild says whether a table's differences can be
// made in place. On a database whose ALTER TABLE can do everything there are none.
//
// How the engine uses it: the objects in RebuildTable::from are taken out of the old schema and
// those in RebuildTable::to out of the new one; what is left is compared as ever. In the graph the
// operation is one node, which destroys the ids that only `from` has and makes those that only `to`
// has; the table itself, and every part on both sides, stands all the time.
#pragma once

#include <vector>

#include "dialect/schema_dialect.h"
#include "operation/operation.h"
#include "schema/schema.h"

namespace limbeck {

// In the order of the tables' names. A table is the same on both sides when the ids are equal, or
// when the database takes its two names for one (Users and users on SQLite: equal
// occupied_names()). Declared renames have been applied to `from` already.
std::vector<RebuildTable> table_rebuilds(const Schema& from, const Schema& to,
                                         const SchemaDialect& dialect);

}  // namespace limbeck
