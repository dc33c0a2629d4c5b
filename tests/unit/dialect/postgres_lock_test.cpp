#include <doctest/doctest.h>

#include "unit/dialect/scratch_database.h"

namespace limbeck::test {
namespace {

using Commands = std::vector<Command>;

const QualifiedName versions{{"public"}, {"alembic_version"}};

LockAttempt try_lock(const ScratchDatabase& database, Connection& connection,
                     const QualifiedName& name = versions) {
  return ScratchDatabase::dialect().try_lock(connection, DatabaseUrl::parse(database.url()), name);
}

bool is_held(const LockAttempt& attempt) {
  return std::holds_alternative<std::unique_ptr<RunLock>>(attempt);
}

RunLock& lock_of(const LockAttempt& attempt) {
  REQUIRE(is_held(attempt));
  return *std::get<std::unique_ptr<RunLock>>(attempt);
}

}  // namespace

TEST_CASE("one holds the lock, and the other learns who") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto first = database.connect({.application_name = "limbeck/ab12 alice@build-7"});
  const auto second = database.connect();
  {
    const LockAttempt mine = try_lock(database, *first);
    CHECK(lock_of(mine).held());
    const LockAttempt theirs = try_lock(database, *second);
    REQUIRE_FALSE(is_held(theirs));
    const auto& holder = std::get<LockHolder>(theirs);
    CHECK(holder.pid == first->backend_pid());
    CHECK(holder.user == "alice");
    CHECK(holder.host == "build-7");
    CHECK(holder.since == first->backend_started());
    CHECK(holder.activity.substr(0, 5) == "idle:");
    // Another project's version table, in the same database.
    CHECK(is_held(try_lock(database, *second, {{"public"}, {"limbeck_version"}})));
  }
  CHECK(is_held(try_lock(database, *second)));
}

TEST_CASE("what the holder does is told without what might be secret") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto first = database.connect();
  const auto second = database.connect();
  const LockAttempt mine = try_lock(database, *first);
  REQUIRE(is_held(mine));
  CHECK_THROWS(first->run_alone("ALTER ROLE nobody_there WITH PASSWORD 's3cret'"));
  const auto holder = std::get<LockHolder>(try_lock(database, *second));
  CHECK(holder.activity == "idle: ALTER ROLE nobody_there WITH");
}

TEST_CASE("a revision that lets go of the lock is noticed") {
  const auto server = server_url();
  if (!server) return;
  for (const char* sql : {"SELECT pg_advisory_unlock_all()", "DISCARD ALL",
                          "DO $$BEGIN PERFORM pg_advisory_unlock_all(); END$$"}) {
    const ScratchDatabase database(*server);
    const auto connection = database.connect();
    const LockAttempt attempt = try_lock(database, *connection);
    RunLock& lock = lock_of(attempt);
    connection->run(
        Commands{{.sql = "CREATE TABLE t (a int)"}, {.sql = "INSERT INTO t VALUES (1)"}},
        Wrap::own_transaction);
    CHECK(lock.held());
    connection->run_alone(sql);
    // Even when the session has been reset in the meantime.
    connection->reset_session();
    connection->run(Commands{{.sql = "CREATE TABLE u (a int)"}}, Wrap::own_transaction);
    CHECK_FALSE(lock.held());
    CHECK_FALSE(lock.held());
  }
}

TEST_CASE("the lock goes with its connection") {
  const auto server = server_url();
  if (!server) return;
  ScratchDatabase database(*server);
  const auto first = database.connect();
  const auto second = database.connect();
  const LockAttempt mine = try_lock(database, *first);
  RunLock& lock = lock_of(mine);
  database.server().query(
      {.sql = "SELECT pg_terminate_backend($1::int, 2000)", .parameters = {first->backend_pid()}});
  CHECK(is_held(try_lock(database, *second)));
  CHECK_THROWS_AS(first->query({.sql = "SELECT 1"}), ConnectionLost);
  CHECK_THROWS_AS(lock.held(), ConnectionLost);
}

TEST_CASE("the lock is let go even when a transaction has failed") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto first = database.connect();
  const auto second = database.connect();
  {
    const LockAttempt mine = try_lock(database, *first);
    first->begin();
    CHECK_THROWS(first->run(Commands{{.sql = "SELECT 1/0"}}, Wrap::open_transaction));
  }
  CHECK(is_held(try_lock(database, *second)));
}

TEST_CASE("an idle lock does not stop CREATE INDEX CONCURRENTLY") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto first = database.connect();
  const auto second = database.connect();
  first->run(Commands{{.sql = "CREATE TABLE t (a int)"}}, Wrap::own_transaction);
  const LockAttempt mine = try_lock(database, *first);
  CHECK_FALSE(is_held(try_lock(database, *second)));
  first->set_timeouts({.statement_ms = 5'000});
  first->run_alone("CREATE INDEX CONCURRENTLY i ON t (a)");
  second->set_timeouts({.statement_ms = 5'000});
  second->run_alone("CREATE INDEX CONCURRENTLY j ON t (a)");
}

TEST_CASE("an orphan is the same backend, at work") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto worker = database.connect();
  const auto asker = database.connect();
  const Dialect& dialect = ScratchDatabase::dialect();
  const auto orphan = [&](const std::string& started) {
    return dialect.orphan(*asker, worker->backend_pid(), started);
  };
  CHECK_FALSE(orphan(worker->backend_started()));  // idle
  worker->begin();
  const auto found = orphan(worker->backend_started());
  REQUIRE(found);
  CHECK(found->pid == worker->backend_pid());
  // The journal gives the time back as the server writes it.
  CHECK(orphan(ask_text(*asker, "SELECT '" + worker->backend_started() + "'::timestamptz::text")));
  CHECK_FALSE(orphan("2001-01-01T00:00:00Z"));
  CHECK_FALSE(dialect.orphan(*asker, 0, ""));
  CHECK_FALSE(dialect.orphan(*asker, asker->backend_pid(), asker->backend_started()));
  worker->rollback();
}

}  // namespace limbeck::test
