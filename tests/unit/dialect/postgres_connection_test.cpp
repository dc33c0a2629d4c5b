#include <atomic>
#include <chrono>
#include <doctest/doctest.h>
#include <thread>

#include "unit/dialect/scratch_database.h"

namespace limbeck::test {
namespace {

using Commands = std::vector<Command>;

Error connect_failure(const std::string& url, const ConnectOptions& options = {}) {
  try {
    ScratchDatabase::dialect().connect(DatabaseUrl::parse(url), options);
  } catch (const Error& error) {
    return error;
  }
  FAIL("connected");
  throw std::logic_error("not reached");
}

}  // namespace

TEST_CASE("connection failures say why, and how to go on") {
  const auto server = server_url();
  if (!server) return;
  const Error missing = connect_failure(with_database(*server, "not_there"));
  CHECK(missing.code() == ExitCode::cannot_connect);
  CHECK(missing.report().message.find("\"not_there\" does not exist") != std::string::npos);
  CHECK(missing.report().hint.find("create the database") != std::string::npos);

  const Error down = connect_failure("postgresql://u:s3cret@/d?host=/tmp/limbeck-no-such-folder");
  CHECK(down.code() == ExitCode::cannot_connect);
  CHECK(down.report().hint.find("check that the server runs") != std::string::npos);
  CHECK(down.report().message.find("s3cret") == std::string::npos);

  const Error host = connect_failure("postgresql://u:s3cret@host.invalid/d");
  CHECK(host.report().hint.find("host name") != std::string::npos);
  CHECK(host.report().message.find("s3cret") == std::string::npos);

  const Error refused = connect_failure("postgresql://u:s3cret@127.0.0.1:1/d");
  CHECK(refused.report().hint.find("server runs") != std::string::npos);

  const Error option = connect_failure("postgresql://u:s3cret@h/d?no_such_option=s3cret");
  CHECK(option.code() == ExitCode::cannot_connect);
  CHECK(option.report().message.find("libpq does not understand") != std::string::npos);
}

TEST_CASE("a connection knows who it is") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect({.application_name = "limbeck/1 me@here"});
  CHECK(connection->backend_pid() == ask_integer(*connection, "SELECT pg_backend_pid()"));
  CHECK(connection->backend_started().size() == 27);
  CHECK(connection->server_version().substr(0, 11) == "PostgreSQL ");
  CHECK(connection->database_user() == ask_text(*connection, "SELECT session_user"));
  CHECK(ask_text(*connection, "SHOW application_name") == "limbeck/1 me@here");
  CHECK(ask_text(*connection, "SHOW client_encoding") == "UTF8");
}

TEST_CASE("values go to the server and come back") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  const ResultSet result =
      connection->query({.sql = "SELECT $1::int8 AS i, $2::float8 AS f, $3::text AS t, $4::bytea "
                                "AS b, $5::bool AS n, true AS "
                                "yes, false AS no, 7::int2 AS small, 1.50 AS exact",
                         .parameters = {std::int64_t{-5}, 0.1, std::string("ü'\\"),
                                        Blob{std::string("\0\xff", 2)}, Value{}}});
  CHECK(result.columns ==
        std::vector<std::string>{"i", "f", "t", "b", "n", "yes", "no", "small", "exact"});
  CHECK(result.rows.at(0) == Row{std::int64_t{-5}, std::string("0.1"), std::string("ü'\\"),
                                 std::string("\\x00ff"), Value{}, std::int64_t{1}, std::int64_t{0},
                                 std::int64_t{7}, std::string("1.50")});
}

TEST_CASE("a NUL byte cuts nothing off, and the connection stays usable") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  const std::string sql("CREATE TABLE a (b int)\0; DROP TABLE c", 37);
  CHECK_THROWS_AS(
      connection->run(Commands{{.sql = "SELECT 1"}, {.sql = sql}}, Wrap::own_transaction), Error);
  CHECK_THROWS_AS(connection->run_alone(sql), Error);
  CHECK_THROWS_AS(
      connection->query({.sql = "SELECT $1::text", .parameters = {std::string("a\0b", 3)}}), Error);
  CHECK(ask_integer(*connection, "SELECT count(*) FROM pg_class WHERE relname = 'a'") == 0);
}

