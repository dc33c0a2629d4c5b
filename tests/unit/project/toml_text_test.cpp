#include "project/toml_text.h"

#include <doctest/doctest.h>

using namespace limbeck;

TEST_CASE("texts and keys as TOML has them") {
  CHECK(toml_text("") == R"("")");
  CHECK(toml_text("a\"b\\c\n") == R"("a\"b\\c\u000A")");
  CHECK(toml_key("a-b_1") == "a-b_1");
  CHECK(toml_key("") == R"("")");
  CHECK(toml_key("a\"b\\c d") == R"("a\"b\\c d")");
}
