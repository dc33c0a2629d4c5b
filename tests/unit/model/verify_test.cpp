#include "limbeck/verify.h"

#include <chrono>
#include <doctest/doctest.h>

#include "limbeck/error.h"
#include "limbeck/transaction.h"

#include "model/database_state.h"
#include "model/ddl.h"
#include "model/programs/shop.h"
#include "sql/splitter.h"
#include "unit/model/databases.h"

namespace limbeck::test {
namespace {

std::vector<Metadata> shop_sets() {
  return {metadata<shop::Team, shop::User, shop::Sample>("people"),
          metadata<shop::Order, shop::Line, shop::Parcel>("sales")};
}

void run_script(Database& database, const std::string& sql) {
  const Dialect& dialect = detail::dialect_of(database);
  for (const sql::Statement& statement : sql::split(sql, dialect.lexical_rules(), {"test", 1, 1}))
    detail::connection_of(database).run_alone(statement.text);
}

void create_shop(Database& database) {
  run_script(database, schema_sql(shop_sets(), std::string(database.dialect())));
}

// One on each line.
std::string mismatches(Database& database) {
  std::string text;
  for (const Mismatch& it : verify(database, shop_sets())) text += to_string(it) + "\n";
  return text;
}

void on_postgres(const std::function<void(Database&)>& test) {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase scratch(*server);
  Database database(scratch.url());
  test(database);
}

// A change of the database, and what is said of it.
struct Damage {
  const char* sql;
  std::string said;
};

void check_damage(Database& database, const Damage& damage) {
  const std::string sql = damage.sql;
  CAPTURE(sql);
  create_shop(database);
  REQUIRE(mismatches(database) == "");
  run_script(database, sql);
  CHECK(mismatches(database) == damage.said);
}

}  // namespace

TEST_CASE("a database that is as it is declared has no mismatch, and one that is empty has") {
  on_each_database([](Database& database) {
    const std::vector<Mismatch> all = verify(database, shop_sets());
    const auto tables = std::count_if(all.begin(), all.end(), [](const Mismatch& it) {
      return it.kind == MismatchKind::missing_table;
    });
    CHECK(tables == 6);
    create_shop(database);
    CHECK(mismatches(database) == "");
  });
}

TEST_CASE("what PostgreSQL lacks or has in another way is said") {
  const std::vector<Damage> damages{
      {"DROP TABLE teams CASCADE",
       "table public.teams: a table is missing\n"
       "table public.users: foreign key (team_id) to teams (id), on delete CASCADE, on update "
       "RESTRICT is missing\n"},
      {"ALTER TABLE users DROP COLUMN nickname", "column public.users.nickname: text is missing\n"},
      {"ALTER TABLE users ALTER COLUMN nickname TYPE varchar(10)",
       "column public.users.nickname: text is expected, character varying(10) is there\n"},
      {"ALTER TABLE users ALTER COLUMN nickname SET NOT NULL",
       "column public.users.nickname: NULL is expected, NOT NULL is there\n"},
      {"ALTER TABLE users ALTER COLUMN created_at DROP DEFAULT",
       "default public.users.created_at: now() is missing\n"},
      {"ALTER TABLE users ALTER COLUMN id DROP IDENTITY",
       "column public.users.id: identity is expected, an ordinary column is there\n"},
      {"ALTER TABLE users ADD COLUMN age integer NOT NULL",
       "column public.users.age: not expected: integer NOT NULL without a default\n"},
      {"ALTER TABLE users ADD COLUMN age integer NOT NULL DEFAULT 1; ALTER TABLE users ADD COLUMN "
       "size integer; ALTER TYPE role ADD VALUE 'guest'; CREATE TABLE more (id integer)",
       ""},
      {"ALTER TYPE role RENAME VALUE 'member' TO 'friend'",
       "enum public.role: label member is missing\n"},
      {"DROP INDEX ix_users_latest; ALTER INDEX ix_users_team_role RENAME TO another",
       "index public.ix_users_latest: (created_at DESC, id) is missing\n"},
      {"ALTER TABLE sales.lines DROP CONSTRAINT ck_lines_number; ALTER TABLE sales.lines RENAME "
       "CONSTRAINT uq_lines_article TO another",
       "table sales.lines: check (number > 0) is missing\n"},
      {"ALTER TABLE teams DROP CONSTRAINT uq_teams_title; CREATE UNIQUE INDEX x ON teams (title)",
       ""},
      {"DROP TRIGGER set_updated_at ON users",
       "trigger public.users.set_updated_at: a trigger is missing\n"},
  };
  for (const Damage& damage : damages) {
    on_postgres([&](Database& database) { check_damage(database, damage); });
  }
}

TEST_CASE("what SQLite lacks or has in another way is said") {
  const std::vector<Damage> damages{
      {"DROP TRIGGER users_set_updated_at; ALTER TABLE users DROP COLUMN nickname",
       "column users.nickname: TEXT is missing\n"
       "trigger users.users_set_updated_at: a trigger is missing\n"},
      {"DROP INDEX ix_users_latest; CREATE INDEX another ON users (email)",
       "index ix_users_latest: (created_at DESC, id) is missing\n"},
      {"ALTER TABLE users ADD COLUMN age integer NOT NULL DEFAULT 1", ""},
  };
  for (const Damage& damage : damages) {
    Database database("sqlite://");
    check_damage(database, damage);
  }
}

TEST_CASE("tables without a schema are expected where the search path leads") {
  on_postgres([](Database& database) {
    run_script(database, "CREATE SCHEMA tenant; SET search_path = tenant");
    create_shop(database);
    CHECK(mismatches(database) == "");
    run_script(database, "ALTER TABLE tenant.users DROP COLUMN nickname");
    CHECK(mismatches(database) == "column tenant.users.nickname: text is missing\n");
  });
}

TEST_CASE("a database is verified before the first transaction, and sets are told apart") {
  on_each_database([](Database& database) {
    {
      Transaction transaction(database);
      CHECK_THROWS_AS(verify(database, shop_sets()), Error);
    }
    const Metadata people = metadata<shop::Team, shop::User>("people");
    const Metadata others = metadata<shop::Team, shop::User>("others");
    CHECK_THROWS_WITH(verify(database, people, others),
                      "table teams is declared by two sets of models: people and others");
  });
}

TEST_CASE("verifying is quick") {
  on_each_database([](Database& database) {
    create_shop(database);
    const auto start = std::chrono::steady_clock::now();
    verify(database, shop_sets());
    const auto took = std::chrono::steady_clock::now() - start;
    MESSAGE(database.dialect(), ": ",
            std::chrono::duration_cast<std::chrono::microseconds>(took).count(), " us");
    CHECK(took < std::chrono::seconds(5));  // where the machine is busy
  });
}

}  // namespace limbeck::test
