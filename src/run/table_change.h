// Makes a script's changes of one table, on a database whose ALTER TABLE cannot. Internal to
// src/run.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "dialect/connection.h"
#include "dialect/dialect.h"
#include "operation/table_changes.h"

namespace limbeck {

// In the transaction that is open, in which foreign keys must not be enforced. Tells every
// statement that it runs, where it is asked to. Throws DatabaseError, and Error
// (ExitCode::invalid_project) for a change of what the table does not have.
void change_table(Connection& connection, const Dialect& dialect, const TableChanges& changes,
                  const std::function<void(const std::string&)>& on_statement = {});

// The same for a table that is not there to be looked at, where the database's own ALTER TABLE does
// it: as statements, not run. Nothing when it does not.
std::vector<std::string> plain_table_change(const Dialect& dialect, const TableChanges& changes);

}  // namespace limbeck
