// What names an object of a schema: its kind, and the names under which it is found.
//
// It never holds anything that a change of the object would change. Ids are compared byte for byte
// and ordered, so that every list of objects has one order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace limbeck {

// The kinds of objects. One row in kinds() for each (object_id.cpp), and one struct in objects.h.
enum class Kind : std::uint8_t {
  schema,
  extension,
  collation,
  enumeration,
  composite,
  domain,
  range,
  sequence,
  table,
  column,
  column_default,
  constraint,  // of a table
  domain_constraint,
  index,
  view,
  materialized_view,
  routine,  // functions and procedures: one name space
  aggregate,
  trigger,
  event_trigger,
  rule,
  policy,
  statistics,
  foreign_data_wrapper,
  server,
  user_mapping,
  publication,
  subscription,
  default_privileges,
  opaque,  // whatever else: a cast, an operator, a text search configuration
};

struct ObjectId {
  Kind kind = Kind::opaque;
  std::string schema = {};  // empty for what stands in no schema
  // Of a part, the name of its table (view, domain): a column's name is in `part`.
  std::string name = {};
  // The name of a column, constraint, trigger, rule or policy in its table; the types of a
  // routine's or an operator's arguments, "integer, text"; of an opaque object, what it is: "cast".
  std::string part = {};

  auto operator<=>(const ObjectId&) const = default;
};

struct ObjectIdHash {
  std::size_t operator()(const ObjectId& id) const;
};

// A table, view or sequence, where the kind is known from the context.
struct RelationName {
  std::string schema = {};
  std::string name = {};

  auto operator<=>(const RelationName&) const = default;
};

// "table", "materialized view": for people, for JSON and for error messages.
std::string_view to_string(Kind kind);
std::optional<Kind> kind_named(std::string_view name);

// "column public.users.email", "function public.area(integer, integer)". For people: unquoted.
std::string to_string(const ObjectId& id);

// Whether the object stands inside a table (view, domain) and goes with it.
bool is_part(Kind kind);

}  // namespace limbeck
