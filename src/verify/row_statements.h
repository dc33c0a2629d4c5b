// The SQL that rows are made with, and what a database says of a row that it refuses.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "schema/schema.h"
#include "verify/table_plan.h"

namespace limbeck {

constexpr int max_attempts = 300;        // to make one row that the database takes
constexpr std::size_t max_parents = 20;  // that the rows of a table refer to

std::string quoted(const Dialect& dialect, const RelationName& table);

// cells: of the plan's columns, in their order.
Command insert_row(const Dialect& dialect, const TablePlan& plan, const Cells& cells);

// The rows that the plan's foreign keys may refer to, at most so many of each.
void read_parents(Connection& connection, const Dialect& dialect, const Schema& schema,
                  std::size_t limit, TablePlan& plan);

// Takes rows away again that break a check which a later revision makes. Returns the first such
// check; empty: none was broken.
std::string remove_breaking(Connection& connection, const Dialect& dialect, const TablePlan& plan);

// Such a key is there already, or what an exclusion constraint keeps apart from it.
bool is_taken(const SqlFailure& failure);

// The columns that a row was refused for; all of them where that is not known.
std::vector<std::size_t> columns_at_fault(const SqlFailure& failure, const TablePlan& plan);

}  // namespace limbeck
