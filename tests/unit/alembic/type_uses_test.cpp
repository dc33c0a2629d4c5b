#include "alembic/type_uses.h"

#include <doctest/doctest.h>

using namespace limbeck;

namespace {

using Notes = std::vector<std::string>;

}  // namespace

TEST_CASE("a type stays when what used it goes") {
  TypeUses uses;
  CHECK(uses.take({{"used", "", "t", "m", "mood"}, {"used", "", "t", "n", "size"}}).empty());
  SUBCASE("with its column") {
    CHECK(uses.take({{"gone", "", "t", "m"}}) == Notes{"the type mood stays"});
  }
  SUBCASE("with its table") {
    CHECK(uses.take({{"gone", "", "t"}}) == Notes{"the type mood stays", "the type size stays"});
  }
  SUBCASE("unless the script drops it, before or behind") {
    CHECK(uses.take({{"gone", "", "t"}, {"type_gone", "mood"}}) == Notes{"the type size stays"});
    CHECK(uses.take({{"type_gone", "size"}, {"gone", "", "t", "n"}}).empty());
  }
  SUBCASE("once") {
    CHECK(uses.take({{"gone", "", "t", "m"}, {"gone", "", "t"}}) ==
          Notes{"the type mood stays", "the type size stays"});
  }
  SUBCASE("of the table that is meant") {
    CHECK(uses.take({{"gone", "s", "t"}, {"gone", "", "u"}, {"gone", "", "t", "x"}}).empty());
  }
}
