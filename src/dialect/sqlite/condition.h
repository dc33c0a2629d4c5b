// Which rows the WHERE of a DELETE or an UPDATE takes.
//
// A database that has the schema is asked what a text may mean: what compiles without the table
// asks for nothing of its rows. No row of anyone is read, and no function is called.
#pragma once

#include <string>

#include "dialect/row_choice.h"

struct sqlite3;

namespace limbeck::sqlite {

// sql: with a WITH that it begins with. table: its name.
RowChoice chosen_rows(sqlite3* database, const std::string& table, const std::string& sql);

}  // namespace limbeck::sqlite
