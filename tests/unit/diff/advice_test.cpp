#include "diff/advice.h"

#include <doctest/doctest.h>

#include "diff/diff.h"
#include "unit/diff/interpreted.h"

using namespace limbeck;

namespace {

std::vector<Advice> advice(const std::string& from, const std::string& to) {
  const Schema old = test::interpreted(from);
  return advise(diff(old, test::interpreted(to), schema_dialect_named("postgresql"), {}), old);
}

// Of one kind alone.
std::vector<std::string> texts(const std::vector<Advice>& all, AdviceKind kind) {
  std::vector<std::string> found;
  for (const Advice& one : all)
    if (one.kind == kind) found.push_back(one.text);
  return found;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a new column that must not be NULL needs a decision unless rows get a value") {
  const std::string old = "CREATE TABLE t (a int);";
  CHECK(texts(advice(old, "CREATE TABLE t (a int, b int NOT NULL);"), AdviceKind::decide) ==
        Texts{"b is NOT NULL and has no default: this fails when t holds rows; add it without NOT "
              "NULL, fill it, then set NOT NULL"});
  for (const std::string other : {"b int NOT NULL DEFAULT 1", "b int", "b serial",
                                  "b int NOT NULL GENERATED ALWAYS AS IDENTITY"}) {
    CAPTURE(other);
    CHECK(advice(old, "CREATE TABLE t (a int, " + other + ");").empty());
  }
  CHECK(advice("", "CREATE TABLE t (b int NOT NULL);").empty());  // there are no rows
}

TEST_CASE("what loses rows or values is said") {
  CHECK(texts(advice("CREATE TABLE t (a int);", ""), AdviceKind::loses_data) ==
        Texts{"the rows of t are lost"});
  CHECK(texts(advice("CREATE TABLE t (a int, b int);", "CREATE TABLE t (a int);"),
              AdviceKind::loses_data) == Texts{"the values of b in t are lost"});
  CHECK(advice("CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED);",
               "CREATE TABLE t (a int);")
            .empty());
}

TEST_CASE("a rename is offered where one thing alone could be meant") {
  const auto one = advice("CREATE TABLE t (mail text);", "CREATE TABLE t (email text);");
  REQUIRE(one.size() == 2);
  REQUIRE(one[1].rename.has_value());
  CHECK(one[1].rename->from == "\"public\".\"t\".\"mail\"");
  CHECK(one[1].rename->to == "\"email\"");
  CHECK(texts(advice("CREATE TABLE t (mail text);", "CREATE TABLE t (email text, name text);"),
              AdviceKind::rename)
            .empty());
  CHECK(texts(advice("CREATE TABLE t (mail text);", "CREATE TABLE t (email int);"),
              AdviceKind::rename)
            .empty());
  CHECK(texts(advice("CREATE TABLE a (i int);", "CREATE TABLE b (i int);"), AdviceKind::rename)
            .size() == 1);
}

TEST_CASE("what depends on the rows is left to a person") {
  const auto decide = [](const std::string& from, const std::string& to) {
    return texts(advice(from, to), AdviceKind::decide).size();
  };
  CHECK(decide("CREATE TABLE t (a int);", "CREATE TABLE t (a int NOT NULL);") == 1);
  CHECK(decide("CREATE TABLE t (a int NOT NULL);", "CREATE TABLE t (a int);") == 0);
  CHECK(decide("CREATE TABLE t (a text);", "CREATE TABLE t (a int);") == 1);
  CHECK(decide("CREATE TYPE m AS ENUM ('a', 'b'); CREATE TABLE t (a m);",
               "CREATE TYPE m AS ENUM ('b'); CREATE TABLE t (a m);") == 1);
  CHECK(texts(advice("CREATE TABLE t (a int);", "CREATE TABLE t (a int CHECK (a > 0));"),
              AdviceKind::note)
            .size() == 1);
}
