// The version table: the same rows that Alembic keeps, one for each real head.
#pragma once

#include <string_view>
#include <vector>

#include "revision/walk.h"
#include "run/target_database.h"

namespace limbeck {

// The commands that bring the rows from one set of heads to the next. Each must find the row that
// it expects: anything else means that another program changed the table, and nothing is committed.
std::vector<Command> version_commands(const TargetDatabase& database, const HeadChange& change);

// The same as SQL text for offline scripts.
std::vector<std::string> version_statements(const Dialect& dialect, const QualifiedName& table,
                                            const HeadChange& change);
// What removes every row, known or not.
std::string clear_statement(const Dialect& dialect, const QualifiedName& table);

// How many characters the longest id has: a new version table is made to hold it.
int longest_id(const RevisionGraph& graph);

// Throws Error (ExitCode::invalid_project) when an id is longer than the version table can hold.
void check_id_fits(TargetDatabase& database, const Revision& revision, std::optional<int> width);

}  // namespace limbeck
