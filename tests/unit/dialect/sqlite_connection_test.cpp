#include <atomic>
#include <chrono>
#include <doctest/doctest.h>
#include <fstream>
#include <sqlite3.h>
#include <thread>
#include <unistd.h>

#include "unit/dialect/scratch_database.h"
#include "unit/dialect/scratch_folder.h"

namespace limbeck::test {
namespace {

using Commands = std::vector<Command>;

Error connect_failure(const DatabaseUrl& url, const ConnectOptions& options = {}) {
  try {
    dialect_named("sqlite").connect(url, options);
  } catch (const Error& error) {
    return error;
  }
  FAIL("connected");
  throw std::logic_error("not reached");
}

}  // namespace

TEST_CASE("a file is created only where that is wanted") {
  const ScratchFolder folder;
  const Error read_only = connect_failure(folder.url(), {.read_only = true});
  CHECK(read_only.code() == ExitCode::cannot_connect);
  CHECK(read_only.report().message.find("does not exist") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder.file()));
  CHECK(connect_failure(folder.url("no/app.db")).report().message.find("its folder") !=
        std::string::npos);
  CHECK(connect_failure(DatabaseUrl::parse("sqlite:////tmp"))
            .report()
            .message.find("it is a folder") != std::string::npos);
  folder.connect()->run(Commands{{.sql = "CREATE TABLE t (a)"}}, Wrap::own_transaction);
  const auto reader = folder.connect({.read_only = true});
  CHECK(failure_of_run(*reader, {}, Wrap::own_transaction).failure().sqlstate == "SQLITE_READONLY");
  CHECK(ask_integer(*reader, "SELECT count(*) FROM t") == 0);
}

