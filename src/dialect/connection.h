// A connection to a database: runs statements, in a transaction or out of it.
//
// It never knows what a revision is, never retries, and never prints. Errors are DatabaseError with
// all that the server said; after one, a transaction that the failing call had opened has been
// rolled back. Not thread-safe; cancellation comes through the flag in ConnectOptions
// and through limits.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "limbeck/error.h"
#include "limbeck/transaction.h"
#include "limbeck/value.h"

#include "dialect/identifier.h"

namespace limbeck {

struct Limits;

// One statement and its parameters, written $1, $2, ... in every dialect.
struct Command {
  std::string sql = {};
  std::vector<Value> parameters = {};
  std::optional<std::string> copy_data = {};  // the rows of a COPY FROM STDIN
  bool must_affect_one_row =
      false;  // anything else is a DatabaseError with sqlstate "LB001", and nothing is committed
};

// Whether a call wraps its commands in a transaction of its own, or they belong to the one that is
// open.
enum class Wrap { own_transaction, open_transaction };

struct ConnectOptions {
  std::string application_name = "limbeck";
  const std::atomic<bool>* interrupt =
      nullptr;  // set from a signal handler: the running statement is cancelled
  std::function<void(const std::string&)> notice = nullptr;  // what the server says beside results
  bool read_only = false;  // never creates a database file, never writes
  // For a program's own statements. Values come as limbeck/types.h reads them, whatever the server
  // is set to; SQLite enforces foreign keys, and takes no "name" that is no column for a text.
  bool for_program = false;
  // How long another's lock may be waited for until set_timeouts; 0: for ever.
  int lock_ms = 0;
  // How long connecting may wait; the connection keeps them until set_limits. May be null.
  const Limits* limits = nullptr;
  // Another database of the same server than the url names; empty: that one. Not for SQLite.
  std::string database = {};
};

// How long the next statements may wait. Milliseconds; 0 is without limit.
struct Timeouts {
  int lock_ms = 0;
  int statement_ms = 0;
};

// Gets one row after the other; whether to go on. The row is the taker's.
using TakeRow = std::function<bool(Row& row)>;

class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;

  // Runs one statement and returns its rows.
  virtual ResultSet query(const Command& command) = 0;

  // Runs one SELECT and gives its rows to take, in constant memory. take may use the connection.
  // Opens a transaction of its own where none is open and the database needs one.
  virtual void stream(const Command& command, const TakeRow& take) = 0;

  // Inserts rows in the fastest way there is, in the open transaction, and takes their values.
  // Each row has a value for each of the columns. Returns how many were inserted.
  virtual std::int64_t insert_rows(const QualifiedName& table, std::span<const Identifier> columns,
                                   std::span<Row> rows) = 0;

  // Runs the commands in order, in as few round trips as the database allows. Returns the rows that
  // each one affected. With own_transaction: BEGIN before, COMMIT after, ROLLBACK on failure.
  // failure().command of a DatabaseError is the index in commands; commands.size() is the COMMIT
  // itself (a deferred constraint, a connection lost there).
  virtual std::vector<std::int64_t> run(std::span<const Command> commands, Wrap wrap) = 0;

  // Runs one statement outside of any transaction, in a round trip of its own with nothing else in
  // it.
  virtual void run_alone(const std::string& sql) = 0;

  virtual void begin(const TransactionOptions& options) = 0;
  void begin() { begin({}); }
  virtual bool in_transaction() const = 0;
  virtual void commit() = 0;
  virtual void rollback() noexcept = 0;

  // Holds until the next call; not undone by reset_session.
  virtual void set_timeouts(const Timeouts& timeouts) = 0;

  // Takes back what a revision may have set for the session (SET, PRAGMA, SET ROLE), so that none
  // leaks into the next one.
  virtual void reset_session() = 0;
  // Whether many short transactions are to come: each may be made cheaper then, in ways that keep
  // all that a transaction promises. Not while one is open.
  virtual void expect_many_transactions(bool /*expected*/) noexcept {}

  // ---- for a connection that one user after the other has, out of a pool ----
  // No call waits beyond the limits: the statement is cancelled, and the connection given up when
  // the server does not answer to that. A call that begins after them fails at once, but for
  // rollback, which is given two seconds.
  virtual void set_limits(const Limits& limits) = 0;
  // Whether it may be used further, as far as that can be told without asking the server. Not when
  // it is lost, nor when a limit has ended a statement of it: the request to cancel may still be
  // under way.
  virtual bool reusable() = 0;
  // Takes back, at once, whatever its user may have left in the session: settings, role, locks,
  // temporary tables, prepared statements. Costs nothing when no statement could have left any.
  // REQUIRES: no transaction is open.
  virtual void clean_session() = 0;

  // The server process that serves this connection, and when it began: together they name it for
  // ever. 0 and "" for SQLite. The server is asked for the second when it is first wanted.
  virtual std::int64_t backend_pid() const = 0;
  virtual const std::string& backend_started() = 0;
  // "PostgreSQL 15.18", "SQLite 3.40.1".
  virtual std::string server_version() const = 0;
  // Who is logged in, as the server says; "" for SQLite.
  virtual const std::string& database_user() const = 0;
  // Whether nothing can be written whatever is tried, as far as that is known without asking.
  virtual bool can_only_read() const = 0;
  // Whether the login may do everything in the whole server.
  virtual bool is_superuser() const = 0;
};

}  // namespace limbeck
