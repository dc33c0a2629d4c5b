#include <doctest/doctest.h>

#include "unit/dialect/scratch_database.h"

namespace limbeck::test {
namespace {

using Commands = std::vector<Command>;
using State = ProbeResult::State;

ProbeResult probe(Connection& connection, const std::string& text) {
  return ScratchDatabase::dialect().probe(connection,
                                          statement_of(ScratchDatabase::dialect(), text));
}

void run(Connection& connection, std::initializer_list<const char*> texts) {
  Commands commands;
  for (const char* text : texts) commands.push_back({.sql = text});
  connection.run(commands, Wrap::own_transaction);
}

}  // namespace

TEST_CASE("what became of CREATE INDEX CONCURRENTLY") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  run(*connection,
      {"CREATE SCHEMA \"S\"", "CREATE TABLE \"S\".t (a int, b int)",
       "CREATE TABLE \"S\".other (a int)", "INSERT INTO \"S\".t VALUES (1, 1), (1, 2)"});
  const std::string create = "CREATE UNIQUE INDEX CONCURRENTLY Idx ON ONLY \"S\".t USING btree (a)";
  CHECK(probe(*connection, create).state == State::not_done);
  CHECK_THROWS(connection->run_alone(create));
  const ProbeResult debris = probe(*connection, create);
  CHECK(debris.state == State::debris);
  CHECK(debris.found == "index S.idx is there, but invalid");
  CHECK(debris.cleanup == std::vector<std::string>{"DROP INDEX CONCURRENTLY \"S\".\"idx\""});
  // IF NOT EXISTS would keep it, without a word.
  CHECK(probe(*connection, "create unique index concurrently if not exists idx on \"S\".t (a)")
            .state == State::debris);
  connection->run_alone(debris.cleanup[0]);
  CHECK(probe(*connection, create).state == State::not_done);
  run(*connection, {"DELETE FROM \"S\".t"});
  connection->run_alone(create);
  CHECK(probe(*connection, create).state == State::done);
  CHECK(probe(*connection, "CREATE INDEX CONCURRENTLY idx ON \"S\".t (a)").state == State::unknown);
  const ProbeResult elsewhere =
      probe(*connection, "CREATE INDEX CONCURRENTLY idx ON \"S\".other (a)");
  CHECK(elsewhere.state == State::unknown);
  CHECK(elsewhere.found == "index S.idx is there, but on another table");
  CHECK(probe(*connection, "CREATE INDEX CONCURRENTLY t ON \"S\".t (a)").state == State::unknown);
  CHECK(probe(*connection, "CREATE INDEX CONCURRENTLY ON \"S\".t (a)").state == State::unknown);
  // The table is looked for where the session would find it.
  CHECK(probe(*connection, "CREATE UNIQUE INDEX CONCURRENTLY idx ON t (a)").state ==
        State::not_done);
  connection->run_alone("SET search_path = \"S\"");
  CHECK(probe(*connection, "CREATE UNIQUE INDEX CONCURRENTLY idx ON t (a)").state == State::done);
}

TEST_CASE("what became of DROP INDEX CONCURRENTLY") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  run(*connection, {"CREATE TABLE t (a int)", "CREATE INDEX i ON t (a)"});
  CHECK(probe(*connection, "DROP INDEX CONCURRENTLY IF EXISTS public.i").state == State::not_done);
  connection->run_alone("DROP INDEX CONCURRENTLY i");
  CHECK(probe(*connection, "DROP INDEX CONCURRENTLY i").state == State::done);
}

