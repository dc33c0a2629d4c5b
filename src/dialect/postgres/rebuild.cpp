// Which dependents of an altered object have to go before the change and come back after it.
#include <algorithm>
#include <array>

#include "dialect/postgres/change.h"
#include "dialect/postgres/render_parts.h"

namespace limbeck::postgres {
namespace {

template <std::size_t Size>
bool among(const std::array<Kind, Size>& kinds, Kind kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

// They hold a parsed expression over the column, which the server does not write anew.
constexpr std::array held_expressions{Kind::view,       Kind::materialized_view, Kind::rule,
                                      Kind::policy,     Kind::trigger,           Kind::routine,
                                      Kind::publication};

bool same_column(const ObjectId& left, const ObjectId& right) {
  return left.schema == right.schema && left.name == right.name && left.part == right.part;
}

bool has_expressions(const Index& index) {
  return !index.predicate.empty() ||
         std::any_of(index.keys.begin(), index.keys.end(), [](const IndexKey& key) {
           return key.column.empty() || !key.opclass.empty() || !key.collation.empty();
         });
}

// What the server writes anew by itself, as long as the old text fits the new type.
bool fails_to_follow(const Object& dependent, const Object& column) {
  switch (dependent.id.kind) {
    case Kind::column_default:
      return same_column(dependent.id, column.id);
    case Kind::constraint:
      return as<Constraint>(dependent).type != ConstraintType::primary_key &&
             as<Constraint>(dependent).type != ConstraintType::unique;
    case Kind::index:
      return has_expressions(as<Index>(dependent));
    case Kind::statistics:
      return true;
    default:
      return false;
  }
}

bool by_column(const Object& dependent, const Alter& alter) {
  const auto& from = as<Column>(alter.from);
  const auto& to = as<Column>(alter.to);
  if (from.type == to.type && from.collation == to.collation) return false;
  const Kind kind = dependent.id.kind;
  if (among(held_expressions, kind)) return true;
  if (kind == Kind::column) return as<Column>(dependent).generated.has_value();
  return !similar_types(from.type, to.type) && fails_to_follow(dependent, alter.to);
}

// What refers to an attribute that goes.
bool by_composite(const Object& dependent, const Alter& alter) {
  const auto& to = as<Composite>(alter.to).attributes;
  const auto& from = as<Composite>(alter.from).attributes;
  const bool all_kept = std::all_of(from.begin(), from.end(), [&](const Attribute& old) {
    return std::find(to.begin(), to.end(), old) != to.end();
  });
  return !all_kept && among(held_expressions, dependent.id.kind);
}

}  // namespace

bool must_rebuild(const Object& dependent, const Alter& alter) {
  if (alter.from.id.kind == Kind::column) return by_column(dependent, alter);
  if (alter.from.id.kind == Kind::composite) return by_composite(dependent, alter);
  return false;
}

}  // namespace limbeck::postgres
