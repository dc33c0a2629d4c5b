#include "diff/rename.h"

#include <doctest/doctest.h>

#include "limbeck/error.h"

#include "unit/diff/interpreted.h"

using namespace limbeck;

namespace {

const sql::LexicalRules& rules() {
  return dialect_named("postgresql").lexical_rules();
}

Renamed renamed(const std::string& from, const std::string& to, const std::string& request,
                bool declared = false) {
  RenameRequest parsed = parse_rename(request);
  parsed.declared = declared;
  return rename(test::interpreted(from), test::interpreted(to), std::vector{parsed}, rules());
}

bool refused(const std::string& from, const std::string& to, const std::string& request) {
  try {
    renamed(from, to, request);
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::usage);
    return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a request is two names around an equals sign") {
  CHECK(parse_rename("users=people").to == "people");
  CHECK(parse_rename("\"a=b\"=c").from == "\"a=b\"");
  CHECK_THROWS_AS(parse_rename("users"), Error);
  CHECK_THROWS_AS(parse_rename("\"a=b\""), Error);
}

TEST_CASE("a table is renamed with its parts, and with what speaks of it") {
  const Renamed found =
      renamed("CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE o (u int REFERENCES users);",
              "CREATE TABLE people (id int PRIMARY KEY); CREATE TABLE o (u int REFERENCES people);",
              "users=people");
  REQUIRE(found.operations.size() == 1);
  REQUIRE(found.schema);
  CHECK(found.schema->find({Kind::column, "public", "people", "id"}) != nullptr);
  CHECK(found.schema->find({Kind::table, "public", "users", ""}) == nullptr);
  const Object* key = found.schema->find({Kind::constraint, "public", "o", "o_u_fkey"});
  REQUIRE(key != nullptr);
  CHECK(as<Constraint>(*key).foreign_key->table.name == "people");
}

TEST_CASE("a column and a label are renamed by their paths") {
  CHECK(renamed("CREATE TABLE t (a int);", "CREATE TABLE t (b int);", "t.a=b").operations.size() ==
        1);
  CHECK(renamed("CREATE TYPE m AS ENUM ('sad');", "CREATE TYPE m AS ENUM ('blue');", "m.sad=blue")
            .operations.size() == 1);
}

TEST_CASE("what is renamed already is left alone, and what means nothing is refused") {
  const std::string old = "CREATE TABLE t (a int);";
  const std::string now = "CREATE TABLE u (a int);";
  CHECK(renamed(now, now, "t=u").operations.empty());
  CHECK(refused(old, now, "x=y"));
  CHECK(refused(old, old + now, "t=u"));                    // the new side still has the old one
  CHECK(renamed("", now, "t=u", true).operations.empty());  // declared: it may stay
}

TEST_CASE("requests are undone in the same order") {
  const std::vector<RenameRequest> requests{parse_rename("a=b"), parse_rename("b.x=y")};
  const std::vector<RenameRequest> back = reversed(requests);
  REQUIRE(back.size() == 2);
  CHECK(back[0].from.find('b') != std::string::npos);
  CHECK(back[0].to.find('a') != std::string::npos);
}

TEST_CASE("an index that differs in its name alone is renamed, where one alone can be meant") {
  const auto& dialect = schema_dialect_named("postgresql");
  const Schema from = test::interpreted("CREATE TABLE t (a int); CREATE INDEX i ON t (a);");
  const Schema one = test::interpreted("CREATE TABLE t (a int); CREATE INDEX j ON t (a);");
  CHECK(rename_equal_parts(from, one, dialect, rules()).operations.size() == 1);
  const Schema other = test::interpreted("CREATE TABLE t (a int); CREATE INDEX j ON t (a DESC);");
  CHECK(rename_equal_parts(from, other, dialect, rules()).operations.empty());
}

TEST_CASE("a name with a quote in it that stands somewhere else is left alone") {
  const std::string from = "CREATE TABLE \"a\"\"b\" (s int GENERATED ALWAYS AS IDENTITY);";
  const std::string to = "CREATE TABLE \"a\"\"b\" (t int GENERATED ALWAYS AS IDENTITY);";
  const Renamed found = renamed(from, to, "\"a\"\"b\".s=t");
  CHECK(found.operations.size() == 1);
}
