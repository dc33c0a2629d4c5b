// An object of a schema: what it is called, what it is, and what every kind can have.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "schema/constraint.h"
#include "schema/database_objects.h"
#include "schema/object_id.h"
#include "schema/routine.h"
#include "schema/table.h"
#include "schema/types.h"
#include "schema/view.h"

namespace limbeck {

// One alternative for each Kind, in the same order.
using Definition =
    std::variant<Namespace, Extension, Collation, Enumeration, Composite, Domain, Range, Sequence,
                 Table, Column, ColumnDefault, Constraint, DomainConstraint, Index, View,
                 MaterializedView, Routine, Aggregate, Trigger, EventTrigger, Rule, Policy,
                 Statistics, ForeignDataWrapper, Server, UserMapping, Publication, Subscription,
                 DefaultPrivileges, Opaque>;

// The statement (of a column: its line) as its author wrote it, where the database keeps it: SQLite
// does. A dialect writes it again when it still says what the object says, so that comments and
// layout stay. It is no part of the object's value: all source texts are equal.
struct SourceText {
  std::string text = {};

  bool operator==(const SourceText&) const { return true; }
};

struct Object {
  ObjectId id = {};
  Definition definition = {};
  std::string comment = {};
  std::string owner = {};  // "" where the database has none, or when owners are not compared
  // All that hold, the owner's among them, sorted; nothing when they were not read.
  std::optional<std::vector<Privilege>> privileges = {};
  SourceText source = {};

  bool operator==(const Object&) const = default;
};

// The definition as the type that the caller knows it to have.
template <class T>
const T& as(const Object& object) {
  return std::get<T>(object.definition);
}
template <class T>
T& as(Object& object) {
  return std::get<T>(object.definition);
}

static_assert(std::variant_size_v<Definition> == static_cast<std::size_t>(Kind::opaque) + 1);

}  // namespace limbeck
