#include "dialect/tokens.h"

#include <doctest/doctest.h>

namespace limbeck {

TEST_CASE("names keep their case only in quotes") {
  TokenReader reader("DROP INDEX /* a /* b */ c */ Public.\"My \"\"Index\" -- end", 20, true);
  CHECK(reader.accept("DROP INDEX"));
  const auto name = reader.name();
  REQUIRE(name);
  CHECK(name->schema.name == "public");
  CHECK(name->object.name == "My \"Index");
  CHECK(reader.at_end());
}

TEST_CASE("accept takes all of its words or none") {
  TokenReader reader("if not found", 20, true);
  CHECK_FALSE(reader.accept("IF NOT EXISTS"));
  CHECK(reader.accept("IF NOT"));
  CHECK_FALSE(reader.accept("FOUND MORE"));
}

TEST_CASE("a quoted name is never a keyword") {
  TokenReader reader("DROP \"INDEX\" x", 20, true);
  CHECK(reader.accept("DROP"));
  CHECK_FALSE(reader.accept("INDEX"));
}

TEST_CASE("the leading word stands behind comments and parentheses") {
  CHECK(leading_word("-- x\n  /* y */ ((select 1))") == "SELECT");
  CHECK(leading_word("\"select\"") == "");
  CHECK(leading_word("") == "");
  CHECK(leading_word("/* never closed") == "");
}

TEST_CASE("what is not closed ends with the text") {
  CHECK(first_tokens("'abc", 5).size() == 1);
  CHECK(first_tokens("\"abc", 5).at(0).text == "abc");
  CHECK(first_tokens("[abc", 5).at(0).text == "abc");
  CHECK(first_tokens("E'a\\", 5).at(0).text == "a\\");
}

TEST_CASE("strings are read with their escapes") {
  TokenReader reader("'it''s' E'a\\'b'", 5, true);
  CHECK(reader.string() == "it's");
  CHECK(reader.string() == "a'b");
}

TEST_CASE("parentheses are skipped with what they hold") {
  TokenReader reader("(a (b) c) d (e", 20, true);
  reader.skip_parentheses();
  CHECK(reader.accept("D"));
  reader.skip_parentheses();
  CHECK(reader.at_end());
}

}  // namespace limbeck
