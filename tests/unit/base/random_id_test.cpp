#include "base/random_id.h"

#include <doctest/doctest.h>
#include <set>

using limbeck::random_hex;

TEST_CASE("as many lower-case hexadecimal digits as asked for") {
  for (const std::size_t digits :
       {std::size_t{0}, std::size_t{1}, std::size_t{12}, std::size_t{1000}}) {
    const std::string id = random_hex(digits);
    CHECK(id.size() == digits);
    CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
  }
}

TEST_CASE("no two alike, and every digit occurs") {
  std::set<std::string> ids;
  for (int i = 0; i < 10000; ++i) ids.insert(random_hex(limbeck::revision_id_digits));
  CHECK(ids.size() == 10000);
  const std::string many = random_hex(10000);
  CHECK(std::set<char>(many.begin(), many.end()).size() == 16);
}
