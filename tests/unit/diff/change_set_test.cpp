#include "diff/change_set.h"

#include <doctest/doctest.h>

#include "unit/diff/interpreted.h"

using namespace limbeck;

namespace {

ChangeSet changes(const std::string& from, const std::string& to) {
  return change_set(test::interpreted(from), test::interpreted(to),
                    schema_dialect_named("postgresql"), {});
}

ObjectId table(const std::string& name) {
  return {Kind::table, "public", name, ""};
}

ObjectId column(const std::string& of, const std::string& name) {
  return {Kind::column, "public", of, name};
}

}  // namespace

TEST_CASE("what only one side has is dropped or created, with its parts") {
  const ChangeSet found = changes("CREATE TABLE gone (a int);", "CREATE TABLE made (a int);");
  CHECK(found.drops == std::set<ObjectId>{table("gone"), column("gone", "a")});
  CHECK(found.creates == std::set<ObjectId>{table("made"), column("made", "a")});
  CHECK(found.alters.empty());
}

TEST_CASE("a view on a column that gets another type is made anew, and nothing beside it") {
  const ChangeSet found = changes(
      "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t;"
      "CREATE VIEW w AS SELECT b FROM t;",
      "CREATE TABLE t (a bigint, b int); CREATE VIEW v AS SELECT a FROM t;"
      "CREATE VIEW w AS SELECT b FROM t;");
  const ObjectId view{Kind::view, "public", "v", ""};
  CHECK(found.drops == std::set<ObjectId>{view});
  CHECK(found.creates == std::set<ObjectId>{view});
  REQUIRE(found.alters.size() == 1);
  CHECK(found.alters.begin()->first == column("t", "a"));
}

TEST_CASE("an enum that loses a label is replaced with the columns that have it") {
  const ChangeSet found =
      changes("CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (m mood DEFAULT 'a');",
              "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (m mood DEFAULT 'a');");
  REQUIRE(found.retypes.size() == 1);
  CHECK(found.retypes[0].types.size() == 1);
  REQUIRE(found.retypes[0].columns.size() == 1);
  CHECK(found.retypes[0].columns[0].from.id == column("t", "m"));
  // The default is a value of the type.
  CHECK(found.drops == std::set<ObjectId>{{Kind::column_default, "public", "t", "m"}});
}

TEST_CASE("an enum that gets a label is altered") {
  const ChangeSet found =
      changes("CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (m mood DEFAULT 'a');",
              "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE t (m mood DEFAULT 'a');");
  CHECK(found.retypes.empty());
  CHECK(found.drops.empty());
  CHECK(found.alters.size() == 1);
}

TEST_CASE("an index like the whole table's is made anew when its table is attached") {
  const std::string tables =
      "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE one (a int);"
      "CREATE INDEX p_a ON p (a); CREATE INDEX own ON one (a DESC); CREATE INDEX far ON one (a, "
      "a);";
  const ChangeSet found =
      changes(tables,
              "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE one (a int);"
              "CREATE INDEX p_a ON p (a); ALTER TABLE p ATTACH PARTITION one FOR VALUES IN (1);"
              "CREATE INDEX own ON one (a DESC); CREATE INDEX far ON one (a, a);");
  CHECK(found.drops == std::set<ObjectId>{{Kind::index, "public", "own", ""}});
}

TEST_CASE("what is apart is not looked at") {
  const Schema from = test::interpreted("CREATE TABLE t (a int);");
  const ChangeSet found = change_set(from, Schema{}, schema_dialect_named("postgresql"),
                                     {.from = {table("t"), column("t", "a")}, .to = {}});
  CHECK(found.drops.count(table("t")) == 0);
  CHECK(found.drops.count(column("t", "a")) == 0);
}
