// A dialect: everything that differs between the databases, apart from a connection itself.
//
// It never keeps state. What is common to all databases never stands in a dialect's folder.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dialect/backup.h"
#include "dialect/connection.h"
#include "dialect/database_url.h"
#include "dialect/identifier.h"
#include "sql/splitter.h"

namespace limbeck {

// How a statement may be run.
enum class StatementNature {
  transactional,        // inside a transaction
  long_scan,            // the same, reading a whole table under a weak lock: VALIDATE CONSTRAINT
  outside_transaction,  // the server refuses it inside one: CREATE INDEX CONCURRENTLY, VACUUM
  session_setting,  // changes the session, not the database: SET, PRAGMA. Run again when a revision
                    // is resumed.
  transaction_control,  // BEGIN, COMMIT: refused, they would end the runner's own transaction
  read_only,            // forbids the session to write: refused, the runner's own rows would fail
};

// What the catalog says about a statement that may or may not have run before its runner died.
struct ProbeResult {
  enum class State {
    done,      // its effect is there and complete
    not_done,  // nothing of it is there
    debris,    // it left something unusable, which cleanup removes: an invalid index
    unknown,   // the catalog cannot tell
  };
  State state = State::unknown;
  std::string found = {};  // for people: "index ix_users_email is there, but invalid"
  // Statements, each run alone. The catalog is to be asked again after them: most lead back to
  // not_done, but half a DETACH PARTITION CONCURRENTLY can only be finished, and is done then.
  std::vector<std::string> cleanup = {};
};

// What a statement sets for the session.
struct SessionSetting {
  std::string undo = {};  // the statement that makes it what every revision finds
  bool changed = false;   // whether it is something else now
};

// Who holds the lock, as far as it can be known.
struct LockHolder {
  std::int64_t pid = 0;
  std::string user = {};
  std::string host = {};
  std::string since = {};     // ISO 8601
  std::string activity = {};  // what it is doing; "" when unknown
};

// Held until it is destroyed. The operating system or the server lets go of it when the process
// dies and nothing of it works on.
class RunLock {
 public:
  RunLock() = default;
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;
  virtual ~RunLock() = default;
  // Whether it is still ours. Asked before each revision. Throws ConnectionLost when the connection
  // went with it.
  virtual bool held() = 0;
};

using LockAttempt = std::variant<std::unique_ptr<RunLock>, LockHolder>;

class Dialect {
 public:
  virtual ~Dialect() = default;

  virtual std::string_view name()
      const = 0;  // "postgresql", "sqlite": as urls and section markers name it
  virtual const sql::LexicalRules& lexical_rules() const = 0;
  virtual StatementNature nature(const sql::Statement& statement) const = 0;
  // What makes the session its login user's again, until the end of the transaction, when the
  // statement changes the role; nothing for any other statement.
  virtual std::optional<std::string> own_role_again(const sql::Statement& /*statement*/) const {
    return std::nullopt;
  }
  // The setting of the session that the statement sets; nothing for any other statement.
  virtual std::optional<SessionSetting> session_setting(const sql::Statement& statement) const = 0;
  // Whether a session setting takes effect inside a transaction: SET does, PRAGMA foreign_keys does
  // not.
  virtual bool settings_work_in_transaction() const { return true; }

  virtual std::string quote(const Identifier& identifier) const = 0;
  std::string quote(const QualifiedName& name) const;  // schema.object, or object alone
  virtual std::string quote_literal(
      std::string_view text) const = 0;  // for offline scripts alone; else parameters

  // Loads the client library that connect needs, which otherwise does it itself. Worth a call of
  // its own before another thread begins: each page that the dynamic linker maps stops the others.
  // Throws Error (ExitCode::cannot_connect) when it is not to be had.
  virtual void load_client() const {}

  // Throws Error (ExitCode::cannot_connect) without any password. Refuses a PostgreSQL transaction
  // pooler.
  virtual std::unique_ptr<Connection> connect(const DatabaseUrl& url,
                                              const ConnectOptions& options) const = 0;

