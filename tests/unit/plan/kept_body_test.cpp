// What a squash leaves out or keeps: statements that change rows, and sections one after another.
#include "plan/kept_body.h"

#include <array>
#include <doctest/doctest.h>

#include "plan/plan.h"
#include "plan/range_statements.h"

using namespace limbeck;

namespace {

RevisionFile file(const std::string& id, const std::string& sections) {
  return parse_revision_file("-- do " + id + "\n--\n-- limbeck:revision " + id + "\n\n" + sections,
                             id + ".sql");
}

std::string data(const std::string& sql, RowsBefore rows = RowsBefore::none,
                 std::string_view dialect = "postgresql") {
  std::string found;
  for (const DataStatement& it :
       data_statements(file("a", "-- limbeck:upgrade\n" + sql), dialect_named(dialect), rows)) {
    found += (found.empty() ? "" : "; ") + it.summary;
  }
  return found;
}

RevisionBody kept(const std::vector<RevisionFile>& files,
                  KeptCommit commit = KeptCommit::together) {
  const std::array<const Dialect*, 2> dialects{&dialect_named("postgresql"),
                                               &dialect_named("sqlite")};
  return kept_body(files, dialects, true, commit);
}

}  // namespace

TEST_CASE("which statements change rows") {
  CHECK(data("CREATE TABLE t (a integer); ALTER TABLE t ADD b text; DROP TABLE t;") == "");
  CHECK(data("COMMENT ON TABLE t IS 'x'; GRANT SELECT ON t TO u; REVOKE SELECT ON t FROM u;") ==
        "");
  CHECK(data("SET work_mem = '1MB'; ANALYZE t; SELECT pg_catalog.set_config('a.b', '', false);") ==
        "");
  CHECK(data("CREATE VIEW v AS SELECT 1; CREATE MATERIALIZED VIEW m AS SELECT 1;") == "");
  CHECK(data("INSERT INTO t VALUES (1); UPDATE t SET a = 1; DELETE FROM t;") ==
        "INSERT INTO t; UPDATE t SET; DELETE FROM t");
  CHECK(data("DO $$ BEGIN END $$; SELECT setval('s', 1); WITH x AS (SELECT 1) SELECT 2;") != "");
  CHECK(data("TRUNCATE t; CALL p(); MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE") ==
        "TRUNCATE t; CALL p(; MERGE INTO t");
  CHECK(data("COPY t FROM STDIN;\n1\n\\.\n") == "COPY t FROM");
  CHECK(data("REPLACE INTO t VALUES (1)", RowsBefore::none, "sqlite") == "REPLACE INTO t");
  CHECK(data("PRAGMA legacy_alter_table = ON", RowsBefore::none, "sqlite") == "");
}

TEST_CASE("a table that comes with its rows") {
  CHECK(data("CREATE TABLE t AS SELECT 1") == "CREATE TABLE t");
  CHECK(data("CREATE TEMP TABLE IF NOT EXISTS s.t (a, b) AS VALUES (1, 2)") == "CREATE TEMP TABLE");
}

TEST_CASE("a rename matters only where rows may be") {
  const std::string rename = "ALTER TABLE t RENAME COLUMN a TO b";
  const std::string recast = "ALTER TABLE t ALTER a TYPE integer USING length(a)";
  CHECK(data(rename) == "");
  CHECK(data(recast) == "");
  CHECK(data(rename, RowsBefore::possible) == "ALTER TABLE t");
  CHECK(data(recast, RowsBefore::possible) == "ALTER TABLE t");
  CHECK(data("ALTER INDEX i RENAME TO j; ALTER TABLE t ADD c integer", RowsBefore::possible) == "");
}

TEST_CASE("sections are kept in order, downgrades the other way round") {
  const RevisionBody body = kept({file("a",
                                       "-- limbeck:upgrade\n\nSELECT 1;\n\n\n"
                                       "-- limbeck:downgrade\nSELECT -1\n"),
                                  file("b",
                                       "-- limbeck:upgrade sqlite no-transaction\nSELECT 2;\n"
                                       "-- limbeck:downgrade\nSELECT -2;\n")});
  CHECK(body.upgrade == R"(-- limbeck:upgrade
-- from a: do a
SELECT 1;

-- limbeck:upgrade sqlite no-transaction
-- from b: do b
SELECT 2;
)");
  CHECK(body.downgrade == R"(-- limbeck:downgrade
-- from b: do b
SELECT -2;

-- limbeck:downgrade
-- from a: do a
SELECT -1
)");
}

TEST_CASE("a backfill keeps its options, and is for no other dialect than it was") {
  const RevisionBody body =
      kept({file("a", "-- limbeck:upgrade postgresql\nSELECT 1;\n-- limbeck:downgrade\n"),
            file("b",
                 "-- limbeck:backfill table=s.\"T\" batch=5 rate=7 key=a,\"b\"\n"
                 "UPDATE s.\"T\" SET x = 1;\n-- limbeck:downgrade\n")});
  CHECK(body.upgrade == R"(-- limbeck:upgrade postgresql
-- from a: do a
SELECT 1;

-- limbeck:upgrade
-- limbeck:backfill table=s."T" key=a,"b" batch=5 rate=7
-- from b: do b
UPDATE s."T" SET x = 1;
)");
  CHECK(body.downgrade == "-- limbeck:downgrade\n");
  const RevisionFile read = file("c", body.upgrade);
  REQUIRE(read.sections.size() == 3);
  CHECK(read.sections[2].dialects.empty());
  CHECK(read.sections[2].backfill.key == std::vector<std::string>{"a", "\"b\""});
}

TEST_CASE("what a revision sets for the session is taken back before the next") {
  const std::string set =
      "-- limbeck:upgrade postgresql\nSET LOCAL search_path = x;\n"
      "SET ROLE joe; SET TIME ZONE 'UTC';\n-- limbeck:downgrade\n";
  const std::string pragma =
      "-- limbeck:upgrade sqlite no-transaction\nPRAGMA foreign_keys = ON;\n"
      "PRAGMA legacy_alter_table = ON; PRAGMA legacy_alter_table = OFF;\n"
      "-- limbeck:downgrade\n";
  const std::string rest = "-- limbeck:upgrade\nSELECT 1;\n-- limbeck:downgrade\n";
  CHECK(kept({file("a", set), file("b", rest)}).upgrade.find(R"(-- limbeck:upgrade postgresql
-- as the next revision found it
RESET "search_path";
RESET ROLE;
RESET timezone;

-- limbeck:upgrade
-- from b)") != std::string::npos);
  CHECK(kept({file("a", pragma), file("b", rest)})
            .upgrade.find(R"(-- limbeck:upgrade sqlite no-transaction
-- as the next revision found it
PRAGMA foreign_keys = OFF;

-- limbeck:upgrade
-- from b)") != std::string::npos);
  CHECK(kept({file("a", rest), file("b", set)}).upgrade.find("RESET") == std::string::npos);
}

TEST_CASE("what has to be committed apart is no one transaction") {
  const std::string body = "-- limbeck:upgrade\nSELECT 1;\n-- limbeck:downgrade\n";
  const auto steps = [&](KeptCommit commit) {
    return plan_revision(file("c", kept({file("a", body), file("b", body)}, commit).upgrade),
                         Direction::upgrade, dialect_named("sqlite"))
        .size();
  };
  CHECK(steps(KeptCommit::together) == 1);
  CHECK(steps(KeptCommit::apart) == 3);
}
