// Owners of SQLite's objects.
#pragma once

#include <memory>
#include <sqlite3.h>
#include <string>

namespace limbeck::sqlite {

struct Release {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

template <typename T>
using Handle = std::unique_ptr<T, Release>;

// The name of a temporary file, which SQLite writes to when its cache is full. It has no name in
// its folder: however the program ends, it is gone then.
constexpr const char* temporary_file = "";

// Opens a file, ":memory:" or temporary_file. Throws Error (ExitCode::cannot_connect): it is not
// there and may not be created, is not a database, ...
Handle<sqlite3> open(const std::string& file, bool read_only, bool may_create);

}  // namespace limbeck::sqlite
