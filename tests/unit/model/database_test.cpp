#include "limbeck/database.h"

#include <chrono>
#include <doctest/doctest.h>
#include <utility>

#include "model/database_state.h"
#include "unit/model/databases.h"
#include "unit/temporary_folder.h"

namespace limbeck::test {
namespace {

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

void create_notes(Database& database) {
  database.execute("CREATE TABLE notes (id integer PRIMARY KEY, body text NOT NULL)");
}

void add_note(Database& database, std::int64_t id) {
  database.execute("INSERT INTO notes VALUES ($1, $2)", {id, std::string("note")});
}

}  // namespace

TEST_CASE("statements have parameters with the same spelling on every database") {
  on_each_database([](Database& database) {
    create_notes(database);
    const std::string hostile = "'); DROP TABLE notes; --";
    CHECK(database.execute("INSERT INTO notes VALUES ($2, $1)", {hostile, std::int64_t{1}}) == 1);
    const ResultSet rows =
        database.query("SELECT body FROM notes WHERE body = $1 OR body = $1", {hostile});
    CHECK(rows.columns == std::vector<std::string>{"body"});
    CHECK(rows.rows == std::vector<Row>{{hostile}});
    CHECK(database.execute("DELETE FROM notes WHERE id = $1", {std::int64_t{7}}) == 0);
  });
}

TEST_CASE("a statement that fails says which constraint, and the connection goes on") {
  on_each_database([](Database& database) {
    create_notes(database);
    add_note(database, 1);
    const auto twice = thrown_by<DatabaseError>([&] { add_note(database, 1); });
    const bool sqlite = database.dialect() == "sqlite";
    CHECK(twice.failure().sqlstate == (sqlite ? "SQLITE_CONSTRAINT_PRIMARYKEY" : "23505"));
    const auto null = thrown_by<DatabaseError>(
        [&] { database.execute("INSERT INTO notes VALUES (2, $1)", {Value()}); });
    CHECK(null.failure().sqlstate == (sqlite ? "SQLITE_CONSTRAINT_NOTNULL" : "23502"));
    CHECK(count_of(database, "notes") == 1);
    CHECK_FALSE(database.in_transaction());
  });
}

TEST_CASE("foreign keys are enforced") {
  on_each_database([](Database& database) {
    create_notes(database);
    database.execute("CREATE TABLE tags (note_id integer REFERENCES notes (id))");
    CHECK_THROWS_AS(database.execute("INSERT INTO tags VALUES (7)"), DatabaseError);
  });
}

TEST_CASE("a name that is no column is an error, never a text") {
  on_each_database([](Database& database) {
    create_notes(database);
    CHECK_THROWS_AS(database.query("SELECT \"nickname\" FROM notes"), DatabaseError);
  });
}

TEST_CASE("a transaction is committed or not there at all") {
  on_each_database([](Database& database) {
    create_notes(database);
    {
      Transaction transaction(database);
      CHECK(database.in_transaction());
      add_note(database, 1);
      transaction.commit();
      CHECK_FALSE(database.in_transaction());
    }
    {
      const Transaction transaction(database);
      add_note(database, 2);
    }
    Transaction transaction(database);
    add_note(database, 3);
    transaction.rollback();
    CHECK_FALSE(database.in_transaction());
    CHECK_THROWS_AS(transaction.commit(), Error);
    CHECK_THROWS_AS(transaction.rollback(), Error);
    CHECK(count_of(database, "notes") == 1);
  });
}

TEST_CASE("a transaction inside another one is a savepoint") {
  on_each_database([](Database& database) {
    create_notes(database);
    Transaction outer(database);
    add_note(database, 1);
    {
      Transaction inner(database);
      add_note(database, 2);
      CHECK_THROWS_AS(outer.commit(), Error);
      CHECK_THROWS_AS(add_note(database, 1), DatabaseError);
    }
    {
      Transaction inner(database);
      add_note(database, 3);
      {
        const Transaction innermost(database);
        add_note(database, 4);
      }
      inner.commit();
    }
    CHECK(thrown_by([&] { Transaction(database, {.read_only = true}); }).code() == ExitCode::usage);
    outer.commit();
    const ResultSet ids = database.query("SELECT id FROM notes ORDER BY id");
    CHECK(ids.rows == std::vector<Row>{{std::int64_t{1}}, {std::int64_t{3}}});
  });
}

TEST_CASE("a transaction in which a statement failed is not committed, on any database") {
  on_each_database([](Database& database) {
    create_notes(database);
    Transaction transaction(database);
    add_note(database, 1);
    CHECK_THROWS_AS(add_note(database, 1), DatabaseError);
    CHECK_THROWS_AS(Transaction{database}, Error);
    CHECK(thrown_by([&] { add_note(database, 2); }).code() == ExitCode::usage);
    const Error error = thrown_by([&] { transaction.commit(); });
    CHECK(error.code() == ExitCode::failed_rolled_back);
    CHECK(error.report().state == "the transaction was rolled back");
    CHECK(count_of(database, "notes") == 0);
    Transaction next(database);
    add_note(database, 1);
    next.commit();
    CHECK(count_of(database, "notes") == 1);
  });
}

TEST_CASE("a transaction that only reads writes nothing, and the next one may") {
  on_each_database([](Database& database) {
    create_notes(database);
    {
      Transaction transaction(database,
                              {.isolation = Isolation::repeatable_read, .read_only = true});
      CHECK(count_of(database, "notes") == 0);
      CHECK_THROWS_AS(add_note(database, 1), DatabaseError);
    }
    {
      Transaction transaction(database, {.read_only = true});
      transaction.commit();
    }
    Transaction transaction(database, {.isolation = Isolation::serializable});
    add_note(database, 1);
    if (database.dialect() == "postgresql") {
      CHECK(text_of(database.query("SHOW transaction_isolation").rows[0][0]) == "serializable");
    }
    transaction.commit();
    CHECK(count_of(database, "notes") == 1);
  });
}

TEST_CASE("statements that would end a transaction behind its back are refused") {
  on_each_database([](Database& database) {
    for (const char* sql :
         {"BEGIN", "begin immediate", "COMMIT", " -- x\n rollback", "END", "SAVEPOINT a",
          "START TRANSACTION", "; COMMIT", "/* x */ ; commit", "PREPARE TRANSACTION 'x'"}) {
      CHECK(thrown_by([&] { database.execute(sql); }).code() == ExitCode::usage);
    }
    CHECK_THROWS_AS(database.execute("SELECT 1; SELECT 2"), DatabaseError);
  });
}

TEST_CASE("a Database moves, also while a transaction is open") {
  on_each_database([](Database& database) {
    create_notes(database);
    Transaction transaction(database);
    Database moved(std::move(database));
    add_note(moved, 1);
    transaction.commit();
    CHECK(count_of(moved, "notes") == 1);
    CHECK(thrown_by([&] { database.query("SELECT 1"); }).code() == ExitCode::usage);
    CHECK_THROWS_AS(Transaction{database}, Error);
    database = std::move(moved);
  });
}

TEST_CASE("rows are streamed one after the other, until the taker has enough") {
  on_each_database([](Database& database) {
    Connection& connection = detail::connection_of(database);
    const Command numbers{
        .sql =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) "
            "SELECT i FROM n",
        .parameters = {std::int64_t{2'500}}};
    std::int64_t sum = 0;
    connection.stream(numbers, [&](Row& row) {
      sum += integer_of(row.at(0));
      return true;
    });
    CHECK(sum == 2'500 * 2'501 / 2);
    int seen = 0;
    connection.stream(numbers, [&](Row&) { return ++seen < 1'200; });
    CHECK(seen == 1'200);
    CHECK_FALSE(database.in_transaction());
    // The taker's own failure leaves nothing open, and its statements are free.
    CHECK_THROWS_AS(connection.stream(numbers, [](Row&) -> bool { throw std::logic_error("x"); }),
                    std::logic_error);
    CHECK_FALSE(database.in_transaction());
    Transaction transaction(database);
    int nested = 0;
    connection.stream(numbers, [&](Row&) {
      connection.stream(numbers, [&](Row&) { return ++nested % 10 != 0; });
      return nested < 30;
    });
    CHECK(nested == 30);
    CHECK_THROWS_AS(connection.stream(numbers, [](Row&) -> bool { throw std::logic_error("x"); }),
                    std::logic_error);
    CHECK(count_of(database, "(SELECT 1) t") == 1);
  });
}

TEST_CASE("a statement that cannot be streamed says where its fault is") {
  on_each_database([](Database& database) {
    const auto error = thrown_by<DatabaseError>([&] {
      detail::connection_of(database).stream({.sql = "SELECT 1 FROM nowhere"},
                                             [](Row&) { return true; });
    });
    if (database.dialect() == "postgresql") CHECK(error.failure().position == 15);
    CHECK_FALSE(database.in_transaction());
  });
}

TEST_CASE("values come in the texts of limbeck/types.h whatever the server is set to") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase scratch(*server);
  for (const char* setting : {"datestyle = 'German'", "intervalstyle = 'postgres_verbose'",
                              "bytea_output = 'escape'", "extra_float_digits = 0"}) {
    scratch.connect()->run_alone("ALTER DATABASE " + scratch.name() + " SET " + setting);
  }
  Database database(scratch.url());
  const Row row = database
                      .query(
                          "SELECT DATE '2024-02-29', INTERVAL '1 month 2 days', "
                          "'\\x00ff'::bytea, 0.1::float8 + 0.2")
                      .rows.at(0);
  CHECK(text_of(row[0]) == "2024-02-29");
  CHECK(text_of(row[1]) == "P1M2D");
  CHECK(text_of(row[2]) == "\\x00ff");
  CHECK(text_of(row[3]) == "0.30000000000000004");
}

TEST_CASE("the options of a connection hold") {
  const TemporaryFolder folder;
  const std::string url = "sqlite:///" + (folder.path() / "a.db").string();
  CHECK(thrown_by([&] { Database(url, {.read_only = true}); }).code() == ExitCode::cannot_connect);
  Database writer(url);
  create_notes(writer);
  Database reader(url, {.read_only = true});
  CHECK(count_of(reader, "notes") == 0);
  CHECK_THROWS_AS(add_note(reader, 1), DatabaseError);
  {
    Transaction transaction(reader, {.read_only = true});
    transaction.commit();
  }
  CHECK_THROWS_AS(add_note(reader, 1), DatabaseError);

  using namespace std::chrono_literals;
  Database impatient(url, {.lock_timeout = 30ms});
  const Transaction held(writer);
  const auto busy = thrown_by<DatabaseError>([&] { Transaction{impatient}; });
  CHECK(busy.failure().retryable);
  CHECK(thrown_by([] { Database("nothing://"); }).code() == ExitCode::usage);
  const std::string endless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
  Database hasty("sqlite://", {.statement_timeout = 30ms});
  CHECK(has(thrown_by([&] { hasty.query(endless); }).what(), "30 ms"));
  const std::atomic<bool> stop = true;
  Database interrupted("sqlite://", {.interrupt = &stop});
  CHECK_THROWS_AS(interrupted.query(endless), Interrupted);
}

}  // namespace limbeck::test
