#include "verify/type_values.h"

#include <doctest/doctest.h>

namespace limbeck {
namespace {

std::string value(const std::string& type, const SampleOf& of, std::size_t which) {
  const ValueMaker make = type_values(type);
  REQUIRE(make);
  return make(of).at(which);
}

}  // namespace

TEST_CASE("a scale below zero rounds before the point") {
  CHECK(value("numeric(3,-2)", {.row = 0}, 0) == "100");
  CHECK(value("numeric(3,-2)", {.row = 4}, 0) == "99400");  // at the edge
  CHECK(value("numeric(3,-2)", {.row = 5}, 1) == "99500");
}

TEST_CASE("a multirange is a range in braces") {
  CHECK(value("int4multirange", {.row = 1}, 0) == "{[10,15)}");
}

TEST_CASE("a scale above the precision leaves digits behind the point alone") {
  CHECK(value("numeric(3,5)", {.row = 0}, 0) == "0.10000");
  CHECK(value("numeric(3,5)", {.row = 0}, 2) == "0");
}

TEST_CASE("whatever stands for a length, values are made, and no endless ones") {
  for (const std::string name : {"bit", "varchar", "char", "decimal", "numeric", "vector",
                                 "timestamp", "bit varying", "unknown_text"}) {
    for (const std::string length :
         {"-1", "0", "2000000000", "99999999999", "-2147483648", "-2147483648,1", "2147483647,-1",
          "10,1000000000", "10,-1000000000", "5,", ", ,", "x", "5,x"}) {
      const std::string type = name + "(" + length + ")";
      CAPTURE(type);
      const ValueMaker make = type_values(type);
      REQUIRE(make);
      for (std::size_t row = 0; row < 4; ++row) {
        const auto values = make({.row = row});
        REQUIRE(!values.empty());
        for (const std::string& each : values) CHECK(each.size() < 1'000'000);
      }
    }
  }
}

}  // namespace limbeck
