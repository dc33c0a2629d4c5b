#include "verify/pattern_sample.h"

#include <array>
#include <doctest/doctest.h>
#include <string>

namespace limbeck {
namespace {

struct PatternCase {
  const char* pattern;
  const char* least;
  const char* more;  // with two more of each repetition
};

TEST_CASE("a sample fits its pattern") {
  constexpr std::array cases = std::to_array<PatternCase>({
      {"^[A-Z]{3}$", "BBB", "BBB"},
      {"^[a-z0-9]+(-[a-z0-9]+)*$", "b-b", "bbb-bbb-bbb-bbb"},
      {R"(^(\+|00)[1-9]\d{6,14}$)", "+2111111", "+211111111"},
      {R"(^[A-Z._%+-]+@[A-Z.-]+\.[A-Z]{2,}$)", "B@B.BB", "BBB@BBB.BBBB"},
      {"^#[0-9a-f]{6}$", "#111111", "#111111"},
      {"^(?:red|green)?[a-f]$", "redb", "redb"},
      {R"(^\d{4}-\d{2,3}$)", "1111-11", "1111-111"},
      {"^[^ ]$", "x", "x"},
      {R"(\mword\M.)", "wordx", "wordx"},
  });
  for (const PatternCase& each : cases) {
    CAPTURE(each.pattern);
    CHECK(pattern_sample(each.pattern, 0, 0) == each.least);
    CHECK(pattern_sample(each.pattern, 0, 2) == each.more);
    CHECK(pattern_sample(each.pattern, 0, 0).size() == pattern_sample(each.pattern, 7, 0).size());
  }
  CHECK(pattern_sample("[A-Z]", 0, 0) != pattern_sample("[A-Z]", 1, 0));
}

TEST_CASE("a pattern that is not closed or repeats without end has a sample all the same") {
  for (const char* pattern :
       {"", "(", "[", "[a-", "a{", "a{99999", "(((a{999}){999}){999})", "\\", "(?", "a{3",
        "(){99999999999999999}", "^{5,99999999999999999}", "[]a]", "|", ")", "*", "[\\"})
    CHECK(pattern_sample(pattern, 1, 4).size() <= 1000);
  CHECK(pattern_sample(std::string(100'000, '('), 1, 0).size() <= 1000);
}

}  // namespace
}  // namespace limbeck
