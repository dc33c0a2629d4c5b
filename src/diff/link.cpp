#include "diff/link.h"

namespace limbeck {

std::optional<ObjectId> link_of(const Object& object) {
  switch (object.id.kind) {
    case Kind::sequence:
      return as<Sequence>(object).owned_by;
    case Kind::table: {
      const auto& partition = as<Table>(object).partition_of;
      if (!partition) return std::nullopt;
      return ObjectId{Kind::table, partition->parent.schema, partition->parent.name, ""};
    }
    case Kind::index: {
      const auto& parent = as<Index>(object).partition_of;
      if (!parent) return std::nullopt;
      return ObjectId{Kind::index, parent->schema, parent->name, ""};
    }
    case Kind::constraint: {
      const auto& constraint = as<Constraint>(object);
      // A foreign key of a partition is made by attaching the partition.
      if (constraint.type == ConstraintType::foreign_key) return std::nullopt;
      return constraint.parent;
    }
    default:
      return std::nullopt;
  }
}

Object with_link_of(Object object, const Object& other) {
  switch (object.id.kind) {
    case Kind::sequence:
      as<Sequence>(object).owned_by = as<Sequence>(other).owned_by;
      break;
    case Kind::table:
      as<Table>(object).partition_of = as<Table>(other).partition_of;
      break;
    case Kind::index:
      as<Index>(object).partition_of = as<Index>(other).partition_of;
      break;
    case Kind::constraint:
      if (!link_of(object) && !link_of(other)) break;
      as<Constraint>(object).parent = as<Constraint>(other).parent;
      as<Constraint>(object).inherited = as<Constraint>(other).inherited;
      as<Constraint>(object).local = as<Constraint>(other).local;
      break;
    default:
      break;
  }
  return object;
}

Object without_link(Object object) {
  if (!link_of(object)) return object;
  Object bare = object;
  switch (bare.id.kind) {
    case Kind::sequence:
      as<Sequence>(bare).owned_by.reset();
      break;
    case Kind::table:
      as<Table>(bare).partition_of.reset();
      break;
    case Kind::index:
      as<Index>(bare).partition_of.reset();
      break;
    case Kind::constraint:
      as<Constraint>(bare).parent.reset();
      as<Constraint>(bare).inherited = false;
      as<Constraint>(bare).local = true;
      break;
    default:
      break;
  }
  return with_link_of(std::move(object), bare);
}

}  // namespace limbeck
