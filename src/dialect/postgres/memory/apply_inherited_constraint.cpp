// Constraints that come to a child table or a partition from its parent.
#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {

void attach_key(Catalog& catalog, const ObjectId& key, const ObjectId& parent) {
  auto& constraint = as<Constraint>(*catalog.find(key));
  constraint.parent = parent;
  constraint.inherited = true;
  // That of an index is the partition's own all the same.
  if (parent.kind == Kind::constraint) constraint.local = false;
  catalog.depend(key, parent);
}

void inherit_constraint(Catalog& catalog, const ObjectId& child, const Object& parent,
                        bool partition) {
  Constraint constraint = as<Constraint>(parent);
  constraint.inherited = true;
  constraint.local = false;
  constraint.no_inherit = false;
  const bool is_check = constraint.type == ConstraintType::check;
  if (!is_check) {
    if (!partition) return;
    constraint.parent = parent.id;
    for (const Object* own :
         parts_of(catalog.schema(), Kind::constraint, child.schema, child.name)) {
      const auto& there = as<Constraint>(*own);
      if (there.type != constraint.type || there.parent || there.columns != constraint.columns ||
          there.foreign_key != constraint.foreign_key || there.include != constraint.include)
        continue;
      attach_key(catalog, own->id, parent.id);
      return;
    }
  }
  ObjectId id{Kind::constraint, child.schema, child.name, parent.id.part};
  const bool key =
      constraint.type == ConstraintType::primary_key || constraint.type == ConstraintType::unique;
  if (key) {
    const bool primary = constraint.type == ConstraintType::primary_key;
    std::vector<std::string> names = constraint.columns;
    names.insert(names.end(), constraint.include.begin(), constraint.include.end());
    id.part = free_relation_name(catalog, child.schema, child.name,
                                 primary ? "" : joined_columns(names), primary ? "pkey" : "key");
    if (primary)
      for (const std::string& column : constraint.columns)
        set_not_null(catalog, {Kind::column, child.schema, child.name, column});
  } else if (Object* there = catalog.find(id)) {
    as<Constraint>(*there).inherited = true;
    if (partition) as<Constraint>(*there).local = false;
    return;
  }
  const std::vector<std::string> columns = constraint.columns;
  std::vector<ObjectId> uses;
  const auto& edges = catalog.schema().dependencies;
  for (auto at = edges.lower_bound({parent.id, {Kind::schema, "", "", ""}});
       at != edges.end() && at->dependent == parent.id; ++at) {
    ObjectId on = at->on;
    if (on.schema == parent.id.schema && on.name == parent.id.name &&
        (on.kind == Kind::column || on.kind == Kind::table)) {
      on.schema = child.schema;
      on.name = child.name;
    }
    uses.push_back(std::move(on));
  }
  catalog.add(id, std::move(constraint));
  for (const ObjectId& on : uses) catalog.depend(id, on);
  if (!is_check) catalog.depend(id, parent.id);
  if (const std::string* why = catalog.uncertain(parent.id)) catalog.set_uncertain(id, *why);
  const Object copy = *catalog.find(id);
  for (const ObjectId& grandchild : children_of(catalog, child))
    inherit_constraint(catalog, grandchild, copy,
                       as<Table>(*catalog.find(grandchild)).partition_of.has_value());
}

}  // namespace limbeck::postgres::memory
