// A database under migration: its connection, and where its version table and journal are.
#pragma once

#include <memory>
#include <string>

#include "dialect/dialect.h"

namespace limbeck {

struct TargetDatabase {
  DatabaseUrl url;
  const Dialect* dialect = nullptr;
  std::unique_ptr<Connection> connection;
  QualifiedName version_table;  // with its schema
  QualifiedName journal_table;  // in the same schema
  int version_width = 255;      // of version_num when the table is created
  ConnectOptions options;       // to connect again, when the connection was lost
  // An SQLite file that is not there yet: the connection is to an empty database in memory, until
  // the run lock is taken. What is refused before leaves no file behind.
  bool stands_in = false;
  // The file is there and cannot be read: only a restore, which replaces it, goes on.
  bool is_damaged = false;
};

struct DatabaseSettings {
  QualifiedName version_table = {{}, {"limbeck_version"}};
  int version_width = 255;
};

// Locates the tables on the connection that is there; creates nothing.
void place_tables(TargetDatabase& database, const DatabaseSettings& settings);

// Connects and locates the tables; creates nothing but, with leave to write, an SQLite file that is
// not there.
TargetDatabase open_database(const DatabaseUrl& url, const DatabaseSettings& settings,
                             const ConnectOptions& options);
// For an SQLite file that is not there, which is made when the run lock is taken.
TargetDatabase stand_in_for(const DatabaseUrl& url, const DatabaseSettings& settings,
                            const ConnectOptions& options);
// Connects to the database itself, where an empty one has stood in for it.
void require_itself(TargetDatabase& database);

}  // namespace limbeck