TEST_CASE("commands run in one transaction") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  const Commands commands{{.sql = "CREATE TABLE t (a int PRIMARY KEY, b text)"},
                          {.sql = "INSERT INTO t SELECT i, 'x' FROM generate_series(1, 5) i"},
                          {.sql = "UPDATE t SET b = $1 WHERE a > $2",
                           .parameters = {std::string("y"), std::int64_t{3}}},
                          {.sql = "SELECT * FROM t"},
                          {.sql = "DELETE FROM t WHERE a = 1 RETURNING a"}};
  CHECK(connection->run(commands, Wrap::own_transaction) ==
        std::vector<std::int64_t>{0, 5, 2, 0, 1});
  CHECK(ask_integer(*connection, "SELECT count(*) FROM t") == 4);
  CHECK(connection->run({}, Wrap::own_transaction).empty());
}

TEST_CASE("a failure names its command, and leaves nothing of the others") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  const DatabaseError error =
      failure_of_run(*connection,
                     {{.sql = "CREATE TABLE t (a int UNIQUE, b int NOT NULL)"},
                      {.sql = "INSERT INTO t VALUES (1, 1)"},
                      {.sql = "INSERT INTO t VALUES (1, 2)"},
                      {.sql = "CREATE TABLE u (a int)"}},
                     Wrap::own_transaction);
  CHECK(error.code() == ExitCode::failed_rolled_back);
  CHECK(error.failure().command == 2);
  CHECK(error.failure().sqlstate == "23505");
  CHECK(error.failure().table == "t");
  CHECK(error.failure().schema == "public");
  CHECK(error.failure().constraint == "t_a_key");
  CHECK(error.failure().detail == "Key (a)=(1) already exists.");
  CHECK(error.report().detail == "Key (a)=(1) already exists.");
  CHECK_FALSE(error.failure().retryable);
  CHECK(ask_integer(*connection, "SELECT count(*) FROM pg_class WHERE relname IN ('t', 'u')") == 0);
  // The connection goes on.
  connection->run(Commands{{.sql = "CREATE TABLE t (a int)"}}, Wrap::own_transaction);
}

TEST_CASE("a syntax error has its position in the author's own text") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  CHECK(failure_of_run(*connection, {{.sql = "SELECT 'ü', FROMM x"}}, Wrap::own_transaction)
            .failure()
            .position == 13);
  CHECK(failure_of_run(*connection,
                       {{.sql = "UPDATE nowhere SET a = 1", .must_affect_one_row = true}},
                       Wrap::own_transaction)
            .failure()
            .position == 8);
  const DatabaseError two =
      failure_of_run(*connection, {{.sql = "SELECT 1; SELECT 2"}}, Wrap::own_transaction);
  CHECK(two.failure().sqlstate == "42601");
}

TEST_CASE("a deferred constraint fails at the COMMIT") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  connection->run(
      Commands{{.sql = "CREATE TABLE p (a int PRIMARY KEY)"},
               {.sql = "CREATE TABLE c (a int REFERENCES p DEFERRABLE INITIALLY DEFERRED)"}},
      Wrap::own_transaction);
  const Commands bad{{.sql = "INSERT INTO c VALUES (1)"}, {.sql = "INSERT INTO p VALUES (2)"}};
  const DatabaseError error = failure_of_run(*connection, bad, Wrap::own_transaction);
  CHECK(error.failure().sqlstate == "23503");
  CHECK(error.failure().command == 2);
  CHECK(ask_integer(*connection, "SELECT count(*) FROM p") == 0);

  connection->begin();
  connection->run(bad, Wrap::open_transaction);
  CHECK_THROWS_AS(connection->commit(), DatabaseError);
  CHECK(ask_integer(*connection, "SELECT count(*) FROM p") == 0);
}

TEST_CASE("a deferred constraint fails a statement outside of a transaction") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  connection->run(
      Commands{{.sql = "CREATE TABLE p (a int PRIMARY KEY)"},
               {.sql = "CREATE TABLE c (a int REFERENCES p DEFERRABLE INITIALLY DEFERRED)"}},
      Wrap::own_transaction);
  std::string sqlstate;
  try {
    connection->query({.sql = "INSERT INTO c VALUES (1) RETURNING a"});
  } catch (const DatabaseError& error) {
    sqlstate = error.failure().sqlstate;
  }
  CHECK(sqlstate == "23503");
  // Every answer after it is that of its own question.
  CHECK(ask_integer(*connection, "SELECT 41") == 41);
  CHECK(ask_integer(*connection, "SELECT count(*) FROM c") == 0);
  CHECK_FALSE(connection->in_transaction());
}

