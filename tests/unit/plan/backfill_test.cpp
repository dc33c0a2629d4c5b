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

namespace {

// What assigns to the key, and where in the text; "" when nothing does.
std::string found_key(const std::string& text, const std::vector<std::string>& key,
                      const sql::LexicalRules& rules) {
  const auto found = assigned_key({.text = text, .place = {}}, key, rules);
  if (!found) return "";
  CHECK(text.substr(found->offset, found->column.size()) == found->column);
  return found->column;
}

}  // namespace

TEST_CASE("an assignment to the key is found, however it is written") {
  for (const sql::LexicalRules& rules : {sql::postgres_rules, sql::sqlite_rules}) {
    const auto found = [&](const std::string& text) {
      return found_key(text, {"\"id\"", "b"}, rules);
    };
    CHECK(found("UPDATE t SET id = id + 100, n = n + 1") == "id");
    CHECK(found("UPDATE t SET n = f(1, 2), ID=1") == "ID");
    CHECK(found("UPDATE t AS x SET n = 1, \"id\" = 2 WHERE x.n = 1") == "\"id\"");
    CHECK(found("UPDATE t SET (n, /* key */ id) = (1, 2)") == "id");
    CHECK(found("UPDATE t SET (n, m) = (SELECT 1, 2), (b) = ROW (1)") == "b");
    CHECK(found("UPDATE t SET n = m IS DISTINCT FROM 1, b = 2 FROM u") == "b");

    CHECK(found("UPDATE t SET n = id, m = (SELECT 1 WHERE id = 3)").empty());
    CHECK(found("UPDATE t SET (n, m) = (id, b)").empty());
    CHECK(found("UPDATE t SET n = CASE WHEN id = 1 THEN b END, ids = 1").empty());
    CHECK(found("UPDATE t SET n = 1 FROM u, id WHERE b = 1").empty());
    CHECK(found("UPDATE t SET n = 1 WHERE n IN (1, 2) RETURNING n, id = 1").empty());
    CHECK(found("DELETE FROM t WHERE id = 1").empty());
  }
}

TEST_CASE("names of the key mean what they mean in the database") {
  const auto in_postgres = [](const std::string& text, const std::string& key) {
    return found_key(text, {key}, sql::postgres_rules);
  };
  CHECK(in_postgres("UPDATE t SET \"Id\" = 1", "\"id\"").empty());
  CHECK(in_postgres("UPDATE t SET \"Id\" = 1", "\"Id\"") == "\"Id\"");
  CHECK(in_postgres("UPDATE t SET id.part = 1", "ID") == "id");
  CHECK(in_postgres("UPDATE t SET id[1] = 1", "id") == "id");
  CHECK(in_postgres("UPDATE t SET n = ARRAY[1, id = 1]", "id").empty());
  CHECK(in_postgres("UPDATE t SET \"a\"\"b\" = 1", "\"a\"\"b\"") == "\"a\"\"b\"");
  const auto in_sqlite = [](const std::string& text) {
    return found_key(text, {"\"id\""}, sql::sqlite_rules);
  };
  for (const std::string name : {"\"ID\"", "[Id]", "`id`", "'id'", "iD"}) {
    CHECK(in_sqlite("UPDATE t SET n = 1, " + name + " = 1") == name);
  }
}
