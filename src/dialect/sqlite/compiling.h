// What SQLite says of a statement that it compiles and does not run.
#pragma once

#include <string>

struct sqlite3;

namespace limbeck::sqlite {

// "" when it can be compiled. texts: whether a "name" that is no column may be a text.
std::string failure_of(sqlite3* database, const std::string& sql, bool texts);

}  // namespace limbeck::sqlite