TEST_CASE("a file that is no database is refused at once") {
  const ScratchFolder folder;
  std::ofstream(folder.file()) << std::string(4'096, 'x');
  const Error error = connect_failure(folder.url());
  CHECK(error.code() == ExitCode::cannot_connect);
  CHECK(error.report().detail == "SQLITE_NOTADB");
  CHECK(error.report().hint.find("it is no SQLite database") != std::string::npos);
}

TEST_CASE("values go in and come back, parameters by their number") {
  const ScratchFolder folder;
  const auto connection = folder.connect();
  const Row values{std::int64_t{-5}, 0.1, std::string("a\0b", 3), Blob{std::string("\0\xff", 2)},
                   Value{}};
  const ResultSet result =
      connection->query({.sql = "SELECT $5 AS n, $4, $3, $2, $1 AS i, $1", .parameters = values});
  CHECK(result.columns.at(0) == "n");
  CHECK(result.columns.at(4) == "i");
  CHECK(result.rows.at(0) == Row{values[4], values[3], values[2], values[1], values[0], values[0]});
  CHECK(connection->query({.sql = "SELECT 1 AS one WHERE false"}).columns ==
        std::vector<std::string>{"one"});
  // What is not given would be NULL, silently.
  CHECK_THROWS_AS(connection->query({.sql = "SELECT $2", .parameters = {std::int64_t{1}}}),
                  DatabaseError);
  CHECK_THROWS_AS(connection->query({.sql = "SELECT ?"}), DatabaseError);
  CHECK_THROWS_AS(connection->query({.sql = "SELECT :name", .parameters = {std::int64_t{1}}}),
                  DatabaseError);
}

TEST_CASE("commands run in one transaction, or not at all") {
  const ScratchFolder folder;
  const auto connection = folder.connect();
  const Command insert{.sql = "INSERT INTO t VALUES ($1, $2)",
                       .parameters = {std::int64_t{1}, std::string("x")}};
  CHECK(connection->run(Commands{{.sql = "CREATE TABLE t (a UNIQUE, b NOT NULL)"},
                                 insert,
                                 {.sql = "INSERT INTO t VALUES (2, 'y'), (3, 'z')"},
                                 {.sql = "SELECT * FROM t"},
                                 {.sql = "CREATE INDEX i ON t (b)"},
                                 {.sql = "-- nothing"},
                                 {.sql = "DELETE FROM t WHERE a > 2 RETURNING a"}},
                        Wrap::own_transaction) == std::vector<std::int64_t>{0, 1, 2, 0, 0, 0, 1});
  const DatabaseError error =
      failure_of_run(*connection, {{.sql = "CREATE TABLE u (a)"}, insert}, Wrap::own_transaction);
  CHECK(error.failure().sqlstate == "SQLITE_CONSTRAINT_UNIQUE");
  CHECK(error.failure().command == 1);
  CHECK(error.failure().table == "t");
  CHECK(error.failure().column == "a");
  CHECK(error.code() == ExitCode::failed_rolled_back);
  CHECK(ask_integer(*connection, "SELECT count(*) FROM sqlite_master WHERE name = 'u'") == 0);
  // The failed statement did not stay half run in the cache.
  connection->run(Commands{{.sql = "DELETE FROM t"}, insert}, Wrap::own_transaction);
}

TEST_CASE("a syntax error has its position, and one command is one statement") {
  const ScratchFolder folder;
  const auto connection = folder.connect();
  CHECK(failure_of_run(*connection, {{.sql = "SELECT 'ü' FRM t"}}, Wrap::own_transaction)
            .failure()
            .position == 16);
  CHECK(failure_of_run(*connection, {{.sql = "SELECT 1; SELECT 2"}}, Wrap::own_transaction)
            .report()
            .message == "this holds more than one statement");
  connection->run(Commands{{.sql = "SELECT 1; -- a comment"}}, Wrap::own_transaction);
  CHECK_THROWS_AS(connection->run_alone(std::string("SELECT 1\0 x", 11)), Error);
}

TEST_CASE("a command that must change one row undoes the transaction") {
  const ScratchFolder folder;
  const auto connection = folder.connect();
  connection->run(Commands{{.sql = "CREATE TABLE t (a)"}, {.sql = "INSERT INTO t VALUES (1), (2)"}},
                  Wrap::own_transaction);
  const DatabaseError error =
      failure_of_run(*connection,
                     {{.sql = "INSERT INTO t VALUES (9)"},
                      {.sql = "UPDATE t SET a = 3 WHERE a < 3", .must_affect_one_row = true}},
                     Wrap::own_transaction);
  CHECK(error.failure().sqlstate == "LB001");
  CHECK(error.failure().command == 1);
  // The count of the statement before is not taken for its own.
  CHECK(failure_of_run(*connection,
                       {{.sql = "INSERT INTO t VALUES (9)"},
                        {.sql = "DROP TABLE t", .must_affect_one_row = true}},
                       Wrap::own_transaction)
            .failure()
            .sqlstate == "LB001");
  CHECK(ask_integer(*connection, "SELECT sum(a) FROM t") == 3);
}

TEST_CASE("a deferred foreign key fails at the COMMIT") {
  const ScratchFolder folder;
  const auto connection = folder.connect();
  connection->run_alone("PRAGMA foreign_keys = ON");
  connection->run(
      Commands{{.sql = "CREATE TABLE p (a PRIMARY KEY)"},
               {.sql = "CREATE TABLE c (a REFERENCES p DEFERRABLE INITIALLY DEFERRED)"}},
      Wrap::own_transaction);
  const Commands bad{{.sql = "INSERT INTO c VALUES (1)"}};
  const DatabaseError error = failure_of_run(*connection, bad, Wrap::own_transaction);
  CHECK(error.failure().command == 1);
  CHECK(error.failure().sqlstate.substr(0, 17) == "SQLITE_CONSTRAINT");
  connection->begin();
  connection->run(bad, Wrap::open_transaction);
  CHECK_THROWS_AS(connection->commit(), DatabaseError);
  connection->begin();
  connection->rollback();
  CHECK(ask_integer(*connection, "SELECT count(*) FROM c") == 0);
}

TEST_CASE("a statement that ends the transaction is a failure") {
  const ScratchFolder folder;
  const auto connection = folder.connect();
  CHECK_THROWS_AS(
      connection->run(
          Commands{{.sql = "CREATE TABLE t (a)"}, {.sql = "COMMIT"}, {.sql = "SELECT 1"}},
          Wrap::own_transaction),
      DatabaseError);
  CHECK_THROWS_AS(connection->commit(), Error);
  connection->begin();
  CHECK_THROWS_AS(connection->begin(), Error);
  CHECK_THROWS_AS(connection->run({}, Wrap::own_transaction), Error);
  CHECK_THROWS_AS(connection->run_alone("VACUUM"), Error);
  connection->rollback();
  connection->run_alone("VACUUM");
}

TEST_CASE("a second writer waits for as long as it may") {
  const ScratchFolder folder;
  const auto first = folder.connect();
  const auto second = folder.connect();
  second->set_timeouts({.lock_ms = 60});
  first->begin();
  const auto start = std::chrono::steady_clock::now();
  const DatabaseError error =
      failure_of_run(*second, {{.sql = "CREATE TABLE t (a)"}}, Wrap::own_transaction);
  CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds{60});
  CHECK(error.failure().sqlstate == "SQLITE_BUSY");
  CHECK(error.failure().retryable);
  CHECK(error.code() == ExitCode::lock_not_acquired);
  second->set_timeouts({.lock_ms = 10'000});
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    first->rollback();
  });
  second->run(Commands{{.sql = "CREATE TABLE t (a)"}}, Wrap::own_transaction);
  later.join();
}

