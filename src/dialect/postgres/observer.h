// Watches what statements do on a PostgreSQL connection: the table of locks, the files of tables,
// their counters of rows, and what the server says at the level "debug1".
//
// The functions that speak are told by their names, not by their words, which may be in any
// language: ATRewriteTable, index_build, validateForeignKeyConstraint.
#pragma once

#include <memory>

#include "dialect/trace.h"

namespace limbeck::postgres {

std::unique_ptr<Observer> make_observer(Connection& connection);

}  // namespace limbeck::postgres
