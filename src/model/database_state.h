// What a limbeck::Database holds, for the parts of the library that work on it.
#pragma once

#include <memory>
#include <utility>

#include "limbeck/database.h"

#include "dialect/dialect.h"

namespace limbeck::detail {

struct DatabaseState {
  DatabaseUrl url;
  ConnectOptions options;
  const Dialect* dialect = nullptr;
  std::unique_ptr<Connection> connection;
  model::Wire wire = model::Wire::postgresql;
  int depth = 0;        // of the open transactions, one inside another
  bool failed = false;  // a statement of the innermost one has failed

  // Throws Error when a statement of the transaction has failed: PostgreSQL would refuse the next
  // one, and SQLite run it for nothing.
  void require_working() const;
  void note_failure() { failed = failed || depth > 0; }

  // Runs work, which uses the connection, and remembers when it fails.
  template <class Work>
  auto run(Work work) {
    require_working();
    try {
      return work(*connection);
    } catch (const DatabaseError&) {
      note_failure();
      throw;
    }
  }
};

// A connection made with these options. Throws what Dialect::connect throws.
Database connect(const DatabaseUrl& url, const ConnectOptions& options);

// The connection itself. What is done with it is not watched by an open Transaction.
Connection& connection_of(Database& database);
const Dialect& dialect_of(Database& database);

}  // namespace limbeck::detail