  // One try, never waiting in the server. name: of the version table, so that two projects in one
  // database do not meet.
  virtual LockAttempt try_lock(Connection& connection, const DatabaseUrl& url,
                               const QualifiedName& name) const = 0;
  // Who holds that lock, for those who only look: it takes nothing, waits for nobody, and no
  // attempt to take the lock fails because of it. Nothing when nobody holds it, and where that
  // cannot be seen.
  virtual std::optional<LockHolder> lock_holder(Connection& connection,
                                                const QualifiedName& name) const = 0;

  // ---- the runner's own tables ----
  // The operator that compares text: one that no user's schema can put its own in the place of.
  virtual std::string_view equals() const { return "="; }
  // The table as it would be found by an unqualified name: its schema filled in, or that where it
  // would be created.
  virtual QualifiedName locate(Connection& connection, const QualifiedName& table) const = 0;
  // Of each table whether it is there.
  virtual std::vector<bool> tables_exist(Connection& connection,
                                         std::span<const QualifiedName> tables) const = 0;
  bool table_exists(Connection& connection, const QualifiedName& table) const {
    return tables_exist(connection, {&table, 1}).front();
  }
  // The width of a varchar column; nothing when it has no limit or is not there.
  virtual std::optional<int> column_width(Connection& connection, const QualifiedName& table,
                                          const Identifier& column) const = 0;
  // Whether a boolean column takes 0 and 1.
  virtual bool takes_numbers_for_booleans(Connection& connection) const = 0;
  virtual std::vector<std::string> create_version_table(const QualifiedName& table,
                                                        int width) const = 0;
  virtual std::vector<std::string> widen_version_table(const QualifiedName& table,
                                                       int width) const = 0;
  virtual std::vector<std::string> create_journal_table(const QualifiedName& table) const = 0;
  virtual std::string now()
      const = 0;  // the server's clock as an expression, moving inside a transaction
  // The time by that clock so many seconds ago; seconds is an expression, a parameter.
  virtual std::string seconds_ago(std::string_view seconds) const = 0;
  // When the open transaction began, as an expression; nothing where the database keeps no such
  // time.
  virtual std::optional<std::string> transaction_start() const { return std::nullopt; }

  // ---- statements outside a transaction ----
  // Asks the catalog what became of a statement whose runner died between intent and result.
  virtual ProbeResult probe(Connection& connection, const sql::Statement& statement) const = 0;
  // Whether the backend of an earlier run is still working; what it does, or nothing.
  virtual std::optional<LockHolder> orphan(Connection& connection, std::int64_t pid,
                                           const std::string& started) const = 0;

  // ---- backfill ----
  // The primary key of the table as the statement names it; empty when it has none.
  virtual std::vector<Identifier> primary_key(Connection& connection,
                                              const std::string& table_as_written) const = 0;

  // ---- backups ----
  // Whether a database is a file, which is always copied as a whole.
  virtual bool is_file() const { return false; }
  // Of a file: its name without its folder.
  virtual std::string database_name(Connection& connection, const DatabaseUrl& url) const = 0;
  // Copies the database into a new file, consistently, while others use it. Nothing of the file is
  // left when it fails.
  virtual void backup(const DatabaseUrl& url, const std::string& file,
                      const BackupRequest& request = {}) const = 0;
  // Of a file: whether it cannot be read as a database from one end to the other. One that others
  // lock is not damaged.
  virtual bool is_damaged(const DatabaseUrl& /*url*/) const { return false; }
  // Throws Error when the file is no backup that restore() could use.
  virtual void check_backup(const std::string& file) const = 0;
  // The database is as it was when it fails.
  virtual RestoreResult restore(const DatabaseUrl& url, const std::string& file,
                                const RestoreRequest& request = {}) const = 0;
};

// The dialect that a url or a section marker names; the names that are known are in the error
// (ExitCode::usage).
const Dialect& dialect_named(std::string_view name);
bool is_dialect(std::string_view name);

}  // namespace limbeck