TEST_CASE("COMMIT of a failed transaction is no success") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  connection->begin();
  CHECK_THROWS_AS(connection->run(Commands{{.sql = "SELECT 1/0"}}, Wrap::open_transaction),
                  DatabaseError);
  CHECK_THROWS_AS(connection->commit(), DatabaseError);
  connection->begin();
  connection->run(Commands{{.sql = "CREATE TABLE t (a int)"}}, Wrap::open_transaction);
  connection->rollback();
  CHECK(ask_integer(*connection, "SELECT count(*) FROM pg_class WHERE relname = 't'") == 0);
}

TEST_CASE("transactions that do not fit together are refused") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  CHECK_THROWS_AS(connection->run({}, Wrap::open_transaction), Error);
  CHECK_THROWS_AS(connection->commit(), Error);
  connection->begin();
  CHECK_THROWS_AS(connection->begin(), Error);
  CHECK_THROWS_AS(connection->run({}, Wrap::own_transaction), Error);
  CHECK_THROWS_AS(connection->run_alone("SELECT 1"), Error);
  connection->rollback();
}

TEST_CASE("a command that must change one row fails before the COMMIT") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  connection->run(Commands{{.sql = "CREATE TABLE v (a text)"},
                           {.sql = "INSERT INTO v VALUES ('1'), ('2'), ('2')"}},
                  Wrap::own_transaction);
  const auto update = [](const char* old, bool one) {
    return Command{.sql = "UPDATE v SET a = $1 WHERE a = $2 -- ends in a comment",
                   .parameters = {std::string("3"), std::string(old)},
                   .must_affect_one_row = one};
  };
  for (const auto& [old, message] :
       {std::pair{"9", "the statement changed 0 rows where it must change one"},
        std::pair{"2", "the statement changed 2 rows where it must change one"}}) {
    const DatabaseError error = failure_of_run(
        *connection, {{.sql = "CREATE TABLE t (a int)"}, update(old, true), {.sql = "SELECT 1"}},
        Wrap::own_transaction);
    CHECK(error.failure().sqlstate == "LB001");
    CHECK(error.failure().command == 1);
    CHECK(error.report().message == message);
    CHECK(ask_integer(*connection, "SELECT count(*) FROM pg_class WHERE relname = 't'") == 0);
    CHECK(ask_integer(*connection, "SELECT count(*) FROM v WHERE a = '3'") == 0);
  }
  CHECK(connection->run(Commands{update("1", true)}, Wrap::own_transaction) ==
        std::vector<std::int64_t>{1});
  CHECK(connection->run(Commands{update("2", false)}, Wrap::own_transaction) ==
        std::vector<std::int64_t>{2});
  // The author's own conversion error is not taken for ours.
  CHECK(failure_of_run(
            *connection,
            {{.sql = "UPDATE v SET a = 'limbeck'::int::text", .must_affect_one_row = true}},
            Wrap::own_transaction)
            .failure()
            .sqlstate == "22P02");
}

