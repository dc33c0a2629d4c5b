// Which pending revisions are looked at for what may be lost, from their texts and the names of the
// tables that are there.
#include "lint/rows_at_risk.h"

#include <doctest/doctest.h>

#include "lint/losses.h"
#include "sql/lexical_rules.h"
#include "sql/splitter.h"

namespace limbeck {
namespace {

struct RiskCase {
  std::vector<std::string> revisions;
  std::vector<std::string> tables;
  std::size_t expected;
};

std::size_t at_risk(const RiskCase& it) {
  const std::string id = "r";
  const RevisionFile file;
  std::vector<std::vector<Step>> steps;
  for (const std::string& sql : it.revisions)
    steps.push_back({{.statements = sql::split(sql, sql::postgres_rules, {})}});
  std::vector<ReviewedRevision> revisions;
  for (const std::vector<Step>& each : steps)
    revisions.push_back({.id = id, .file = file, .steps = each});
  return revisions_with_rows_at_risk(revisions, it.tables);
}

bool takes_rows(const std::string& sql) {
  return may_take_rows(sql::split(sql, sql::postgres_rules, {}).at(0));
}

}  // namespace

TEST_CASE("only what speaks of a table that is there may take its rows") {
  const std::vector<RiskCase> cases{
      {{"CREATE TABLE a (id integer)", "DROP TABLE a"}, {"b"}, 0},
      {{"CREATE TABLE a (id integer)", "DROP TABLE a", "DROP TABLE b", "SELECT 1"}, {"b"}, 3},
      {{"DELETE FROM \"B\""}, {"b"}, 1},
      {{"DELETE FROM b"}, {"B"}, 1},
      {{"DROP TABLE a, s.b"}, {"b"}, 1},
      {{"ALTER TABLE \"order items\" DROP COLUMN x"}, {"order items"}, 1},
      {{"DROP TABLE bb"}, {"b"}, 0},
      {{"DROP TABLE \"/\""}, {"/"}, 1},
      {{"DROP TABLE U&\"\\0062\""}, {"b"}, 1},
      {{"WITH gone AS (DELETE FROM b RETURNING *) SELECT * FROM gone"}, {"b"}, 1},
      // by another name
      {{"ALTER TABLE b RENAME TO c", "DROP TABLE c"}, {"b"}, 2},
      {{"ALTER TABLE b RENAME TO c", "ALTER TABLE c RENAME TO d", "DELETE FROM d"}, {"b"}, 3},
      {{"DELETE FROM c"}, {"b"}, 0},
      // by more than what is named
      {{"TRUNCATE a CASCADE"}, {"b"}, 1},
      {{"DROP SCHEMA s CASCADE"}, {"b"}, 1},
      {{"DROP TYPE mood CASCADE"}, {"b"}, 1},
      {{"DROP TYPE mood"}, {"b"}, 0},
      {{"DROP OWNED BY somebody"}, {"b"}, 1},
      {{"CREATE TABLE a (id integer)", "ALTER TABLE b INHERIT a", "DELETE FROM a"}, {"b"}, 3},
      {{"ALTER TABLE ONLY a ATTACH PARTITION b DEFAULT", "DROP TABLE a"}, {"b"}, 2},
  };
  for (const RiskCase& it : cases) {
    CAPTURE(it.revisions.back());
    CHECK(at_risk(it) == it.expected);
  }
}

TEST_CASE("what ALTER TABLE drops that holds no values takes no rows") {
  for (const char* sql : {"ALTER TABLE t DROP CONSTRAINT c", "ALTER TABLE t ALTER c DROP NOT NULL",
                          "alter table t alter c drop default, drop constraint d",
                          "ALTER TABLE t ADD COLUMN type text", "ALTER TABLE t ADD dropped integer",
                          "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x"}) {
    CAPTURE(sql);
    CHECK_FALSE(takes_rows(sql));
  }
  for (const char* sql :
       {"ALTER TABLE t DROP CONSTRAINT c, DROP d", "ALTER TABLE t DROP c",
        "ALTER TABLE t DROP /* NOT */ COLUMN c", "ALTER TABLE t DROP \"constraint\"",
        "ALTER TABLE t DROP -- default\n c", "ALTER TABLE t ALTER c SET DEFAULT $$it's$$, DROP d",
        "ALTER TABLE t ALTER c SET DEFAULT 'drop not', DROP d", "ALTER TABLE t ALTER c TYPE date",
        "alter table t alter column c set data type date"}) {
    CAPTURE(sql);
    CHECK(takes_rows(sql));
  }
}

}  // namespace limbeck
