// What SQLite's tables in use are like, told from a few of their rows.
//
// It counts and measures; no value leaves the database.
#pragma once

#include <vector>

#include "dialect/scratch.h"

namespace limbeck::sqlite {

std::vector<TableStatistics> table_statistics(Connection& connection);

}  // namespace limbeck::sqlite
