// What is said of rows agrees with their number.
#include "verify/data_findings.h"

#include <doctest/doctest.h>

using namespace limbeck;

namespace {

std::string said_of(DataChange::Kind kind, std::size_t rows, bool said) {
  const DataChange change{
      .kind = kind, .table = {"", "orders"}, .rows = rows, .example = "7", .said = said};
  return finding_of(change, Passage::up, {}).message;
}

}  // namespace

TEST_CASE("one row is deleted, and two are") {
  using enum DataChange::Kind;
  CHECK(said_of(rows_lost, 1, true) == "1 row of orders is deleted");
  CHECK(said_of(rows_lost, 2, true) == "2 rows of orders are deleted");
  CHECK(said_of(rows_lost, 1, false) == "1 row of orders is lost, and no statement deletes any");
  CHECK(said_of(values_changed, 1, true) == "1 row of orders is updated: 7");
  CHECK(said_of(values_changed, 1, false) ==
        "1 row of orders has another value, and no statement updates it: 7");
  CHECK(said_of(values_changed, 3, false) ==
        "3 rows of orders have another value, and no statement updates it: 7");
  CHECK(said_of(type_loses, 1, true) == "1 row of orders is computed anew: 7");
  CHECK(said_of(table_lost, 1, false) ==
        "the 1 row of table orders goes with it, and no statement drops it");
  CHECK(said_of(table_lost, 2, false) ==
        "the 2 rows of table orders go with it, and no statement drops it");
  CHECK(said_of(sequence_behind, 1, false) ==
        "the next number for orders is 7: 1 row of before has it or a later one, and an INSERT "
        "collides");
}