TEST_CASE("what became of REINDEX CONCURRENTLY") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  run(*connection, {"CREATE TABLE t (a int)", "CREATE INDEX i ON t (a)", "CREATE TABLE u (a int)"});
  CHECK(probe(*connection, "REINDEX TABLE t").state == State::not_done);
  CHECK(probe(*connection, "REINDEX INDEX CONCURRENTLY i").state == State::not_done);
  // A reader's old snapshot makes the REINDEX wait until its time is over.
  const auto reader = database.connect();
  reader->begin();
  reader->run(Commands{{.sql = "SELECT * FROM t"}}, Wrap::open_transaction);
  connection->set_timeouts({.lock_ms = 200});
  CHECK_THROWS(connection->run_alone("REINDEX INDEX CONCURRENTLY i"));
  reader->rollback();
  connection->set_timeouts({});
  for (const char* text :
       {"REINDEX INDEX CONCURRENTLY i", "REINDEX (VERBOSE) TABLE CONCURRENTLY t",
        "REINDEX (CONCURRENTLY) TABLE t", "REINDEX SCHEMA CONCURRENTLY public"}) {
    CAPTURE(text);
    CHECK(probe(*connection, text).state == State::debris);
  }
  CHECK(probe(*connection, "REINDEX TABLE CONCURRENTLY u").state == State::not_done);
  for (const std::string& sql : probe(*connection, "REINDEX TABLE CONCURRENTLY t").cleanup)
    connection->run_alone(sql);
  CHECK(probe(*connection, "REINDEX TABLE CONCURRENTLY t").state == State::not_done);
  CHECK(ask_integer(*connection, "SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass") ==
        1);
}

TEST_CASE("what became of DETACH PARTITION CONCURRENTLY") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  run(*connection, {"CREATE TABLE p (a int) PARTITION BY LIST (a)",
                    "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)"});
  const std::string detach = "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY";
  CHECK(probe(*connection, detach).state == State::not_done);
  const auto reader = database.connect();
  reader->begin();
  reader->run(Commands{{.sql = "SELECT * FROM p"}}, Wrap::open_transaction);
  connection->set_timeouts({.lock_ms = 200});
  CHECK_THROWS(connection->run_alone(detach));
  reader->rollback();
  connection->set_timeouts({});
  const ProbeResult half = probe(*connection, detach);
  CHECK(half.state == State::debris);
  REQUIRE(half.cleanup.size() == 1);
  connection->run_alone(half.cleanup[0]);
  CHECK(probe(*connection, detach).state == State::done);
  CHECK(probe(*connection, "ALTER TABLE p DETACH PARTITION nowhere CONCURRENTLY").state ==
        State::unknown);
  CHECK(probe(*connection, "ALTER TABLE p ADD b int").state == State::unknown);
}

TEST_CASE("what became of statements on databases, enums and all else") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  CHECK(probe(*connection, "CREATE DATABASE " + database.name()).state == State::done);
  CHECK(probe(*connection, "DROP DATABASE IF EXISTS " + database.name()).state == State::not_done);
  CHECK(probe(*connection, "CREATE DATABASE nowhere TEMPLATE template0").state == State::not_done);
  CHECK(probe(*connection, "DROP DATABASE nowhere").state == State::done);
  CHECK(probe(*connection, "DROP TABLESPACE pg_default").state == State::not_done);
  CHECK(probe(*connection, "CREATE TABLESPACE nowhere LOCATION '/x'").state == State::not_done);
  CHECK(probe(*connection, "DROP SUBSCRIPTION nowhere").state == State::done);
  run(*connection, {"CREATE TYPE mood AS ENUM ('it''s fine')"});
  CHECK(probe(*connection, "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'it''s fine'").state ==
        State::done);
  CHECK(probe(*connection, "ALTER TYPE public.mood ADD VALUE 'sad' BEFORE 'x'").state ==
        State::not_done);
  CHECK(probe(*connection, "ALTER TYPE mood RENAME TO x").state == State::unknown);
  for (const char* text : {"VACUUM", "ANALYZE x", "CLUSTER x", "ALTER SYSTEM SET a = 1"}) {
    CHECK(probe(*connection, text).state == State::not_done);
  }
  for (const char* text :
       {"CREATE TABLE t (a int)", "UPDATE t SET a = 1", "DROP", "CREATE INDEX CONCURRENTLY",
        "DROP DATABASE", "ALTER TABLE", "DROP INDEX CONCURRENTLY"}) {
    CAPTURE(text);
    CHECK(probe(*connection, text).state == State::unknown);
  }
}

}  // namespace limbeck::test
