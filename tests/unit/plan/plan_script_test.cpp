#include "plan/plan_script.h"

#include <doctest/doctest.h>

#include "dialect/dialect.h"
#include "plan/plan.h"
#include "plan/script_imports.h"

using namespace limbeck;

namespace {

RevisionFile script_file() {
  RevisionFile file;
  file.revision.id = "a1";
  file.revision.place.file = "a1.py";
  file.text = "one\ntwo\nthree\nfour\nfive\n";
  file.is_script = true;
  return file;
}

ScriptStatement run(std::string sql, int line = 1) {
  return {.sql = std::move(sql), .line = line};
}

std::vector<Step> steps_of(std::vector<ScriptItem> items, std::string_view dialect = "postgresql") {
  Recording recording;
  recording.items = std::move(items);
  const auto steps = plan_script(script_file(), recording, dialect_named(dialect));
  REQUIRE(steps);
  return *steps;
}

ErrorReport refusal(std::vector<ScriptItem> items, std::string_view dialect = "postgresql") {
  try {
    steps_of(std::move(items), dialect);
  } catch (const Error& error) {
    return error.report();
  }
  return {};
}

}  // namespace

TEST_CASE("a recorded script is one transaction") {
  const auto steps = steps_of({run("CREATE TABLE t (a int)"), run("INSERT INTO t VALUES (1)", 3)});
  REQUIRE(steps.size() == 1);
  CHECK(is_atomic(steps));
  CHECK(steps[0].statements.size() == 2);
  CHECK(steps[0].statements[1].place.line == 3);
  CHECK(steps[0].statements[1].place.file == "a1.py");
}

TEST_CASE("a string of several statements is split, each at the line of its call") {
  const auto steps = steps_of({run("CREATE TABLE t (a int);\n\nDROP TABLE t;", 2)});
  REQUIRE(steps[0].statements.size() == 2);
  CHECK(steps[0].statements[1].place.line == 2);
}

TEST_CASE("what stands in an autocommit_block is committed alone") {
  const auto steps =
      steps_of({run("CREATE TABLE t (a int)"), ScriptAutocommit{.enter = true},
                run("CREATE INDEX CONCURRENTLY i ON t (a)"), run("SET lock_timeout = 1"),
                run("UPDATE t SET a = 1"), ScriptAutocommit{.enter = false}, run("DROP TABLE t")});
  REQUIRE(steps.size() == 5);
  CHECK(steps[0].kind == StepKind::transaction);
  CHECK(steps[1].kind == StepKind::outside);
  CHECK(steps[2].kind == StepKind::setting);
  CHECK(steps[3].kind == StepKind::statement);
  CHECK(steps[4].kind == StepKind::transaction);
}

TEST_CASE("commit() begins another transaction") {
  const auto steps = steps_of({run("CREATE TABLE t (a int)"), ScriptCommit{}, run("DROP TABLE t")});
  REQUIRE(steps.size() == 2);
  CHECK(steps[0].kind == StepKind::transaction);
  CHECK(steps[1].kind == StepKind::transaction);
}

TEST_CASE("after a plain COMMIT each statement is committed alone, until BEGIN") {
  const auto steps = steps_of({run("COMMIT"), run("ALTER TYPE m ADD VALUE 'x'"), run("BEGIN"),
                               run("UPDATE t SET m = 'x'"), run("DELETE FROM t")});
  REQUIRE(steps.size() == 2);
  CHECK(steps[0].kind == StepKind::statement);
  CHECK(steps[1].kind == StepKind::transaction);
  CHECK(steps[1].statements.size() == 2);
  // A savepoint's end is no end of the transaction.
  CHECK(is_atomic(steps_of({run("SAVEPOINT s"), run("ROLLBACK TO SAVEPOINT s"), run("SELECT 1")})));
}

TEST_CASE("what no transaction can hold is refused with Alembic's word for it") {
  const ErrorReport report = refusal({run("CREATE INDEX CONCURRENTLY i ON t (a)", 4)});
  CHECK(report.code == ExitCode::invalid_project);
  CHECK(report.hint.find("autocommit_block") != std::string::npos);
  REQUIRE(report.place);
  CHECK(report.place->line == 4);
  CHECK(report.place->source_line == "four");
}

TEST_CASE("a pragma that a transaction would swallow stands outside of it") {
  const auto steps = steps_of(
      {run("CREATE TABLE t (a)"), run("PRAGMA foreign_keys = OFF"), run("DROP TABLE t")}, "sqlite");
  REQUIRE(steps.size() == 3);
  CHECK(steps[1].kind == StepKind::setting);
}

TEST_CASE("a script that asks, or changes a table that has to be looked at, has no steps") {
  Recording asks;
  asks.items = {run("CREATE TABLE t (a int)")};
  asks.needs = ScriptNeed{.what = ScriptNeed::What::query, .text = "SELECT 1", .line = 2};
  CHECK_FALSE(plan_script(script_file(), asks, dialect_named("sqlite")));
  Recording changes;
  changes.items = {ScriptTableChanges{.changes = {.table = "t"}, .line = 1}};
  CHECK_FALSE(plan_script(script_file(), changes, dialect_named("sqlite")));
}

TEST_CASE("which scripts can do nothing but make statements") {
  CHECK(uses_only_migration_modules("from alembic import op\nimport sqlalchemy as sa\n"));
  CHECK(uses_only_migration_modules(
      "import json, uuid\nfrom sqlalchemy.dialects import postgresql\n"));
  CHECK(uses_only_migration_modules("def upgrade():\n    from datetime import date\n"));
  CHECK_FALSE(uses_only_migration_modules("from app.models import User\n"));
  CHECK_FALSE(uses_only_migration_modules("import json, app\n"));
  CHECK_FALSE(uses_only_migration_modules("from sqlalchemy.orm import Session\n"));
  CHECK_FALSE(uses_only_migration_modules("from sqlalchemy import orm, Session\n"));
  CHECK_FALSE(uses_only_migration_modules("def upgrade():\n    import app\n"));
  CHECK_FALSE(uses_only_migration_modules("m = __import__('app')\n"));
  CHECK_FALSE(uses_only_migration_modules("from . import helpers\n"));
  CHECK_FALSE(uses_only_migration_modules("import importlib\n"));
}
