#include "source/filter.h"

#include <doctest/doctest.h>

using namespace limbeck;

namespace {

Schema sample() {
  Schema schema;
  const auto put = [&](Kind kind, std::string schema_name, std::string name, std::string part,
                       Definition definition) {
    schema.put({.id = {kind, std::move(schema_name), std::move(name), std::move(part)},
                .definition = std::move(definition)});
  };
  put(Kind::schema, "", "shop", "", Namespace{});
  put(Kind::schema, "", "public", "", Namespace{});
  put(Kind::extension, "", "postgis", "", Extension{});
  put(Kind::table, "shop", "orders", "", Table{});
  put(Kind::column, "shop", "orders", "id", Column{});
  Index index;
  index.table = {"shop", "orders"};
  put(Kind::index, "shop", "orders_idx", "", index);
  put(Kind::table, "public", "users", "", Table{});
  put(Kind::column, "public", "users", "id", Column{});
  put(Kind::view, "public", "orders", "", View{});
  schema.dependencies.insert(
      Dependency{{Kind::column, "shop", "orders", "id"}, {Kind::table, "shop", "orders", ""}});
  schema.dependencies.insert(
      Dependency{{Kind::view, "public", "orders", ""}, {Kind::table, "shop", "orders", ""}});
  return schema;
}

std::string kept(const Filter& filter) {
  std::string names;
  for (const auto& [id, object] : filtered(sample(), filter).objects)
    names += (names.empty() ? "" : ", ") + to_string(id);
  return names;
}

}  // namespace

TEST_CASE("patterns") {
  CHECK(matches("users", "users"));
  CHECK(matches("users", "u*s"));
  CHECK(matches("users", "*"));
  CHECK(matches("", "*"));
  CHECK(matches("users", "us??s"));
  CHECK(matches("users", "*e*s*"));
  CHECK_FALSE(matches("users", "user"));
  CHECK_FALSE(matches("users", "?"));
  CHECK_FALSE(matches("", "?"));
  const std::string text(10'000, 'a');
  CHECK_FALSE(matches(text, "*a*a*a*a*a*a*a*a*b"));
}

TEST_CASE("a schema and what stands in it") {
  CHECK(kept({.schemas = {"shop"}}) ==
        "schema shop, table shop.orders, column shop.orders.id, index shop.orders_idx");
}

TEST_CASE("a table brings its columns and indexes") {
  CHECK(kept({.include = {"shop.orders"}}) ==
        "table shop.orders, column shop.orders.id, index shop.orders_idx");
  CHECK(kept({.include = {"table:users", "column:users"}}) ==
        "table public.users, column public.users.id");
}

TEST_CASE("what is left out takes its parts with it") {
  CHECK(kept({.include = {"orders*"}, .exclude = {"table:orders", "column:orders"}}) ==
        "view public.orders");
  CHECK(kept({.exclude = {"shop", "shop.*", "extension:*", "*users*"}}) ==
        "schema public, view public.orders");
}

TEST_CASE("dependencies on what is left out go") {
  CHECK(filtered(sample(), {.include = {"shop.orders"}}).dependencies.size() == 1);
  CHECK(filtered(sample(), {}).dependencies.size() == 2);
}
