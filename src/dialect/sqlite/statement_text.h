// Parts of SQLite's statements that their effects ask about, found in the text alone.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "sql/statement.h"

namespace limbeck::sqlite {

// The statement behind WITH ... AS (...).
std::string without_with(const std::string& sql);
// Where the query of a CREATE TABLE ... AS begins; nothing when it is another statement.
std::optional<std::size_t> query_of_table(const sql::Statement& statement);

}  // namespace limbeck::sqlite
