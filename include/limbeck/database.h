// A connection to one database, for a program of one's own.
//
// One Database is used by one thread at a time: it has no lock of its own; limbeck/pool.h gives
// several threads one each. Every failure is a limbeck::Error (limbeck/error.h); one that the
// database reports is a DatabaseError with its SQLSTATE, constraint and so on. Rows as structs are
// in limbeck/rows.h.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "limbeck/error.h"
#include "limbeck/sql_type.h"
#include "limbeck/transaction.h"
#include "limbeck/value.h"

namespace limbeck {

struct DatabaseOptions {
  std::string application_name = "limbeck";  // as the server's own lists show it
  bool read_only = false;                    // never creates a database file, never writes
  // How long a statement may wait for another's lock, and how long it may run; 0: without limit.
  std::chrono::milliseconds lock_timeout = std::chrono::seconds(5);
  std::chrono::milliseconds statement_timeout = {};
  // Set by another thread or a signal handler: the running statement is cancelled, and throws
  // Interrupted. Must outlive the Database.
  const std::atomic<bool>* interrupt = nullptr;
};

namespace detail {

struct DatabaseState;
// Deletes what only the library knows.
struct DeleteDatabaseState {
  void operator()(DatabaseState* state) const noexcept;
};
// For the library's own headers.
DatabaseState& state_of(Database& database);
using DatabaseStatePointer = std::unique_ptr<DatabaseState, DeleteDatabaseState>;
Database database_of(DatabaseStatePointer state);

}  // namespace detail

// On SQLite foreign keys are enforced, which they are not by default there.
class Database {
 public:
  // url: "postgresql://user@host/name", "sqlite:///file.db", "sqlite://" (in memory). Throws Error
  // (ExitCode::cannot_connect, or usage for a url that is none), never with a password in it.
  explicit Database(std::string_view url, const DatabaseOptions& options = {});
  Database(Database&&) noexcept = default;
  Database& operator=(Database&&) noexcept = default;
  ~Database() = default;

  // One statement, with parameters $1, $2, ... on every database. Outside of a Transaction it is
  // committed by itself. Values are what the database gives: SqlType<T>::decode makes a T of one.
  // BEGIN, COMMIT and the like are refused: Transaction is for that.
  ResultSet query(std::string_view sql, std::vector<Value> parameters = {});
  // The same for a statement whose rows do not matter. How many it changed.
  std::int64_t execute(std::string_view sql, std::vector<Value> parameters = {});

  bool in_transaction() const;
  model::Wire wire() const;            // whose values they are
  std::string_view dialect() const;    // "postgresql", "sqlite"
  std::string server_version() const;  // "PostgreSQL 15.18", "SQLite 3.40.1"

 private:
  friend detail::DatabaseState& detail::state_of(Database& database);
  friend Database detail::database_of(detail::DatabaseStatePointer state);

  explicit Database(detail::DatabaseStatePointer state) noexcept : state_(std::move(state)) {}

  // Throws Error (ExitCode::usage) for one that has been moved from.
  detail::DatabaseState& state() const;

  detail::DatabaseStatePointer state_;
};

}  // namespace limbeck