TEST_CASE("big pipelines do not block, in either direction") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  Commands commands{{.sql = "CREATE TABLE t (a text)"}};
  const std::string big(20'000, 'x');
  for (int i = 0; i < 1'000; ++i) {
    commands.push_back({.sql = "INSERT INTO t VALUES ($1) RETURNING a", .parameters = {big}});
  }
  CHECK(connection->run(commands, Wrap::own_transaction).size() == 1'001);
  CHECK(ask_integer(*connection, "SELECT count(*) FROM t") == 1'000);
}

TEST_CASE("COPY goes with its rows, and without them fails") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  std::string rows;
  for (int i = 0; i < 50'000; ++i) rows += fmt::format("{}\tsome text\n", i);
  CHECK(connection->run(
            Commands{{.sql = "CREATE TABLE t (a int, b text)"},
                     {.sql = "COPY t FROM STDIN", .copy_data = rows},
                     {.sql = "COPY t TO STDOUT"},
                     {.sql = "DELETE FROM t WHERE a = $1", .parameters = {std::int64_t{1}}}},
            Wrap::own_transaction) == std::vector<std::int64_t>{0, 50'000, 50'000, 1});
  const DatabaseError bad = failure_of_run(
      *connection, {{.sql = "DELETE FROM t"}, {.sql = "COPY t FROM STDIN", .copy_data = "x\ty\n"}},
      Wrap::own_transaction);
  CHECK(bad.failure().command == 1);
  CHECK(bad.failure().sqlstate == "22P02");
  CHECK(bad.report().detail.find("line 1") != std::string::npos);
  CHECK_THROWS_AS(connection->run(Commands{{.sql = "COPY t FROM STDIN"}}, Wrap::own_transaction),
                  DatabaseError);
  CHECK_THROWS_AS(connection->run_alone("COPY t FROM STDIN"), DatabaseError);
  connection->run_alone("COPY t TO STDOUT");
  CHECK(ask_integer(*connection, "SELECT count(*) FROM t") == 49'999);
}

TEST_CASE("statements that no transaction can hold run alone") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  connection->run(Commands{{.sql = "CREATE TABLE t (a int)"}}, Wrap::own_transaction);
  connection->set_timeouts({.lock_ms = 1'000});
  connection->run_alone("CREATE INDEX CONCURRENTLY i ON t (a)");
  connection->run_alone("VACUUM t");
  CHECK(failure_of_run(*connection, {{.sql = "VACUUM t"}}, Wrap::own_transaction)
            .failure()
            .sqlstate == "25001");
}

TEST_CASE("settings go in front of what comes next, and only when they change") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  connection->set_timeouts({.lock_ms = 1'500, .statement_ms = 60'000});
  CHECK(ask_text(*connection, "SHOW lock_timeout") == "1500ms");
  CHECK(ask_text(*connection, "SHOW statement_timeout") == "1min");

  connection->run(Commands{{.sql = "SET search_path = pg_catalog"},
                           {.sql = "SET lock_timeout = 7"},
                           {.sql = "CREATE ROLE limbeck_unit_role"},
                           {.sql = "SET ROLE limbeck_unit_role"},
                           {.sql = "CREATE TEMP TABLE left_behind (a int)"}},
                  Wrap::own_transaction);
  CHECK(ask_text(*connection, "SELECT current_user") == "limbeck_unit_role");
  connection->reset_session();
  // A failure rolls the settings back as well: they are sent again.
  CHECK_THROWS_AS(connection->run(Commands{{.sql = "SELECT 1/0"}}, Wrap::own_transaction),
                  DatabaseError);
  CHECK(ask_text(*connection, "SELECT current_user") == connection->database_user());
  CHECK(ask_text(*connection, "SHOW search_path") == "\"$user\", public");
  CHECK(ask_text(*connection, "SHOW lock_timeout") == "1500ms");
  CHECK(ask_text(*connection, "SHOW client_encoding") == "UTF8");
  CHECK(is_null(ask(*connection, "SELECT to_regclass('left_behind')")));
  connection->run(Commands{{.sql = "DROP ROLE limbeck_unit_role"}}, Wrap::own_transaction);

  connection->begin();
  connection->set_timeouts({.lock_ms = 99});
  CHECK(ask_text(*connection, "SHOW lock_timeout") == "99ms");
  connection->rollback();
  CHECK(ask_text(*connection, "SHOW lock_timeout") == "99ms");
}

TEST_CASE("what guards the server against a runner that dies is set before the first change") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto seen = [](Connection& connection) {
    return ask_text(connection,
                    "SELECT current_setting('client_connection_check_interval') || ' ' || "
                    "current_setting('idle_in_transaction_session_timeout')");
  };
  const auto reads = database.connect();
  CHECK(seen(*reads) == "0 0");
  CHECK(ask_integer(*reads, "SELECT 1") == 1);
  CHECK(seen(*reads) == "0 0");

  const auto runs = database.connect();
  runs->run(Commands{{.sql = "CREATE TABLE t (i int)"}}, Wrap::own_transaction);
  CHECK(seen(*runs) == "10s 5min");
  runs->reset_session();
  CHECK(seen(*runs) == "10s 5min");
  runs->clean_session();
  runs->run(Commands{{.sql = "SET search_path = nowhere"}}, Wrap::own_transaction);
  runs->clean_session();
  runs->begin();
  CHECK(seen(*runs) == "10s 5min");
  runs->rollback();
  CHECK(seen(*runs) == "10s 5min");

  const auto transaction = database.connect();
  transaction->begin();
  CHECK(seen(*transaction) == "10s 5min");
  transaction->rollback();

  const auto alone = database.connect();
  alone->run_alone("CREATE TABLE u (i int)");
  CHECK(seen(*alone) == "10s 5min");
}

TEST_CASE("a setting made by a function call is taken back too") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  for (const char* sql : {"SELECT set_config('search_path', '', false)",
                          "DO $$BEGIN PERFORM set_config('search_path', '', false); END$$",
                          "CREATE TABLE x AS SELECT set_config('search_path', '', false)"}) {
    connection->run(Commands{{.sql = sql}}, Wrap::own_transaction);
    connection->reset_session();
    CHECK(ask_text(*connection, "SHOW search_path") == "\"$user\", public");
  }
  connection->run_alone("SET search_path = pg_catalog");
  connection->reset_session();
  CHECK(ask_text(*connection, "SHOW search_path") == "\"$user\", public");
}

TEST_CASE("prepared statements are made again when they are gone or out of date") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  connection->run(Commands{{.sql = "CREATE TABLE t (a int, b varchar(3))"}}, Wrap::own_transaction);
  const Command insert{.sql = "INSERT INTO t VALUES ($1, $2) RETURNING b",
                       .parameters = {std::int64_t{1}, std::string("x")}};
  connection->run(Commands{insert, insert}, Wrap::own_transaction);
  CHECK(ask_integer(*connection, "SELECT count(*) FROM pg_prepared_statements") == 1);
  connection->run(Commands{{.sql = "DEALLOCATE ALL"}, insert}, Wrap::own_transaction);
  connection->run(Commands{{.sql = "DO $$BEGIN EXECUTE 'DEALLOCATE ALL'; END$$"}},
                  Wrap::own_transaction);
  connection->run(Commands{insert}, Wrap::own_transaction);
  connection->run(Commands{{.sql = "ALTER TABLE t ALTER b TYPE varchar(9)"}},
                  Wrap::own_transaction);
  connection->run(Commands{insert}, Wrap::own_transaction);
  connection->run_alone("DISCARD ALL");
  connection->run(Commands{insert}, Wrap::own_transaction);
  CHECK(ask_integer(*connection, "SELECT count(*) FROM t") == 6);

  connection->run(Commands{{.sql = "DO $$BEGIN EXECUTE 'DEALLOCATE ALL'; END$$"}},
                  Wrap::own_transaction);
  connection->begin();
  CHECK(failure_of_run(*connection, {insert}, Wrap::open_transaction).failure().retryable);
  connection->rollback();
  connection->begin();
  connection->run(Commands{insert}, Wrap::open_transaction);
  connection->commit();
  CHECK(ask_integer(*connection, "SELECT count(*) FROM t") == 7);
}

