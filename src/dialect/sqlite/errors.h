// What SQLite said about a failure, as errors of ours.
#pragma once

#include <sqlite3.h>
#include <string>
#include <string_view>

#include "limbeck/error.h"

#include "dialect/interrupt.h"

namespace limbeck::sqlite {

// "SQLITE_BUSY"; constraints by their kind, "SQLITE_CONSTRAINT_UNIQUE".
std::string code_name(int extended_code);

// What to do about it; empty where nothing general can be said.
std::string code_hint(int extended_code);

// The failure that the database has just had. sql: the statement, for the position of the fault in
// it.
SqlFailure failure_of(sqlite3* database, std::string_view sql);

// Throws Interrupted, DeadlineExceeded or DatabaseError. ending: why the statement was interrupted.
[[noreturn]] void raise(SqlFailure failure, Ending ending);

// Why a file could not be opened.
CannotConnect open_error(const std::string& file, int code, std::string_view message);

}  // namespace limbeck::sqlite
