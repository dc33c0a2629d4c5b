#include "operation/operation.h"

#include <doctest/doctest.h>

namespace limbeck {
namespace {

Object column(const std::string& name, const std::string& type) {
  return {.id = {Kind::column, "public", "users", name}, .definition = Column{.type = type}};
}

Object table() {
  return {.id = {Kind::table, "public", "users", ""}, .definition = Table{}};
}

}  // namespace

TEST_CASE("an operation says what it is about") {
  CHECK(describe(Create{table(), {column("id", "integer")}}) == "create table public.users");
  CHECK(describe(Drop{column("id", "integer"), {}}) == "drop column public.users.id");
  Object longer = column("id", "bigint");
  as<Column>(longer).not_null = true;
  longer.comment = "the number";
  CHECK(describe(Alter{column("id", "integer"), longer}) ==
        "alter column public.users.id: type, not_null, comment");
  CHECK(describe(Rename{column("id", "integer"), column("key", "integer")}) ==
        "rename column public.users.id to column public.users.key");
  const Object mood{.id = {Kind::enumeration, "public", "mood", ""},
                    .definition = Enumeration{{"sad"}}};
  const Object feeling{.id = {Kind::domain, "public", "feeling", ""},
                       .definition = Domain{.type = "public.mood"}};
  const Operation replacement = ReplaceTypes{{{mood, mood}, {feeling, feeling}}, {}};
  CHECK(describe(replacement) == "replace enum public.mood, domain public.feeling");
  CHECK(subject(replacement) == mood.id);
  CHECK(describe(RebuildTable{{table()}, {table()}, {}}) == "rebuild table public.users");
}

TEST_CASE("the reverse of an operation brings back what was") {
  const Operation dropped = reverse(Create{table(), {column("id", "integer")}});
  REQUIRE(std::holds_alternative<Drop>(dropped));
  CHECK(std::get<Drop>(dropped).object == table());
  CHECK(std::get<Drop>(dropped).parts.size() == 1);

  const Operation altered = reverse(Alter{column("a", "integer"), column("a", "bigint")});
  CHECK(as<Column>(std::get<Alter>(altered).to).type == "integer");
  CHECK(subject(reverse(Rename{column("a", "text"), column("b", "text")})).part == "b");

  const Operation rebuilt = reverse(RebuildTable{{table()}, {}, {{"old", "new"}}});
  CHECK(std::get<RebuildTable>(rebuilt).to.size() == 1);
  CHECK(std::get<RebuildTable>(rebuilt).copied[0].first == "new");

  const Operation recast =
      reverse(ReplaceTypes{{}, {{column("a", "public.mood"), column("a", "public.state")}}});
  CHECK(as<Column>(std::get<ReplaceTypes>(recast).columns[0].to).type == "public.mood");
}

}  // namespace limbeck
