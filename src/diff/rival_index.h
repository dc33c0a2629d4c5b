// Indexes of a partition of which the server might take the wrong one.
//
// A table that is attached gives each index of the whole table one of its own that is like it: the
// oldest. Others that are like it must not be there at that moment.
#pragma once

#include <vector>

#include "diff/dependents.h"
#include "schema/schema.h"

namespace limbeck {

// The indexes and keys of the table that belong to no index of the whole table, and are like one
// that does.
std::vector<ObjectId> rival_indexes(const ObjectId& table, const Schema& schema,
                                    const Dependents& dependents);

}  // namespace limbeck
