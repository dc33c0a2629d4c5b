// The databases that the tests of the library's rows run on: SQLite in memory and PostgreSQL.
#pragma once

#include <doctest/doctest.h>
#include <functional>
#include <string>

#include "limbeck/database.h"

#include "unit/dialect/scratch_database.h"

namespace limbeck::test {

// Runs the test on each database, an empty one each time.
inline void on_each_database(const std::function<void(Database&)>& test) {
  SUBCASE("sqlite") {
    Database database("sqlite://");
    test(database);
  }
  SUBCASE("postgresql") {
    if (const auto server = server_url()) {
      const ScratchDatabase scratch(*server);
      Database database(scratch.url());
      test(database);
    }
  }
}

inline std::int64_t count_of(Database& database, const std::string& table) {
  return integer_of(database.query("SELECT count(*) FROM " + table).rows.at(0).at(0));
}

// What work throws; fails when it throws nothing.
template <class Thrown = Error, class Work>
Thrown thrown_by(Work work) {
  try {
    work();
  } catch (const Thrown& error) {
    return error;
  }
  FAIL("nothing was thrown");
  throw std::logic_error("not reached");
}

}  // namespace limbeck::test
