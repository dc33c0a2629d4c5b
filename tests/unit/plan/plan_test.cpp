#include "plan/plan.h"

#include <doctest/doctest.h>

using namespace limbeck;

namespace {

std::vector<Step> plan(const std::string& sections, Direction direction = Direction::upgrade,
                       std::string_view dialect = "postgresql") {
  const RevisionFile file =
      parse_revision_file("-- A revision\n--\n-- limbeck:revision a1\n\n" + sections, "a1.sql");
  return plan_revision(file, direction, dialect_named(dialect));
}

ErrorReport refusal(const std::string& sections, Direction direction = Direction::upgrade,
                    std::string_view dialect = "postgresql") {
  try {
    plan(sections, direction, dialect);
  } catch (const Error& error) {
    return error.report();
  }
  return {};
}

}  // namespace

TEST_CASE("sections that follow each other are one transaction") {
  const auto steps =
      plan("-- limbeck:upgrade\nSELECT 1; SELECT 2;\n-- limbeck:upgrade\nSELECT 3;\n");
  REQUIRE(steps.size() == 1);
  CHECK(steps[0].kind == StepKind::transaction);
  CHECK(steps[0].statements.size() == 3);
  CHECK(is_atomic(steps));
}

TEST_CASE("sections for another dialect are left out") {
  const std::string sections =
      "-- limbeck:upgrade postgresql\nSELECT 1;\n-- limbeck:upgrade sqlite\nSELECT 2; SELECT 3;\n";
  CHECK(plan(sections, Direction::upgrade, "postgresql")[0].statements.size() == 1);
  CHECK(plan(sections, Direction::upgrade, "sqlite")[0].statements.size() == 2);
}

TEST_CASE("a step of long scans alone is of their class") {
  const std::string validate = "ALTER TABLE t VALIDATE CONSTRAINT c;\n";
  const auto alone = plan("-- limbeck:upgrade\n" + validate + validate);
  CHECK(class_of(alone.at(0)) == StepClass::long_scan);
  CHECK(is_atomic(alone));
  CHECK(class_of(plan("-- limbeck:upgrade no-transaction\n" + validate).at(0)) ==
        StepClass::long_scan);
  const auto mixed =
      plan("-- limbeck:upgrade\n" + validate + "-- limbeck:upgrade\nDROP TABLE u;\n");
  CHECK(class_of(mixed.at(0)) == StepClass::short_lock);
}

TEST_CASE("what would forbid the runner's own rows is refused") {
  for (const char* marker : {"-- limbeck:upgrade\n", "-- limbeck:upgrade no-transaction\n"}) {
    const ErrorReport report =
        refusal(std::string(marker) + "SET default_transaction_read_only = on;\n");
    CHECK(report.code == ExitCode::invalid_project);
    CHECK(report.message ==
          "this makes the session read-only, so that the revision could not be recorded");
  }
}

TEST_CASE("statements outside of a transaction are steps of their own, by their nature") {
  const auto steps = plan(
      "-- limbeck:upgrade no-transaction\nUPDATE t SET a = 1;\nSET work_mem = '8MB';\n"
      "CREATE INDEX CONCURRENTLY i ON t (a);\n");
  REQUIRE(steps.size() == 3);
  CHECK(steps[0].kind == StepKind::statement);
  CHECK(steps[1].kind == StepKind::setting);
  CHECK(steps[2].kind == StepKind::outside);
  CHECK(class_of(steps[2]) == StepClass::concurrent);
  CHECK_FALSE(is_atomic(steps));
}

TEST_CASE("a backfill is a step, and parts the transactions around it") {
  const auto steps = plan(
      "-- limbeck:upgrade\nSELECT 1;\n-- limbeck:backfill table=t batch=5\nUPDATE t SET a = 1;\n"
      "-- limbeck:upgrade\nSELECT 2;\n");
  REQUIRE(steps.size() == 3);
  CHECK(steps[1].kind == StepKind::backfill);
  CHECK(steps[1].backfill.batch == 5);
}

TEST_CASE("the hash of a step tells other statements apart, and not where they stand") {
  const auto a = plan("-- limbeck:upgrade\nSELECT 1;\n");
  const auto b = plan("\n\n-- limbeck:upgrade\n\n-- why\nSELECT 1;\n");
  const auto c = plan("-- limbeck:upgrade\nSELECT 2;\n");
  CHECK(hash_of(a[0]) == hash_of(b[0]));
  CHECK(hash_of(a[0]) != hash_of(c[0]));
}

TEST_CASE("a revision without statements is atomic") {
  CHECK(plan("-- limbeck:upgrade\n").empty());
  CHECK(is_atomic(plan("-- limbeck:upgrade\n")));
}

TEST_CASE("BEGIN and COMMIT are refused where they stand") {
  const ErrorReport report = refusal("-- limbeck:upgrade\nSELECT 1;\n  COMMIT;\n");
  CHECK(report.code == ExitCode::invalid_project);
  REQUIRE(report.place);
  CHECK(report.place->line == 7);
  CHECK(report.place->column == 3);
  CHECK(report.place->source_line == "  COMMIT;");
  CHECK_FALSE(refusal("-- limbeck:upgrade no-transaction\nBEGIN;\n").message.empty());
  CHECK(refusal("-- limbeck:upgrade\nSAVEPOINT a; ROLLBACK TO a;\n").message.empty());
}

TEST_CASE("a statement that no transaction can hold is refused in one") {
  CHECK(refusal("-- limbeck:upgrade\nCREATE INDEX CONCURRENTLY i ON t (a);\n")
            .hint.find("no-transaction") != std::string::npos);
  CHECK_FALSE(
      refusal("-- limbeck:upgrade\nVACUUM;\n", Direction::upgrade, "sqlite").message.empty());
}

TEST_CASE("a setting that a transaction does not take back is refused, another one is not") {
  CHECK(refusal("-- limbeck:upgrade\nSET lock_timeout = 0;\n").message.empty());
  const auto report =
      refusal("-- limbeck:upgrade\nPRAGMA foreign_keys = OFF;\n", Direction::upgrade, "sqlite");
  CHECK(report.message.find("which no transaction takes back") != std::string::npos);
}

TEST_CASE("a downgrade that is irreversible for one database has none there alone") {
  const std::string sections =
      "-- limbeck:downgrade irreversible postgresql\n-- limbeck:downgrade sqlite\nSELECT 1;\n";
  CHECK(refusal(sections, Direction::downgrade, "postgresql").message ==
        "revision a1 is irreversible: its file says so");
  CHECK(plan(sections, Direction::downgrade, "sqlite").size() == 1);
  CHECK(refusal("-- limbeck:downgrade irreversible postgresql\n", Direction::downgrade, "sqlite")
            .message == "revision a1 is irreversible: it has no downgrade section");
}

TEST_CASE("a missing downgrade is irreversible, an empty one is not") {
  CHECK(refusal("-- limbeck:upgrade\nSELECT 1;\n", Direction::downgrade)
            .message.find("irreversible") != std::string::npos);
  CHECK(
      plan("-- limbeck:upgrade\nSELECT 1;\n-- limbeck:downgrade\n", Direction::downgrade).empty());
}

TEST_CASE("a backfill that is no UPDATE or DELETE of its table is refused") {
  CHECK_FALSE(refusal("-- limbeck:backfill table=t\nINSERT INTO t VALUES (1);\n").message.empty());
  CHECK_FALSE(refusal("-- limbeck:backfill table=t\nUPDATE u SET a = 1;\n").message.empty());
}
