#include "verify/estimate.h"

#include <doctest/doctest.h>

namespace limbeck {
namespace {

const RelationName orders{"public", "orders"};
const RelationName people{"public", "people"};

Contents with_rows(std::size_t of_orders, std::size_t of_people) {
  Contents contents;
  contents[orders].rows.resize(of_orders);
  contents[people].rows.resize(of_people);
  return contents;
}

const std::vector<TableStatistics> there{
    {.schema = "public", .table = "orders", .rows = 1'000'000},
    {.schema = "public", .table = "people", .rows = 50'000'000}};

WatchedStatement took(double seconds) {
  return {.seconds = seconds};
}

}  // namespace

TEST_CASE("the time of each row is that of a row there") {
  WatchedStatement rewrite = took(1.5);
  rewrite.seen.held[orders] = LockLevel::access_exclusive;
  rewrite.seen.impacts[orders] = {.lock = LockLevel::access_exclusive, .rewrite = true};
  const auto found =
      estimate_of(rewrite, "ALTER TABLE orders ...", 0.5, with_rows(1'000, 1'000), there);
  REQUIRE(found);
  CHECK(found->table == orders);
  CHECK(found->rows_here == 1'000);
  CHECK(found->rows_there == 1'000'000);
  // Half a second whatever there is, and a millisecond for each row.
  CHECK(found->seconds == doctest::Approx(1'000.5));
}

TEST_CASE("a table that is only locked costs no time for its rows") {
  WatchedStatement statement = took(1.5);
  statement.seen.held[orders] = LockLevel::access_exclusive;
  statement.seen.held[people] = LockLevel::row_share;
  CHECK_FALSE(
      estimate_of(statement, "ALTER TABLE orders, people", 0.5, with_rows(1'000, 1'000), there));
  statement.seen.rows[people] = {.read = 3, .written = 3};
  CHECK_FALSE(estimate_of(statement, "UPDATE people", 0.5, with_rows(1'000, 1'000), there));
  statement.seen.rows[people] = {.read = 1'000, .written = 3};
  const auto found = estimate_of(statement, "UPDATE people", 0.5, with_rows(1'000, 1'000), there);
  REQUIRE(found);
  CHECK(found->table == people);
}

TEST_CASE("nothing is told from a few rows, or from no time") {
  WatchedStatement statement = took(1.5);
  statement.seen.held[orders] = LockLevel::access_exclusive;
  statement.seen.impacts[orders] = {.rewrite = true};
  CHECK_FALSE(estimate_of(statement, "", 0.5, with_rows(400, 0), there));
  CHECK_FALSE(estimate_of(statement, "", 1.5, with_rows(1'000, 0), there));
}

TEST_CASE("where the database does not say what it does, the text names the table") {
  WatchedStatement statement = took(1.5);
  statement.seen.held[{}] = LockLevel::exclusive;
  const auto found = estimate_of(statement, "CREATE INDEX i ON \"orders\" (id)", 0.5,
                                 with_rows(1'000, 1'000), there);
  REQUIRE(found);
  CHECK(found->table == orders);
  CHECK_FALSE(
      estimate_of(statement, "CREATE INDEX i ON others (id)", 0.5, with_rows(1'000, 1'000), there));
}

}  // namespace limbeck
