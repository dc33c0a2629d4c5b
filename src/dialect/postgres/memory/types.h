// Types: from the tree to what the server writes down, and the facts about them that resolving
// operators needs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dialect/postgres/memory/catalog.h"
#include "dialect/postgres/memory/tree.h"

namespace limbeck::postgres::memory {

struct Type {
  // "int4" of the server's own, "public.mood" of others; "unknown" of a text without a type.
  std::string name = {};
  std::string modifier = {};  // "(10,2)"
  bool array = false;
  std::optional<ObjectId> object = {};  // of a user's type
  std::string doubt = {};               // why it is not known for certain

  // What tells two types apart: "_int4" of an array. Modifiers do not.
  std::string key() const { return array ? "_" + name : name; }
  bool is(std::string_view other) const { return !array && name == other; }
  bool unknown() const { return name == "unknown" || name.empty(); }
};

// One of the server's own, by its name in pg_type; "_text" is an array.
Type built_in(std::string_view key);

// As format_type() writes it.
std::string format(const Type& type);
// Without its modifier, as the server labels a constant.
std::string label(const Type& type);

// Throws Error when there is no such type.
Type resolve(Catalog& catalog, const PgQuery__TypeName& name);
// The same from the canonical text, as columns have it.
Type parse_type(const Catalog& catalog, const std::string& text);

// The names in public."Mood".
RelationName unquoted(std::string_view text);

// The type that a domain stands for, through all of them.
Type base_type(const Catalog& catalog, const Type& type);
// pg_type.typcategory: 'N' of numbers, 'S' of texts, 'E' of enums, 'A' of arrays.
char category(const Catalog& catalog, const Type& type);
bool is_preferred(const Type& type);
bool is_collatable(const Catalog& catalog, const Type& type);
// "plain", "main", "extended": how the values of the type are stored.
std::string_view default_storage(const Catalog& catalog, const Type& type);

// serial, bigserial, smallserial: "int4" and so on; empty for another.
std::string_view serial_type(const PgQuery__TypeName& name);

// Collations are "pg_catalog.\"C\"" in fields, qualified and quoted.
std::string resolve_collation(Catalog& catalog, Nodes names);
// The object of such a collation; nothing of one of the server's own.
std::optional<ObjectId> user_collation(const Catalog& catalog, const std::string& qualified);
// The one that values of a type have by themselves.
std::string collation_of(const Catalog& catalog, Type type);

}  // namespace limbeck::postgres::memory
