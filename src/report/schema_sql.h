// A difference, or a whole schema, as text: SQL for the database's own shell, a list for people,
// JSON, a tree.
//
// It never compares and never connects.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "dialect/schema_dialect.h"
#include "operation/operation.h"

namespace limbeck {

// The statements in order, each ended with ";\n". Run as it is by psql or sqlite3: no transaction
// is opened.
std::string operations_sql(const std::vector<Operation>& operations, const SchemaDialect& dialect,
                           const Schema& from, const Schema& to);

// {"dialect": ..., "operations": [...], "not_compared": [...]}
std::string operations_json(const std::vector<Operation>& operations, const std::string& name,
                            const SchemaDialect& dialect, const Schema& from, const Schema& to,
                            const std::set<std::string>& not_compared);

// One line for each.
std::string operations_text(const std::vector<Operation>& operations);

// The objects under their tables, with types.
std::string schema_tree(const Schema& schema);

}  // namespace limbeck
