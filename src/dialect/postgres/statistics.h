// What PostgreSQL's catalog knows of tables in use: pg_class and pg_stats.
//
// It never reads the values that pg_stats holds, and counts nothing.
#pragma once

#include <vector>

#include "dialect/scratch.h"

namespace limbeck::postgres {

std::vector<TableStatistics> table_statistics(Connection& connection);

}  // namespace limbeck::postgres