TEST_CASE("a lock that is not granted in time may be tried for again") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto first = database.connect();
  const auto second = database.connect();
  first->run(Commands{{.sql = "CREATE TABLE t (a int)"}}, Wrap::own_transaction);
  first->begin();
  first->run(Commands{{.sql = "LOCK TABLE t"}}, Wrap::open_transaction);
  second->set_timeouts({.lock_ms = 50});
  const DatabaseError error =
      failure_of_run(*second, {{.sql = "ALTER TABLE t ADD b int"}}, Wrap::own_transaction);
  CHECK(error.failure().sqlstate == "55P03");
  CHECK(error.failure().retryable);
  CHECK(error.code() == ExitCode::lock_not_acquired);
  CHECK(error.report().hint.find("pg_blocking_pids()") != std::string::npos);
  CHECK(error.report().hint.find("timeouts.lock") != std::string::npos);
  first->rollback();
  second->run(Commands{{.sql = "ALTER TABLE t ADD b int"}}, Wrap::own_transaction);
}

TEST_CASE("an interrupt cancels what runs, once") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  std::atomic<bool> interrupt = false;
  const auto connection = database.connect({.interrupt = &interrupt});
  const auto interrupted = [&](auto&& work) {
    interrupt = false;
    ask(*connection, "SELECT 1");
    std::thread user([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
      interrupt = true;
    });
    const auto start = std::chrono::steady_clock::now();
    CHECK_THROWS_AS(work(), Interrupted);
    user.join();
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{5});
    // What is written down afterwards is not cut off, though the flag still stands.
    CHECK(ask_text(*connection, "SELECT pg_sleep(0.3)::text") == "");
  };
  interrupted([&] { connection->run_alone("SELECT pg_sleep(20)"); });
  interrupted([&] { connection->query({.sql = "SELECT pg_sleep(20)"}); });
  interrupted([&] {
    connection->run(Commands{{.sql = "CREATE TABLE t (a int)"}, {.sql = "SELECT pg_sleep(20)"}},
                    Wrap::own_transaction);
  });
  CHECK(is_null(ask(*connection, "SELECT to_regclass('t')")));
}

