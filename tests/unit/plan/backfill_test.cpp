#include "plan/backfill.h"

#include <doctest/doctest.h>

#include "sql/lexical_rules.h"

using namespace limbeck;

namespace {

std::string with_range(const std::string& text) {
  const sql::Statement statement{.text = text, .place = {}};
  const auto shape = batch_shape(statement, sql::postgres_rules);
  if (!shape) return "refused";
  return restricted(statement, *shape, shape->alias + ".id > $1");
}

}  // namespace

TEST_CASE("a condition is added where there is none") {
  CHECK(with_range("UPDATE t SET a = 1") == "UPDATE t SET a = 1\nWHERE t.id > $1\n");
  CHECK(with_range("DELETE FROM t") == "DELETE FROM t\nWHERE t.id > $1\n");
}

TEST_CASE("the author's condition is put into parentheses, so that its OR cannot take over") {
  CHECK(with_range("UPDATE t SET a = 1 WHERE b OR c") ==
        "UPDATE t SET a = 1 WHERE ( b OR c\n) AND t.id > $1\n");
}

TEST_CASE("only the WHERE of the statement itself counts") {
  CHECK(with_range("UPDATE t SET a = (SELECT x FROM u WHERE u.id = t.id)") ==
        "UPDATE t SET a = (SELECT x FROM u WHERE u.id = t.id)\nWHERE t.id > $1\n");
  CHECK(with_range("UPDATE t SET a = 'WHERE' -- where\n") ==
        "UPDATE t SET a = 'WHERE' -- where\n\nWHERE t.id > $1\n");
  CHECK(with_range("UPDATE t SET a = $$ WHERE $$, \"where\" = 2 WHERE b") ==
        "UPDATE t SET a = $$ WHERE $$, \"where\" = 2 WHERE ( b\n) AND t.id > $1\n");
}

TEST_CASE("a comment at the end does not swallow what is added") {
  CHECK(with_range("UPDATE t SET a = 1 WHERE b -- only these") ==
        "UPDATE t SET a = 1 WHERE ( b -- only these\n) AND t.id > $1\n");
}

TEST_CASE("columns are qualified with the alias, or the table as written") {
  CHECK(with_range("UPDATE s.t AS x SET a = 1") == "UPDATE s.t AS x SET a = 1\nWHERE x.id > $1\n");
  CHECK(with_range("UPDATE ONLY \"T\" x SET a = u.b FROM u WHERE u.id = x.id") ==
        "UPDATE ONLY \"T\" x SET a = u.b FROM u WHERE ( u.id = x.id\n) AND x.id > $1\n");
  CHECK(with_range("DELETE FROM s.t USING u WHERE u.id = t.id") ==
        "DELETE FROM s.t USING u WHERE ( u.id = t.id\n) AND s.t.id > $1\n");
}

TEST_CASE("RETURNING stays behind the condition") {
  CHECK(with_range("DELETE FROM t WHERE a RETURNING id") ==
        "DELETE FROM t WHERE ( a \n) AND t.id > $1\nRETURNING id");
  CHECK(with_range("DELETE FROM t RETURNING id") ==
        "DELETE FROM t \nWHERE t.id > $1\nRETURNING id");
}

TEST_CASE("what cannot be cut into batches is refused") {
  for (const char* text :
       {"INSERT INTO t SELECT 1", "SELECT 1", "UPDATE", "DELETE t",
        "WITH x AS (SELECT 1) UPDATE t SET a = 1", "UPDATE t SET a = 1 LIMIT 5",
        "DELETE FROM t ORDER BY id", "UPDATE t SET a = 1 WHERE CURRENT OF c", ""}) {
    CAPTURE(text);
    CHECK(with_range(text) == "refused");
  }
}

TEST_CASE("a backfill must change the table that its marker names") {
  const sql::Statement statement{.text = "UPDATE other SET a = 1", .place = {}};
  CHECK(backfill_fault(statement, {.table = "t"}, sql::postgres_rules)->find("other") !=
        std::string::npos);
  CHECK_FALSE(backfill_fault(statement, {.table = "Other"}, sql::postgres_rules));
}
