#include "diff/folding.h"

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

namespace limbeck {
namespace {

using Bond = OperationGraph::Bond;

// What a part is made with and goes with; nothing for what stands alone.
std::optional<ObjectId> holder_of(const Object& object, const Schema& schema) {
  const ObjectId& id = object.id;
  switch (id.kind) {
    case Kind::column:
    case Kind::constraint:
      return ObjectId{Kind::table, id.schema, id.name, ""};
    case Kind::domain_constraint:
      return ObjectId{Kind::domain, id.schema, id.name, ""};
    case Kind::column_default: {
      ObjectId table{Kind::table, id.schema, id.name, ""};
      if (schema.find(table)) return table;
      return std::nullopt;  // of a view's column
    }
    default:
      return std::nullopt;
  }
}

bool is_foreign_key(const Object& object) {
  return object.id.kind == Kind::constraint &&
         as<Constraint>(object).type == ConstraintType::foreign_key;
}

ObjectId column_of(const ObjectId& id) {
  return {Kind::column, id.schema, id.name, id.part};
}

// Whose DROP takes the object away, the widest first.
std::vector<ObjectId> goes_with(const Object& object) {
  const ObjectId& id = object.id;
  const auto relations = [](const std::string& schema, const std::string& name) {
    return std::vector<ObjectId>{{Kind::table, schema, name, ""},
                                 {Kind::view, schema, name, ""},
                                 {Kind::materialized_view, schema, name, ""}};
  };
  switch (id.kind) {
    case Kind::column:
    case Kind::constraint:
    case Kind::trigger:
    case Kind::rule:
    case Kind::policy:
      return relations(id.schema, id.name);
    case Kind::column_default: {
      auto holders = relations(id.schema, id.name);
      holders.push_back(column_of(id));
      return holders;
    }
    case Kind::domain_constraint:
      return {{Kind::domain, id.schema, id.name, ""}};
    case Kind::index:
      return relations(as<Index>(object).table.schema, as<Index>(object).table.name);
    case Kind::sequence: {
      const auto& owner = as<Sequence>(object).owned_by;
      if (!owner) return {};
      return {Nodes::table_of(*owner), *owner};
    }
    default:
      return {};
  }
}

// A key of a partition may belong to an index of the whole table that is no key's: neither can be
// dropped without the other.
std::optional<ObjectId> index_of_whole(const Object& object) {
  if (object.id.kind != Kind::constraint) return std::nullopt;
  const auto& parent = as<Constraint>(object).parent;
  return parent && parent->kind == Kind::index ? parent : std::nullopt;
}

Bond bond_of(const Object& dropped) {
  if (is_foreign_key(dropped) || dropped.id.kind == Kind::sequence) return Bond::loose;
  return dropped.id.kind == Kind::column ? Bond::fixed : Bond::firm;
}

// Whether PostgreSQL would make one of the two, were they in one CREATE TABLE.
bool is_same_key(const Constraint& one, const Constraint& other) {
  const auto key = [](ConstraintType type) {
    return type == ConstraintType::primary_key || type == ConstraintType::unique;
  };
  return key(one.type) && key(other.type) && one.columns == other.columns &&
         one.include == other.include && one.nulls_not_distinct == other.nulls_not_distinct &&
         one.deferrable == other.deferrable && one.initially_deferred == other.initially_deferred;
}

// The keys that a table has twice: all but the first of them.
std::set<ObjectId> second_keys(const Nodes& nodes) {
  std::set<ObjectId> second;
  std::vector<const Object*> keys;  // of one table
  for (const auto& [id, node] : nodes.creating) {
    if (id.kind != Kind::constraint) continue;
    const Object* object = nodes.new_side.find(id);
    if (!keys.empty() && Nodes::table_of(keys.front()->id) != Nodes::table_of(id)) keys.clear();
    const bool twice = std::any_of(keys.begin(), keys.end(), [&](const Object* key) {
      return is_same_key(as<Constraint>(*key), as<Constraint>(*object));
    });
    if (twice) second.insert(id);
    keys.push_back(object);
  }
  return second;
}

}  // namespace

void fold(Nodes& nodes) {
  std::set<ObjectId> apart;
  if (nodes.dialect.alters_constraints()) apart = second_keys(nodes);
  for (const auto& [id, node] : nodes.creating) {
    if (nodes.work[node].silent || nodes.alone.contains(node) || apart.contains(id)) continue;
    const Object& object = *nodes.new_side.find(id);
    const auto holder = holder_of(object, nodes.new_side);
    if (!holder || (is_foreign_key(object) && nodes.dialect.alters_constraints())) continue;
    const bool loose = id.kind == Kind::constraint || id.kind == Kind::domain_constraint ||
                       id.kind == Kind::column_default;
    const Bond bond = loose ? Bond::loose : Bond::fixed;
    if (const auto made = nodes.find(nodes.creating, *holder)) {
      nodes.graph.fold(node, *made, bond);
    } else if (id.kind == Kind::column_default) {
      if (const auto column = nodes.find(nodes.creating, column_of(id))) {
        if (!nodes.work[*column].silent) nodes.graph.fold(node, *column, Bond::loose);
      }
    }
  }
  for (const auto& [id, node] : nodes.dropping) {
    if (nodes.work[node].silent) continue;
    const Object& object = *nodes.old_side.find(id);
    std::vector<ObjectId> holders = goes_with(object);
    if (const auto whole = index_of_whole(object);
        whole && nodes.keeps_parent_of(object, nodes.old_side))
      holders.push_back(*whole);
    for (const ObjectId& holder : holders) {
      const auto gone = nodes.find(nodes.dropping, holder);
      if (!gone || nodes.work[*gone].silent) continue;
      nodes.graph.fold(node, *gone, bond_of(object));
      break;
    }
  }
}

}  // namespace limbeck
