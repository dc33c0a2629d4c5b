// One statement of a script, sent as its kind asks for. Internal to src/run.
#pragma once

#include "dialect/connection.h"
#include "sql/statement.h"

namespace limbeck {

// What only looks may be asked again; anything else is run once.
bool only_reads(const sql::Statement& statement);

// In the transaction that is open. Throws DatabaseError.
ResultSet send(Connection& connection, const sql::Statement& statement,
               const std::vector<Value>& parameters = {});

}  // namespace limbeck
