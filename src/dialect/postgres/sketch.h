// What a database holds of what one statement names: tables and their columns.
//
// In the place of introspection where a transaction is open, and one statement is asked about.
#pragma once

#include "dialect/connection.h"
#include "schema/schema.h"
#include "sql/statement.h"

namespace limbeck::postgres {

// The tables in any schema whose names stand in the statement.
Schema sketch(Connection& connection, const sql::Statement& statement);

}  // namespace limbeck::postgres
