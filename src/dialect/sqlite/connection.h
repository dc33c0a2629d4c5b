// A connection to a SQLite file.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "dialect/connection.h"
#include "dialect/database_url.h"
#include "dialect/interrupt.h"
#include "dialect/sqlite/handle.h"
#include "dialect/sqlite/journal_file.h"
#include "dialect/sqlite/session.h"

namespace limbeck::sqlite {

// What the statement has in a column of the row at hand.
Value value_of(sqlite3_stmt* statement, int column);

class SqliteConnection final : public Connection {
 public:
  // Creates the file unless read_only; its folder must exist. Throws Error
  // (ExitCode::cannot_connect).
  SqliteConnection(const DatabaseUrl& url, const ConnectOptions& options);
  // The file with this name; in memory or in a temporary file as open() says.
  SqliteConnection(const std::string& file, const ConnectOptions& options);
  ~SqliteConnection() override;

  ResultSet query(const Command& command) override;
  void stream(const Command& command, const TakeRow& take) override;
  std::int64_t insert_rows(const QualifiedName& table, std::span<const Identifier> columns,
                           std::span<Row> rows) override;
  std::vector<std::int64_t> run(std::span<const Command> commands, Wrap wrap) override;
  void run_alone(const std::string& sql) override;
  using Connection::begin;
  void begin(const TransactionOptions& options) override;
  bool in_transaction() const override;
  void commit() override;
  void rollback() noexcept override;
  void set_timeouts(const Timeouts& timeouts) override { timeouts_ = timeouts; }
  void reset_session() override;
  void expect_many_transactions(bool expected) noexcept override;

  void set_limits(const Limits& limits) override { watch_.set_limits(limits); }
  bool reusable() override { return true; }
  void clean_session() override;

  std::int64_t backend_pid() const override { return 0; }
  const std::string& backend_started() override { return nothing_; }
  std::string server_version() const override;
  const std::string& database_user() const override { return nothing_; }
  bool can_only_read() const override;
  bool is_superuser() const override { return false; }

  // The absolute path of the file; "" in memory and in a temporary file.
  std::string file() const;

 private:
  using Clock = std::chrono::steady_clock;

  // Each throws DatabaseError with the index of the command.
  std::int64_t execute(const Command& command, std::size_t index, ResultSet* rows);
  sqlite3_stmt* prepare(const Command& command, std::size_t index, Handle<sqlite3_stmt>& owner);
  void bind(sqlite3_stmt* statement, const Command& command) const;
  sqlite3_stmt* prepare_once(const std::string& sql, std::size_t index,
                             Handle<sqlite3_stmt>& owner);
  void forbid_writing(bool forbidden) noexcept;
  void end_read_only() noexcept;
  void control(const std::string& sql, std::size_t index);
  void require_transaction(bool open) const;
  [[noreturn]] void fail(const std::string& sql, std::size_t index);

  void watch_calls();
  // The same for a call of a user: throws when the limits are over.
  void begin_call();
  void no_time_limit();
  bool is_over_time();
  static int on_progress(void* self) noexcept;
  static int on_busy(void* self, int tries) noexcept;

  Handle<sqlite3> database_;
  // Statements that come again, by their text; none of an author's.
  std::unordered_map<std::string, Handle<sqlite3_stmt>> prepared_;
  Session session_;
  JournalFile journal_file_;
  InterruptWatch watch_;
  bool reset_wanted_ = false;
  bool read_only_ = false;              // the connection
  bool read_only_transaction_ = false;  // the open transaction
  Timeouts timeouts_{.lock_ms = 5'000};
  Clock::time_point waiting_since_ = {};
  // Only the statements of commands have a time: never BEGIN and COMMIT.
  Clock::time_point statement_since_ = Clock::time_point::max();
  bool took_too_long_ = false;
  std::string nothing_;
};

}  // namespace limbeck::sqlite
