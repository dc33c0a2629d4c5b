#include <doctest/doctest.h>

#include "unit/dialect/scratch_database.h"

namespace limbeck::test {
namespace {

void check(std::string_view dialect_name, StatementNature expected,
           std::initializer_list<const char*> texts) {
  const Dialect& dialect = dialect_named(dialect_name);
  for (const char* text : texts) {
    CAPTURE(text);
    CHECK(dialect.nature(statement_of(dialect, text)) == expected);
  }
}

}  // namespace

TEST_CASE("dialects are found by name") {
  CHECK(is_dialect("postgresql"));
  CHECK(is_dialect("sqlite"));
  CHECK_FALSE(is_dialect("oracle"));
  CHECK_THROWS_WITH_AS(dialect_named("oracle"), "there is no dialect named \"oracle\"", Error);
}

TEST_CASE("how PostgreSQL's statements may be run") {
  check("postgresql", StatementNature::outside_transaction,
        {"create unique index concurrently if not exists a on b (c)",
         "CREATE INDEX CONCURRENTLY ON b (c)", "DROP INDEX CONCURRENTLY a",
         "ALTER TABLE IF EXISTS ONLY \"long schema\".parent DETACH PARTITION other.child "
         "CONCURRENTLY",
         "VACUUM FULL a", "REINDEX (VERBOSE) TABLE CONCURRENTLY a", "REINDEX INDEX CONCURRENTLY a",
         "REINDEX (CONCURRENTLY) INDEX a", "REINDEX DATABASE a", "CLUSTER", "CLUSTER VERBOSE",
         "CREATE DATABASE a", "ALTER DATABASE a SET TABLESPACE b", "DROP TABLESPACE a",
         "ALTER SYSTEM SET a = 1", "CREATE SUBSCRIPTION a CONNECTION '' PUBLICATION b"});
  check("postgresql", StatementNature::transactional,
        {"CREATE INDEX a ON b (c)", "CREATE INDEX \"CONCURRENTLY\" ON b (c)",
         "ALTER TYPE a ADD VALUE 'b'", "DO $$BEGIN END$$", "CALL a()", "SET LOCAL a = 1",
         "SET CONSTRAINTS ALL DEFERRED", "SAVEPOINT a", "RELEASE a", "ROLLBACK TO SAVEPOINT a",
         "ROLLBACK WORK TO a", "REINDEX TABLE a", "CLUSTER a USING b", "CLUSTER VERBOSE a",
         "ALTER TABLE a DETACH PARTITION b", "ALTER TABLE a ADD COLUMN concurrently int",
         "REFRESH MATERIALIZED VIEW CONCURRENTLY a", "ALTER DATABASE a SET b = 1",
         "CREATE TABLE settings (a int)"});
  check("postgresql", StatementNature::session_setting,
        {"SET search_path = a", "RESET ALL", "DISCARD PLANS", "SET SESSION AUTHORIZATION a",
         "SET ROLE a"});
  check("postgresql", StatementNature::long_scan,
        {"ALTER TABLE a VALIDATE CONSTRAINT b",
         "alter table if exists only s.a validate constraint b, validate constraint \"c\"",
         "ALTER DOMAIN a VALIDATE CONSTRAINT b"});
  check("postgresql", StatementNature::transactional,
        {"ALTER TABLE a VALIDATE CONSTRAINT b, ALTER c SET NOT NULL",
         "ALTER TABLE a ADD CONSTRAINT b CHECK (c) NOT VALID"});
  check("postgresql", StatementNature::read_only,
        {"SET default_transaction_read_only = on", "set session transaction_read_only to 'on'",
         "SET LOCAL transaction_read_only = 1", "SET TRANSACTION READ ONLY",
         "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY"});
  check("postgresql", StatementNature::session_setting,
        {"SET default_transaction_read_only = off", "SET default_transaction_read_only TO 'off'",
         "SET transaction_read_only = 0", "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE"});
  check("postgresql", StatementNature::transaction_control,
        {"BEGIN", "START TRANSACTION", "COMMIT", "END", "ROLLBACK", "ABORT", "COMMIT AND CHAIN",
         "PREPARE TRANSACTION 'a'", "COMMIT PREPARED 'a'", "ROLLBACK PREPARED 'a'",
         "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"});
}

TEST_CASE("how SQLite's statements may be run") {
  check("sqlite", StatementNature::outside_transaction, {"VACUUM", "VACUUM INTO 'a'"});
  check("sqlite", StatementNature::read_only,
        {"PRAGMA query_only = 1", "pragma main.QUERY_ONLY(on)"});
  check("sqlite", StatementNature::session_setting,
        {"PRAGMA query_only = OFF", "PRAGMA wal_checkpoint"});
  check("sqlite", StatementNature::session_setting,
        {"PRAGMA foreign_keys = OFF", "pragma main.journal_mode = wal", "ATTACH 'a' AS b",
         "DETACH b"});
  check("sqlite", StatementNature::transactional,
        {"PRAGMA user_version = 3", "PRAGMA main.defer_foreign_keys(1)", "PRAGMA foreign_key_check",
         "PRAGMA query_only", "pragma main.foreign_keys", "PRAGMA database_list", "SAVEPOINT a",
         "ROLLBACK TO a", "ROLLBACK TRANSACTION TO SAVEPOINT a", "CREATE TABLE a (b)"});
  check("sqlite", StatementNature::transaction_control,
        {"BEGIN IMMEDIATE", "COMMIT", "END TRANSACTION", "ROLLBACK", "ROLLBACK TRANSACTION"});
}

TEST_CASE("quoting doubles quotes and refuses what cannot be quoted") {
  for (const std::string_view name : {"postgresql", "sqlite"}) {
    const Dialect& dialect = dialect_named(name);
    CHECK(dialect.quote(Identifier{"a\"b"}) == "\"a\"\"b\"");
    CHECK(dialect.quote(QualifiedName{{"s"}, {"t"}}) == "\"s\".\"t\"");
    CHECK(dialect.quote(QualifiedName{{}, {"t"}}) == "\"t\"");
    CHECK(dialect.quote_literal("it's") == "'it''s'");
    CHECK_THROWS_AS(dialect.quote(Identifier{std::string("a\0b", 3)}), Error);
    CHECK_THROWS_AS(dialect.quote(Identifier{""}), Error);
    CHECK_THROWS_AS(dialect.quote_literal(std::string_view("a\0b", 3)), Error);
  }
  CHECK(dialect_named("postgresql").quote_literal("a\\'b") == "E'a\\\\''b'");
  CHECK(dialect_named("sqlite").quote_literal("a\\'b") == "'a\\''b'");
}

}  // namespace limbeck::test
