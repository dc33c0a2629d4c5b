// The first rows of tables that refer to each other in a circle, or of one that refers to itself,
// with keys that may not be NULL: made together, and checked together where the database allows it.
#pragma once

#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "dialect/scratch.h"
#include "schema/schema.h"
#include "verify/table_plan.h"

namespace limbeck {

// One row for each of them. Returns why they could not be made; empty when they are there. The
// connection is in no transaction.
std::string make_first_rows(Connection& connection, const Dialect& dialect,
                            const ScratchDialect& scratch_dialect, const Schema& schema,
                            std::vector<TablePlan>& circle);

}  // namespace limbeck
