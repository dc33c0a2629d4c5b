#include <chrono>
#include <doctest/doctest.h>
#include <thread>

#include "limbeck/deadline.h"

#include "unit/dialect/scratch_database.h"

namespace limbeck::test {
namespace {

using std::chrono::milliseconds;

constexpr const char* endless =
    "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c";

Limits within(int ms) {
  return {.deadline = Deadline::in(milliseconds(ms)), .stop = {}};
}

std::unique_ptr<Connection> in_memory() {
  return dialect_named("sqlite").connect(DatabaseUrl::parse("sqlite://"), {});
}

// The backend of the connection ends, and the server knows it.
void end_backend(Connection& server, std::int64_t pid) {
  server.query({.sql = fmt::format("SELECT pg_terminate_backend({}, 10000)", pid)});
}

}  // namespace

TEST_CASE("a duration that is too long for the clock is never over") {
  CHECK(Deadline::in(milliseconds::max()).is_never());
  CHECK_FALSE(Deadline::in(milliseconds::max()).passed());
  CHECK(Deadline::never().left() == milliseconds::max());
  CHECK(Deadline::in(milliseconds(-5)).passed());
  CHECK(Deadline::in(milliseconds(-5)).left() == milliseconds(0));
  CHECK(Deadline::in(milliseconds(5)) < Deadline::never());
}

TEST_CASE("limits hold for every call, but for rollback") {
  const auto connection = in_memory();
  connection->begin();
  connection->set_limits(within(50));
  CHECK_THROWS_AS(connection->query({.sql = endless}), DeadlineExceeded);
  CHECK_THROWS_AS(connection->query({.sql = "SELECT 1"}), DeadlineExceeded);
  connection->rollback();
  CHECK_FALSE(connection->in_transaction());
  connection->set_limits({});
  CHECK(ask_integer(*connection, "SELECT 1") == 1);
}

TEST_CASE("a commit that begins too late is rolled back") {
  const auto connection = in_memory();
  connection->begin();
  std::stop_source source;
  connection->set_limits({.deadline = {}, .stop = source.get_token()});
  source.request_stop();
  CHECK_THROWS_AS(connection->commit(), Interrupted);
  CHECK_FALSE(connection->in_transaction());
}

TEST_CASE("a statement that a limit has ended leaves its connection to nobody else") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  connection->set_limits(within(10'000));
  CHECK(ask_integer(*connection, "SELECT 1") == 1);
  CHECK(connection->reusable());
  connection->begin();
  connection->set_limits(within(100));
  CHECK_THROWS_AS(connection->query({.sql = "SELECT pg_sleep(30)"}), DeadlineExceeded);
  connection->rollback();
  CHECK_FALSE(connection->in_transaction());
  CHECK_FALSE(connection->reusable());
}

TEST_CASE("a connection lost at its COMMIT leaves the outcome open, before it does not") {
  const auto server = server_url();
  if (!server) return;
  ScratchDatabase database(*server);
  const std::vector<Command> insert{{.sql = "CREATE TABLE t (id integer)"}};
  {
    const auto connection = database.connect();
    connection->begin();
    end_backend(database.server(), connection->backend_pid());
    CHECK_THROWS_AS(connection->commit(), CommitUnknown);
    CHECK_FALSE(connection->reusable());
  }
  const auto connection = database.connect();
  connection->begin();
  end_backend(database.server(), connection->backend_pid());
  try {
    connection->run(insert, Wrap::open_transaction);
    FAIL("the connection is lost");
  } catch (const CommitUnknown&) {
    FAIL("no COMMIT was sent");
  } catch (const ConnectionLost& error) {
    CHECK(error.code() == ExitCode::cannot_connect);
  }
}

TEST_CASE("a session is cleaned of all that its user left, and stays usable") {
  const auto server = server_url();
  if (!server) return;
  ScratchDatabase database(*server);
  const auto connection = database.connect();
  connection->set_timeouts({.lock_ms = 1'234, .statement_ms = 0});
  const std::vector<Command> prepared{
      {.sql = "SELECT $1::integer", .parameters = {std::int64_t{1}}}};
  connection->run(prepared, Wrap::own_transaction);
  connection->query({.sql = "SELECT pg_advisory_lock(7)"});
  connection->run_alone("SET ROLE pg_monitor");
  connection->clean_session();
  CHECK(ask_integer(*connection,
                    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND "
                    "pid = pg_backend_pid()") == 0);
  CHECK(ask_text(*connection, "SELECT current_user") == connection->database_user());
  CHECK(ask_text(*connection, "SHOW lock_timeout") == "1234ms");
  // The server has forgotten what was prepared, and so has the client.
  CHECK(connection->run(prepared, Wrap::own_transaction) == std::vector<std::int64_t>{0});
}

}  // namespace limbeck::test
