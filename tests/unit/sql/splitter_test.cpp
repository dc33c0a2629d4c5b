// What the case files cannot say: places from a start, size and depth, words, find_comment.
#include "sql/splitter.h"

#include <chrono>
#include <doctest/doctest.h>
#include <string>

#include "sql/lexical_rules.h"

namespace {

using namespace limbeck;
using sql::find_comment;
using sql::postgres_rules;
using sql::split;
using sql::sqlite_rules;

std::string repeated(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

TEST_CASE("places count on from the place of the first byte") {
  const auto statements =
      split("SELECT 1;\nSELECT 2", postgres_rules, {.file = "a.sql", .line = 10, .column = 5});
  REQUIRE(statements.size() == 2);
  CHECK(statements[0].place == Place{"a.sql", 10, 5, ""});
  CHECK(statements[1].place == Place{"a.sql", 11, 1, ""});
}

TEST_CASE("an unknown start is the beginning of a file") {
  CHECK(split("SELECT 1", postgres_rules, {}).at(0).place == Place{"", 1, 1, ""});
}

TEST_CASE("the first words tell what a statement is") {
  const auto create = split("create /* */ unique\nindex on t (a)", postgres_rules, {}).at(0);
  CHECK(starts_with(create, "CREATE UNIQUE INDEX"));
  CHECK(starts_with(create, "CREATE"));
  CHECK(starts_with(create, ""));
  CHECK_FALSE(starts_with(create, "CREATE UNIQUE INDEXES"));
  CHECK_FALSE(starts_with(create, "CREATE UNI"));
  CHECK_FALSE(starts_with(create, "CREATE INDEX"));
  CHECK_FALSE(starts_with(split("CREATE", postgres_rules, {}).at(0), "CREATE INDEX"));
  CHECK_FALSE(starts_with(split("\"CREATE\" x", postgres_rules, {}).at(0), "CREATE"));
}

TEST_CASE("no more words than promised") {
  const auto statement = split(repeated("a ", 100), postgres_rules, {}).at(0);
  CHECK(statement.words.size() == sql::Statement::max_words);
}

TEST_CASE("depth costs no stack") {
  constexpr std::size_t deep = 1'000'000;
  const std::string comment = repeated("/*", deep) + repeated("*/", deep) + "SELECT 1";
  CHECK(split(comment, postgres_rules, {}).size() == 1);
  const std::string parentheses = "SELECT " + repeated("(", deep) + "1" + repeated(")", deep);
  CHECK(split(parentheses, postgres_rules, {}).size() == 1);
  CHECK_THROWS_AS(split(repeated("(", deep), postgres_rules, {}), Error);
}

// Each of these is quadratic in a splitter that looks too far ahead or back; 4 MB of it would take
// minutes.
TEST_CASE("hostile text takes linear time") {
  const auto started = std::chrono::steady_clock::now();
  for (const char* piece :
       {"SELECT 1;", "$a", "a$", "E'a' ", "E'a'\n", "E'a' --x\n", "-- ;\n",
        "COPY t FROM STDIN;\n\\.\n", "$$;$$", "CREATE FUNCTION f() BEGIN ATOMIC END;", "\r",
        "((()))", "é;", "/**/", "'';"}) {
    const std::string text = repeated(piece, (std::size_t{512} << 10U) / std::string(piece).size());
    split(text, postgres_rules, {});
    find_comment(text, "limbeck:", postgres_rules, {});
  }
  CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(30));
}

TEST_CASE("find_comment finds comments between tokens alone") {
  const std::string_view text =
      "SELECT '\n-- mark: a', $$\n-- mark: b\n$$ /*\n-- mark: c */;\n"
      "COPY t FROM STDIN;\n-- mark: d\n\\.\n -- no mark: e\n  --MARK: f\n-- mark: g";
  const std::size_t found = find_comment(text, "mark:", postgres_rules, {});
  CHECK(text.substr(found) == "--MARK: f\n-- mark: g");
}

TEST_CASE(
    "find_comment looks into a statement that is still open, and no further than the comment") {
  const std::string_view text = "CREATE TABLE t (\n-- mark: a\n'not closed";
  CHECK(find_comment(text, "mark:", postgres_rules, {}) == text.find("-- mark"));
}

TEST_CASE("find_comment finds nothing") {
  CHECK(find_comment("SELECT 1 -- marks", "mark:", sqlite_rules, {}) == std::string_view::npos);
  CHECK(find_comment("--", "mark:", sqlite_rules, {}) == std::string_view::npos);
  CHECK(find_comment("", "mark:", sqlite_rules, {}) == std::string_view::npos);
}

}  // namespace