TEST_CASE("a statement timeout is no interrupt") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const std::atomic<bool> interrupt = false;
  const auto connection = database.connect({.interrupt = &interrupt});
  connection->set_timeouts({.statement_ms = 20});
  try {
    connection->run_alone("SELECT pg_sleep(20)");
    FAIL("no timeout");
  } catch (const Interrupted&) {
    FAIL("taken for an interrupt");
  } catch (const DatabaseError& error) {
    CHECK(error.failure().sqlstate == "57014");
    CHECK(error.report().hint.find("timeouts.statement") != std::string::npos);
  }
}

TEST_CASE("a connection that the server ends is lost, and stays lost") {
  const auto server = server_url();
  if (!server) return;
  ScratchDatabase database(*server);
  const auto connection = database.connect();
  const auto end = [&](Connection& victim) {
    database.server().query({.sql = "SELECT pg_terminate_backend($1::int, 2000)",
                             .parameters = {victim.backend_pid()}});
  };
  end(*connection);
  CHECK_THROWS_AS(connection->run(Commands{{.sql = "SELECT 1"}}, Wrap::own_transaction),
                  ConnectionLost);
  CHECK_THROWS_AS(connection->run(Commands{{.sql = "SELECT 1"}}, Wrap::own_transaction),
                  ConnectionLost);
  CHECK_THROWS_AS(connection->query({.sql = "SELECT 1"}), ConnectionLost);
  CHECK_THROWS_AS(connection->run_alone("SELECT 1"), ConnectionLost);
  CHECK_THROWS_AS(connection->begin(), ConnectionLost);

  const auto working = database.connect();
  std::thread killer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    end(*working);
  });
  try {
    working->run(Commands{{.sql = "CREATE TABLE t (a int)"}, {.sql = "SELECT pg_sleep(20)"}},
                 Wrap::own_transaction);
    FAIL("not lost");
  } catch (const ConnectionLost& error) {
    CHECK(error.failure().sqlstate == "57P01");
    CHECK(error.failure().command == 1);
  }
  killer.join();
}

TEST_CASE("notices reach the caller, whatever the caller does with them") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  std::vector<std::string> notices;
  const auto connection = database.connect({.notice = [&](const std::string& text) {
    notices.push_back(text);
    throw std::runtime_error("never mind");
  }});
  connection->run(Commands{{.sql = "CREATE SCHEMA IF NOT EXISTS public"}}, Wrap::own_transaction);
  CHECK(notices == std::vector<std::string>{"NOTICE: schema \"public\" already exists, skipping"});
}

TEST_CASE("a read-only connection writes nothing, even after a reset") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect({.read_only = true});
  const std::vector<Command> write{{.sql = "CREATE TABLE t (a int)"}};
  CHECK(failure_of_run(*connection, write, Wrap::own_transaction).failure().sqlstate == "25006");
  connection->run_alone("SET search_path = public");
  connection->reset_session();
  CHECK(failure_of_run(*connection, write, Wrap::own_transaction).failure().sqlstate == "25006");
}

TEST_CASE("strings mean what the splitter takes them for") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = ScratchDatabase::dialect().connect(
      DatabaseUrl::parse(
          with_option(database.url(), "options=-c%20standard_conforming_strings%3Doff")),
      {});
  CHECK(ask_text(*connection, "SELECT 'a\\b'") == "a\\b");
  connection->run_alone("SET search_path = public");
  connection->reset_session();
  CHECK(ask_text(*connection, "SELECT 'a\\b'") == "a\\b");
}

TEST_CASE("no password of a statement gets into an error") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  const DatabaseError error = failure_of_run(
      *connection,
      {{.sql = "DO $$BEGIN EXECUTE 'ALTER ROLE nobody_there PASSWORD ''s3cret'''; END$$"}},
      Wrap::own_transaction);
  CHECK(error.report().detail.find("ALTER ROLE nobody_there PASSWORD") != std::string::npos);
  CHECK(error.report().detail.find("s3cret") == std::string::npos);
}

}  // namespace limbeck::test
