// The database's own operators and functions, written so that no user's schema can put its own in
// their place: what Limbeck asks in a session whose search_path is somebody else's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialect.h"

namespace limbeck {

// "OPERATOR(pg_catalog.>)" of ">"; of SQLite's as they are.
std::string built_in_operator(const Dialect& dialect, std::string_view sign);
// "pg_catalog.count" of "count".
std::string built_in_function(const Dialect& dialect, std::string_view name);

// Whether the built-in operators order the columns of a key as an index does. table, columns: as
// written.
bool has_built_in_order(const Dialect& dialect, Connection& connection, const std::string& table,
                        const std::vector<std::string>& columns);

// What a script for a client program has to set first, so that the program reads it as it was
// written.
std::vector<std::string> script_settings(const Dialect& dialect);

}  // namespace limbeck