TEST_CASE("a statement may be given a time") {
  const ScratchFolder folder;
  const auto connection = folder.connect();
  connection->set_timeouts({.statement_ms = 50});
  const DatabaseError error = failure_of_run(
      *connection,
      {{.sql = "CREATE TABLE t (a)"},
       {.sql = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) "
               "FROM c"}},
      Wrap::own_transaction);
  CHECK(error.code() == ExitCode::failed_rolled_back);
  CHECK(error.failure().sqlstate == "SQLITE_INTERRUPT");
  CHECK(error.report().message == "the statement ran longer than the 50 ms of timeouts.statement");
  CHECK(error.failure().command == 1);
  connection->run(Commands{{.sql = "CREATE TABLE t (a)"}}, Wrap::own_transaction);
}

TEST_CASE("an interrupt stops a statement and a wait, once") {
  const ScratchFolder folder;
  std::atomic<bool> interrupt = false;
  const auto connection = folder.connect({.interrupt = &interrupt});
  const std::string endless =
      "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c";
  interrupt = true;
  CHECK_THROWS_AS(connection->run(Commands{{.sql = "CREATE TABLE t (a)"}, {.sql = endless}},
                                  Wrap::own_transaction),
                  Interrupted);
  CHECK(ask_integer(*connection, "SELECT count(*) FROM sqlite_master") == 0);
  // Long work after it is not cut off.
  CHECK(ask_integer(
            *connection,
            "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 3000000) "
            "SELECT count(*) FROM c") == 3'000'000);
  interrupt = false;
  ask_integer(*connection,
              "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 3000) "
              "SELECT count(*) FROM c");
  const auto other = folder.connect();
  other->begin();
  connection->set_timeouts({});
  interrupt = true;
  CHECK_THROWS_AS(connection->begin(), Interrupted);
}

TEST_CASE("a session is put back as it was") {
  const ScratchFolder folder;
  const auto connection = folder.connect();
  connection->run_alone("PRAGMA foreign_keys = ON");
  connection->run_alone("PRAGMA recursive_triggers = 1");
  connection->run_alone("PRAGMA case_sensitive_like = 1");
  connection->run_alone("PRAGMA busy_timeout = 1");
  connection->run_alone("ATTACH ':memory:' AS \"other one\"");
  connection->run_alone("CREATE TEMP VIEW v AS SELECT 1");
  connection->run_alone("PRAGMA query_only = 1");
  connection->reset_session();
  CHECK(ask_integer(*connection, "PRAGMA foreign_keys") == 0);
  CHECK(ask_integer(*connection, "PRAGMA recursive_triggers") == 0);
  CHECK(ask_integer(*connection, "PRAGMA query_only") == 0);
  CHECK(ask_integer(*connection, "SELECT 'A' LIKE 'a'") == 1);
  CHECK(ask_integer(*connection,
                    "SELECT count(*) FROM pragma_database_list WHERE name = 'other one'") == 0);
  CHECK_THROWS(connection->query({.sql = "SELECT * FROM v"}));

  // Inside a transaction the pragma would do nothing: it is put back before the next one.
  connection->run_alone("PRAGMA foreign_keys = ON");
  connection->begin();
  connection->reset_session();
  connection->rollback();
  connection->run({}, Wrap::own_transaction);
  CHECK(ask_integer(*connection, "PRAGMA foreign_keys") == 0);
}

TEST_CASE("what the connection itself was told at the start stays") {
  const ScratchFolder folder;
  folder.connect()->run(Commands{{.sql = "CREATE TABLE t (a)"}}, Wrap::own_transaction);
  const auto reader = folder.connect({.read_only = true});
  reader->run_alone("PRAGMA query_only = 0");
  reader->reset_session();
  CHECK(ask_integer(*reader, "PRAGMA query_only") == 1);
}

