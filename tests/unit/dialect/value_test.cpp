#include <doctest/doctest.h>
#include <limits>

#include "dialect/connection.h"

namespace limbeck {

TEST_CASE("a value as text and as an integer") {
  CHECK(is_null(Value{}));
  CHECK_FALSE(is_null(Value{std::int64_t{0}}));
  CHECK(text_of(Value{}) == "");
  CHECK(text_of(Value{std::int64_t{-7}}) == "-7");
  CHECK(text_of(Value{Blob{"ab"}}) == "ab");
  CHECK(integer_of(Value{std::string("42")}) == 42);
  CHECK(integer_of(Value{std::string("none")}) == 0);
  CHECK(integer_of(Value{}) == 0);
  CHECK(integer_of(Value{3.9}) == 3);
}

TEST_CASE("a real number beyond every integer is no undefined behaviour") {
  CHECK(integer_of(Value{1e300}) == 0);
  CHECK(integer_of(Value{-1e300}) == 0);
  CHECK(integer_of(Value{std::numeric_limits<double>::quiet_NaN()}) == 0);
}

}  // namespace limbeck
