// Stands in a Database for its only connection while that is lent to a run of revisions: whatever
// is asked of it is a usage Error. It never talks to a database.
#pragma once

#include "dialect/connection.h"

namespace limbeck {

class ConnectionAway final : public Connection {
 public:
  ResultSet query(const Command&) override { refuse(); }
  void stream(const Command&, const TakeRow&) override { refuse(); }
  std::int64_t insert_rows(const QualifiedName&, std::span<const Identifier>,
                           std::span<Row>) override {
    refuse();
  }
  std::vector<std::int64_t> run(std::span<const Command>, Wrap) override { refuse(); }
  void run_alone(const std::string&) override { refuse(); }
  void begin(const TransactionOptions&) override { refuse(); }
  bool in_transaction() const override { refuse(); }
  void commit() override { refuse(); }
  void rollback() noexcept override {}
  void set_timeouts(const Timeouts&) override { refuse(); }
  void reset_session() override { refuse(); }
  void set_limits(const Limits&) override { refuse(); }
  bool reusable() override { return false; }
  void clean_session() override { refuse(); }
  std::int64_t backend_pid() const override { refuse(); }
  const std::string& backend_started() override { refuse(); }
  std::string server_version() const override { refuse(); }
  const std::string& database_user() const override { refuse(); }
  bool can_only_read() const override { refuse(); }
  bool is_superuser() const override { refuse(); }

 private:
  [[noreturn]] static void refuse() {
    throw Error({.code = ExitCode::usage,
                 .message = "the database in memory is not to be used while revisions run in it",
                 .state = "nothing was run",
                 .hint = "a revision uses its Operations; all else waits until the call returns"});
  }
};

}  // namespace limbeck