TEST_CASE("many transactions keep one journal, and leave none behind") {
  const ScratchFolder folder;
  auto connection = folder.connect();
  const std::string journal = folder.file() + "-journal";
  const auto write = [&](Connection& by) {
    by.run(Commands{{.sql = "INSERT INTO t VALUES (1)"}}, Wrap::own_transaction);
  };
  connection->run(Commands{{.sql = "CREATE TABLE t (a)"}}, Wrap::own_transaction);
  CHECK_FALSE(std::filesystem::exists(journal));

  connection->expect_many_transactions(true);
  write(*connection);
  REQUIRE(std::filesystem::exists(journal));
  CHECK(std::ifstream(journal, std::ios::binary).get() == 0);  // nobody is to roll it back
  const auto other = folder.connect();
  write(*other);  // which removes it, as its mode is another
  write(*connection);
  CHECK(std::filesystem::exists(journal));
  CHECK(ask_integer(*other, "SELECT count(*) FROM t") == 3);

  SUBCASE("when they are over") {
    connection->expect_many_transactions(false);
  }
  SUBCASE("when the connection ends before that") {
    connection.reset();
  }
  SUBCASE("when it ends in the middle of one") {
    connection->begin();
    connection->run(Commands{{.sql = "INSERT INTO t VALUES (2)"}}, Wrap::open_transaction);
    connection.reset();
  }
  CHECK_FALSE(std::filesystem::exists(journal));
  CHECK(ask_integer(*other, "SELECT count(*) FROM t") == 3);
  if (connection) CHECK(ask_text(*connection, "PRAGMA journal_mode") == "delete");
}

TEST_CASE("a kept journal gives back what a large transaction needed") {
  const ScratchFolder folder;
  const auto connection = folder.connect();
  connection->run_alone("PRAGMA journal_size_limit = 5000000");
  connection->run(
      Commands{{.sql = "CREATE TABLE t (a)"},
               {.sql = "INSERT INTO t WITH RECURSIVE s(v) AS (SELECT 1 UNION ALL SELECT "
                       "v + 1 FROM s WHERE v < 4000) SELECT zeroblob(1000) FROM s"}},
      Wrap::own_transaction);
  connection->expect_many_transactions(true);
  connection->run(Commands{{.sql = "UPDATE t SET a = zeroblob(1001)"}}, Wrap::own_transaction);
  CHECK(std::filesystem::file_size(folder.file() + "-journal") <= 1 << 20);
  connection->expect_many_transactions(false);
  CHECK(ask_integer(*connection, "PRAGMA journal_size_limit") == 5'000'000);
}

TEST_CASE("nobody waits for the right to remove a journal") {
  const ScratchFolder folder;
  const auto connection = folder.connect();  // its locks have five seconds
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open(folder.file().c_str(), &other) == SQLITE_OK);
  connection->expect_many_transactions(true);
  connection->run(Commands{{.sql = "CREATE TABLE t (a)"}}, Wrap::own_transaction);
  CHECK(sqlite3_exec(other, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr) == SQLITE_OK);
  const auto begin = std::chrono::steady_clock::now();
  connection->expect_many_transactions(false);
  connection->expect_many_transactions(true);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));
  sqlite3_close(other);
}

TEST_CASE("a journal that somebody's lock keeps is gone after the next transaction") {
  const ScratchFolder folder;
  const auto connection = folder.connect();
  const auto other = folder.connect();
  connection->expect_many_transactions(true);
  connection->run(Commands{{.sql = "CREATE TABLE t (a)"}}, Wrap::own_transaction);
  other->begin();
  other->run(Commands{{.sql = "INSERT INTO t VALUES (1)"}}, Wrap::open_transaction);
  connection->expect_many_transactions(false);
  CHECK(std::filesystem::exists(folder.file() + "-journal"));
  other->commit();
  CHECK_FALSE(std::filesystem::exists(folder.file() + "-journal"));
  CHECK(ask_integer(*connection, "SELECT count(*) FROM t") == 1);
}

TEST_CASE("a file in another journal mode stays in it") {
  const ScratchFolder folder;
  const auto connection = folder.connect();
  SUBCASE("that it has") {
    connection->run_alone("PRAGMA journal_mode = WAL");
  }
  connection->expect_many_transactions(true);
  SUBCASE("that a revision gives it") {
    connection->run_alone("PRAGMA journal_mode = WAL");
  }
  connection->run(Commands{{.sql = "CREATE TABLE t (a)"}}, Wrap::own_transaction);
  CHECK(ask_text(*connection, "PRAGMA journal_mode") == "wal");
  connection->expect_many_transactions(false);
  CHECK(ask_text(*connection, "PRAGMA journal_mode") == "wal");
}

}  // namespace limbeck::test
