// A connection to PostgreSQL, by libpq.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "dialect/connection.h"
#include "dialect/database_url.h"
#include "dialect/postgres/batch.h"
#include "dialect/postgres/channel.h"
#include "dialect/postgres/session.h"

namespace limbeck::postgres {

class PostgresConnection final : public Connection {
 public:
  // Throws Error (ExitCode::cannot_connect), also for a pooler that shares sessions, and for a
  // standby unless read_only.
  PostgresConnection(const DatabaseUrl& url, ConnectOptions options);
  ~PostgresConnection() override;

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
  void set_timeouts(const Timeouts& timeouts) override { session_.set_timeouts(timeouts); }
  void reset_session() override { session_.request_reset(); }

  std::int64_t backend_pid() const override { return backend_pid_; }
  const std::string& backend_started() override;
  std::string server_version() const override;
  const std::string& database_user() const override { return database_user_; }
  bool can_only_read() const override;
  bool is_superuser() const override;

  // One statement without parameters by the simple protocol, whose portal keeps no snapshot behind.
  ResultSet query_simple(const std::string& sql);
  bool usable() const { return !channel_.lost(); }

  void set_limits(const Limits& limits) override { channel_.watch().set_limits(limits); }
  bool reusable() override;
  void clean_session() override;

  // What the server says beside results goes there from now on, as libpq hands it over.
  void listen(PQnoticeReceiver receiver, void* listener) {
    libpq().PQsetNoticeReceiver(channel_.get(), receiver, listener);
  }
  // Grows with every statement that may have changed the session.
  std::uint64_t session_touches() const { return session_.touches(); }

 private:
  using OnResult = Batch::OnResult;

  void identify();
  void require_transaction(bool open) const;
  // Throws when the limits are over.
  void begin_call();
  void note(std::span<const Command> commands);
  // Sends the pending settings in a round trip of their own, where they cannot go with something
  // else.
  void settle();
  void settled(bool anything);

  std::optional<Failed> send_together(std::span<const Command> commands, Wrap wrap,
                                      const OnResult& on_result);
  std::optional<Failed> send_one_by_one(std::span<const Command> commands, Wrap wrap,
                                        const OnResult& on_result);
  std::optional<Failed> send_alone(const Command& command, std::size_t index,
                                   const OnResult& on_result);
  std::optional<Failed> send_control(const std::string& sql, std::size_t index);
  // The same for COMMIT. Throws CommitUnknown when the connection is lost meanwhile.
  std::optional<Failed> send_commit(std::size_t index);
  [[noreturn]] void fail(Failed failed, bool commit_sent = false);
  [[noreturn]] void fail(Failed failed, Ending ending, bool commit_sent);

  ConnectOptions options_;
  Channel channel_;
  Session session_;
  PreparedStatements prepared_;
  // Settings were sent inside the open transaction: a rollback takes them back.
  bool settings_in_transaction_ = false;
  std::uint64_t cursors_ = 0;  // that were opened: each has a name of its own
  // A statement may have left something in the session that only clean_session takes back.
  bool left_something_ = false;
  std::int64_t backend_pid_ = 0;
  std::string backend_started_;
  std::string database_user_;
};

}  // namespace limbeck::postgres
