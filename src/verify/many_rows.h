// Many rows for a table, in the likeness of one in use: as many in proportion, as many NULLs, as
// many different values, as wide.
//
// No value is that of another database. What a check, a domain or a partition bounds is taken from
// the rows that are there, which the database has found good.
#pragma once

#include <cstddef>

#include "dialect/dialect.h"
#include "schema/schema.h"
#include "verify/table_plan.h"
#include "verify/table_shape.h"

namespace limbeck {

// REQUIRES that the table has rows, and is filled in no transaction. Makes fewer than the shape
// asks for when too many are refused.
void make_many_rows(Connection& connection, const Dialect& dialect, const Schema& schema,
                    const TableShape& shape, TablePlan& plan);

}  // namespace limbeck
