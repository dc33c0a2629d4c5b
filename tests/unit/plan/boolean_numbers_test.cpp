#include "plan/boolean_numbers.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace limbeck;

namespace {

// Of the first statement that gives one.
std::string found_in(const std::vector<std::string>& statements) {
  BooleanNumbers numbers;
  for (const std::string& text : statements) {
    sql::Statement statement;
    statement.text = text;
    const auto found = numbers.look_at(statement);
    if (found) return found->table + "." + found->column + "=" + found->number;
  }
  return "";
}

}  // namespace

TEST_CASE("a number that a statement gives to a boolean column") {
  const std::string made = "CREATE TABLE t (id SERIAL NOT NULL, a BOOLEAN, n INTEGER)";
  CHECK(found_in({made, "UPDATE t SET a = 0 WHERE a IS NULL"}) == "t.a=0");
  CHECK(found_in({made, "update T as x set n = 5, \"a\" = 1"}) == "t.a=1");
  CHECK(found_in({made, "INSERT INTO t (id, a) VALUES (1, true), (2, 0)"}) == "t.a=0");
  CHECK(found_in({"ALTER TABLE s.t ADD COLUMN a BOOLEAN", "UPDATE s.t SET a=1"}) == "s.t.a=1");
  CHECK(found_in({"ALTER TABLE t ADD COLUMN a BOOLEAN DEFAULT 0 NOT NULL"}) == "t.a=0");
  CHECK(found_in({"CREATE TABLE t (a bool DEFAULT 1, b TEXT)"}) == "t.a=1");
  CHECK(found_in({made, "ALTER TABLE t ALTER COLUMN a SET DEFAULT 0"}) == "t.a=0");
}

TEST_CASE("what is no number for a boolean column, or is not known to be one") {
  const std::string made = "CREATE TABLE t (id SERIAL NOT NULL, a BOOLEAN, n INTEGER)";
  for (const std::string statement :
       {"UPDATE t SET a = false, n = 0", "UPDATE t SET a = (0 = 1)", "UPDATE t SET a = 0::bool",
        "UPDATE t SET n = 1 WHERE a = true", "UPDATE u SET a = 0", "UPDATE t SET a = '0'",
        "INSERT INTO t (n, a) VALUES (0, '1')", "INSERT INTO t SELECT 0, 1",
        "ALTER TABLE t ADD COLUMN b BOOLEAN DEFAULT false, ADD COLUMN c INTEGER DEFAULT 0",
        "UPDATE t SET a = 1 = n", "UPDATE t SET (a, n) = (true, 0)", "UPDATE t SET a ="}) {
    CAPTURE(statement);
    CHECK(found_in({made, statement}).empty());
  }
  const std::string given = "UPDATE t SET a = 0";
  for (const std::string between :
       {"ALTER TABLE t ALTER COLUMN a TYPE INTEGER USING a::int", "ALTER TABLE t RENAME TO u",
        "ALTER TABLE t DROP COLUMN a", "SET search_path TO other",
        "CREATE TABLE IF NOT EXISTS t (a BOOLEAN)", "CREATE TABLE t (a INTEGER)", "DROP TABLE t",
        "ALTER TABLE t_new RENAME TO t", "ALTER TABLE other.t SET SCHEMA public",
        "SELECT 1 AS id, 2 AS a INTO t", "SELECT change_it()",
        "DO $$ BEGIN ALTER TABLE t ALTER a TYPE integer USING a::int; END $$"}) {
    CAPTURE(between);
    CHECK(found_in({made, between, given}).empty());
  }
  CHECK(found_in({"ALTER TABLE t ADD COLUMN IF NOT EXISTS a BOOLEAN DEFAULT 0", given}).empty());
  CHECK(found_in({"CREATE TABLE t (a BOOLEAN[])", given}).empty());
}
