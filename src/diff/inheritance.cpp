#include "diff/inheritance.h"

#include <algorithm>
#include <vector>

namespace limbeck {
namespace {

std::vector<RelationName> parents_of(const ObjectId& part, const Schema& schema) {
  const Object* table = schema.find({Kind::table, part.schema, part.name, ""});
  return table ? limbeck::parents_of(*table) : std::vector<RelationName>{};
}

}  // namespace

bool is_inherited(const Object& object) {
  switch (object.id.kind) {
    case Kind::column:
      return as<Column>(object).inherited;
    case Kind::constraint:
      return as<Constraint>(object).inherited;
    case Kind::trigger:
      return as<Trigger>(object).inherited;
    case Kind::index:
      return as<Index>(object).partition_of.has_value();
    default:
      return false;
  }
}

std::optional<ObjectId> inherited_from(const Object& object, const Schema& schema) {
  if (!is_inherited(object)) return std::nullopt;
  if (object.id.kind == Kind::constraint && as<Constraint>(object).parent)
    return as<Constraint>(object).parent;
  if (object.id.kind == Kind::index) {
    const RelationName& parent = *as<Index>(object).partition_of;
    return ObjectId{Kind::index, parent.schema, parent.name, ""};
  }
  for (const RelationName& parent : parents_of(object.id, schema)) {
    ObjectId id{object.id.kind, parent.schema, parent.name, object.id.part};
    if (schema.find(id)) return id;
  }
  return std::nullopt;
}

Object with_kept_parents(Object table, const Object& other) {
  auto& kept = as<Table>(table);
  const auto& others = as<Table>(other);
  const auto [end, _] = std::mismatch(kept.inherits.begin(), kept.inherits.end(),
                                      others.inherits.begin(), others.inherits.end());
  kept.inherits.erase(end, kept.inherits.end());
  if (kept.partition_of != others.partition_of) kept.partition_of.reset();
  return table;
}

bool keeps_parent(const Object& from, const Object& to, const RelationName& parent) {
  const std::vector<RelationName> kept = parents_of(with_kept_parents(from, to));
  return std::find(kept.begin(), kept.end(), parent) != kept.end();
}

std::vector<RelationName> parents_of(const Object& table) {
  std::vector<RelationName> parents = as<Table>(table).inherits;
  if (const auto& partition = as<Table>(table).partition_of) parents.push_back(partition->parent);
  return parents;
}

}  // namespace limbeck
