#include <doctest/doctest.h>

#include "unit/dialect/scratch_database.h"

namespace limbeck::test {
namespace {

using Commands = std::vector<Command>;

void run(Connection& connection, const std::vector<std::string>& texts) {
  Commands commands;
  for (const std::string& text : texts) commands.push_back({.sql = text});
  connection.run(commands, Wrap::own_transaction);
}

}  // namespace

TEST_CASE("the runner's tables are made, found and widened") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  const Dialect& dialect = ScratchDatabase::dialect();
  const QualifiedName table{{"odd \"schema"}, {"odd 'table"}};
  CHECK_FALSE(dialect.table_exists(*connection, table));
  run(*connection, {"CREATE SCHEMA \"odd \"\"schema\""});
  run(*connection, dialect.create_version_table(table, 32));
  CHECK(dialect.table_exists(*connection, table));
  CHECK(dialect.column_width(*connection, table, {"version_num"}) == 32);
  run(*connection, dialect.widen_version_table(table, 255));
  CHECK(dialect.column_width(*connection, table, {"version_num"}) == 255);
  CHECK_FALSE(dialect.column_width(*connection, table, {"nothing"}));
  CHECK(ask_text(*connection,
                 "SELECT conname FROM pg_constraint WHERE contype = 'p' AND conrelid = "
                 "(SELECT oid FROM pg_class WHERE relname = 'odd ''table')") == "odd 'table_pkc");

  const QualifiedName journal{table.schema, {"limbeck_journal"}};
  run(*connection, dialect.create_journal_table(journal));
  const std::string insert = fmt::format(
      "INSERT INTO {} (version_table, run_id, kind, direction, outcome, backend_started, "
      "started_at) VALUES ('v', 'r', "
      "'k', 'd', 'o', '{}', {}) RETURNING id",
      dialect.quote(journal), connection->backend_started(), dialect.now());
  CHECK(ask_integer(*connection, insert) == 1);
  CHECK(ask_integer(*connection, insert) == 2);
  CHECK(ask_integer(*connection, fmt::format("SELECT count(*) FROM {} WHERE version_table = 'v'",
                                             dialect.quote(journal))) == 2);
}

TEST_CASE("a table is located where an unqualified name finds it, or would be created") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  const Dialect& dialect = ScratchDatabase::dialect();
  const QualifiedName name{{}, {"alembic_version"}};
  const auto schema = [&] { return dialect.locate(*connection, name).schema.name; };
  CHECK(schema() == "public");
  CHECK(dialect.locate(*connection, {{"s"}, {"t"}}).schema.name == "s");
  run(*connection, {"CREATE SCHEMA s", "CREATE TABLE s.alembic_version (a int)"});
  run(*connection, {"SET search_path = public, s"});
  CHECK(schema() == "s");
  run(*connection, {"CREATE TEMP TABLE alembic_version (a int)"});
  CHECK(schema() == "public");
  run(*connection, {"SET search_path = nowhere"});
  CHECK_THROWS_AS(schema(), Error);
}

TEST_CASE("what a search_path holds does not fool the catalog queries") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  const Dialect& dialect = ScratchDatabase::dialect();
  run(*connection,
      {"CREATE TABLE t (a int PRIMARY KEY)", "CREATE TEMP TABLE pg_class (oid oid, relname name)",
       "CREATE FUNCTION public.never(name, name) RETURNS bool LANGUAGE sql AS 'SELECT false'",
       "CREATE OPERATOR public.= (LEFTARG = name, RIGHTARG = name, FUNCTION = public.never)",
       "SET search_path = public, pg_catalog"});
  CHECK(dialect.table_exists(*connection, {{"public"}, {"t"}}));
  CHECK(dialect.locate(*connection, {{}, {"t"}}).schema.name == "public");
  CHECK(dialect.primary_key(*connection, "t").size() == 1);
}

TEST_CASE("the primary key of a table, as a backfill names it") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const auto connection = database.connect();
  const Dialect& dialect = ScratchDatabase::dialect();
  run(*connection, {"CREATE TABLE \"Two Keys\" (x text, b varchar(9), \"A\" int8, PRIMARY KEY "
                    "(\"A\", b) INCLUDE (x))",
                    "CREATE TABLE none (a int UNIQUE)"});
  const auto key = dialect.primary_key(*connection, "public.\"Two Keys\"");
  REQUIRE(key.size() == 2);
  CHECK(key[0].name == "A");
  CHECK(key[1].name == "b");
  CHECK(dialect.primary_key(*connection, "NONE").empty());
  CHECK(dialect.primary_key(*connection, "nowhere").empty());
  CHECK_FALSE(dialect.is_file());
  CHECK_THROWS_AS(dialect.backup(DatabaseUrl::parse(database.url()), "/nowhere/x"), Error);
}

}  // namespace limbeck::test
