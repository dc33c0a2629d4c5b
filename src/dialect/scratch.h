// Scratch databases: empty, ours alone, and gone at the end. Declared SQL is run in one, and read
// back through the same introspection as any other database.
//
// The database that a url names is never the scratch, and nothing is run in it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/connection.h"
#include "dialect/database_url.h"
#include "sql/statement.h"

namespace limbeck {

// Its end drops the database, whatever happened in it.
class Scratch {
 public:
  Scratch() = default;
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  virtual ~Scratch() = default;

  virtual Connection& connection() = 0;
  // Whether the server is ours too, so that roles may be made there.
  virtual bool owns_server() const = 0;
};

// A column that takes its numbers from a sequence that counts upwards, and which it takes next.
struct DrawnColumn {
  std::string schema = {};
  std::string table = {};
  std::string column = {};
  std::int64_t next = 0;
  std::string sequence = {};  // quoted
};

// What is known of a column where it is used. Never one of its values.
struct ColumnStatistics {
  std::string column = {};
  double null_fraction = 0;
  double distinct = 0;  // how many values; below 0: as a fraction of the rows; 0: not known
  double width = 0;     // in bytes, on average
};

// How large a table is where it is used, and what its columns are like.
struct TableStatistics {
  std::string schema = {};
  std::string table = {};
  double rows = 0;  // as the database estimates; below 0: not known
  std::int64_t bytes = 0;
  std::vector<ColumnStatistics> columns = {};  // those that are known
};

// What becomes of a declared statement in a scratch database.
enum class ScratchUse {
  run,
  setting,  // changes the session: holds for the statements after it in its file
  skip,     // makes no schema: BEGIN, the rows of a COPY
  refuse,   // would reach beyond the scratch database: CREATE ROLE, ATTACH. It is named to people.
};

class ScratchDialect {
 public:
  virtual ~ScratchDialect() = default;

  // server: where databases may be made; the one that it names gives encoding and collation.
  // Without it, or where the login may not create databases, a server of our own is started. Throws
  // Error (ExitCode::cannot_connect) that says what would help.
  virtual std::unique_ptr<Scratch> create(const std::optional<DatabaseUrl>& server,
                                          const ConnectOptions& options) const = 0;
  // The same on a server of our own, of the version of that one.
  virtual std::unique_ptr<Scratch> create_apart(const std::optional<DatabaseUrl>& server,
                                                const ConnectOptions& options) const = 0;

  // What the result of a declaration depends on beside its text: the server's version, encoding and
  // collation.
  virtual std::string identity(const std::optional<DatabaseUrl>& server,
                               const ConnectOptions& options) const = 0;

  virtual ScratchUse use_of(const sql::Statement& statement, bool owns_server) const = 0;
  // Runs them in as few round trips as possible; when one fails nothing of them is left. Throws
  // DatabaseError, which need not say which one it was.
  virtual void run_together(Connection& connection,
                            std::span<const sql::Statement* const> statements) const = 0;
  // The session as create() gave it.
  virtual void reset_session(Connection& connection) const = 0;
  // Identity columns and those whose default is nextval(). Empty where no number is given twice.
  virtual std::vector<DrawnColumn> drawn_columns(Connection& /*connection*/) const { return {}; }
  // Takes the next number of such a column.
  virtual std::int64_t draw(Connection& connection, const DrawnColumn& column) const = 0;
  // Foreign keys are checked when the open transaction commits, those that may be.
  virtual void defer_foreign_keys(Connection& connection) const = 0;
  // From the database's own statistics, or, where it has none, from a few rows of each table. Only
  // reads, and no value leaves the database.
  virtual std::vector<TableStatistics> statistics(Connection& connection) const = 0;
  // Whether a statement failed for want of something that another statement may still make.
  virtual bool may_succeed_later(const SqlFailure& failure) const = 0;
  // The role that the statement failed for want of; nothing when it failed for another reason.
  virtual std::optional<std::string> missing_role(const SqlFailure& failure) const = 0;
  // Makes the role; only where the server is ours.
  virtual void create_role(Connection& connection, const std::string& role) const = 0;
};

// The one for a dialect's name. Throws Error (ExitCode::usage) for another.
const ScratchDialect& scratch_dialect_named(std::string_view name);

}  // namespace limbeck
