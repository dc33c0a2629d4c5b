#include "base/edit_distance.h"

#include <doctest/doctest.h>

namespace limbeck {
namespace {

using Names = std::vector<std::string>;

TEST_CASE("the edit distance counts inserted, removed and replaced bytes") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("abc", "abc") == 0);
  CHECK(edit_distance("abc", "axc") == 1);
  CHECK(edit_distance("abc", "ac") == 1);
  CHECK(edit_distance("abc", "abxc") == 1);
  CHECK(edit_distance("abc", "acb") == 1);
  CHECK(edit_distance("upgarde", "upgrade") == 1);
  CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("the closest names come first, and far ones not at all") {
  const std::string_view names[] = {"upgrade", "downgrade", "upgrades", "status"};
  CHECK(closest_names("upgrad", names) == Names{"upgrade"});
  CHECK(closest_names("upgradee", names) == Names{"upgrade", "upgrades"});
  CHECK(closest_names("upgradee", names, false, 1) == Names{"upgrade"});
  CHECK(closest_names("stamp", names).empty());
  CHECK(closest_names("up", names).empty());
  CHECK(closest_names(std::string(1000, 'u'), names).empty());
}

TEST_CASE("with prefixes the beginning of a longer name may match") {
  const std::string_view names[] = {"5b1d02c7a9e4", "5b1d", "77777777"};
  CHECK(closest_names("5b1e", names) == Names{"5b1d"});
  CHECK(closest_names("5b1e", names, true) == Names{"5b1d", "5b1d02c7a9e4"});
}

TEST_CASE("a proposal reads as a question") {
  CHECK(did_you_mean({}).empty());
  CHECK(did_you_mean(Names{"a"}) == "did you mean a?");
  CHECK(did_you_mean(Names{"a", "b"}) == "did you mean a or b?");
  CHECK(did_you_mean(Names{"a", "b", "c"}) == "did you mean a, b or c?");
}

}  // namespace
}  // namespace limbeck
