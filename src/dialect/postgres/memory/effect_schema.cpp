// What effects ask the schema.
#include "dialect/postgres/memory/effect_parts.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {

RelationName relation_name(const ObjectId& id) {
  return {id.schema, id.name};
}

std::optional<ObjectId> find_relation(Catalog& catalog, const PgQuery__RangeVar& relation) {
  const Object* found =
      catalog.search({Kind::table, Kind::materialized_view, Kind::view}, name_of(relation));
  if (found == nullptr) return std::nullopt;
  return found->id;
}

std::string made_in(EffectContext& context, const PgQuery__RangeVar& table) {
  if (text(table.relpersistence) == "t") return std::string(temporary_schema);
  return context.catalog.creation_schema(name_of(table).schema);
}

RelationName name_of_table(EffectContext& context, const PgQuery__RangeVar& relation) {
  if (const auto table = find_relation(context.catalog, relation)) return relation_name(*table);
  const Name name = name_of(relation);
  return {name.schema, name.name};
}

void touch_below(EffectContext& context, const PgQuery__RangeVar& relation,
                 const TableImpact& impact) {
  if (relation.inh == 0) return;
  if (const auto table = find_relation(context.catalog, relation))
    for (const ObjectId& child : descendants_of(context.catalog, *table))
      context.touch(child, impact);
}

std::vector<ObjectId> descendants_of(const Catalog& catalog, const ObjectId& table) {
  std::vector<ObjectId> all = children_of(catalog, table);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::vector<ObjectId> below = children_of(catalog, all[i]);
    all.insert(all.end(), below.begin(), below.end());
  }
  return all;
}

bool is_partitioned(const Catalog& catalog, const ObjectId& table) {
  const Object* object = catalog.find(Kind::table, table.schema, table.name);
  return object != nullptr && !as<Table>(*object).partition_key.empty();
}

const Column* column_of(const Catalog& catalog, const ObjectId& table, const std::string& name) {
  const Object* object = catalog.find(Kind::column, table.schema, table.name, name);
  return object == nullptr ? nullptr : &as<Column>(*object);
}

std::vector<const Object*> constraints_of(const Catalog& catalog, const ObjectId& table,
                                          ConstraintType type) {
  std::vector<const Object*> constraints =
      parts_of(catalog.schema(), Kind::constraint, table.schema, table.name);
  std::erase_if(constraints, [&](const Object* it) { return as<Constraint>(*it).type != type; });
  return constraints;
}

std::vector<const Object*> references_to(const Catalog& catalog, const ObjectId& table) {
  // A foreign key depends on the columns that it refers to.
  std::set<ObjectId> seen;
  std::vector<const Object*> references;
  for (const Object* column : columns_of(catalog.schema(), table.schema, table.name))
    for (const ObjectId& dependent : catalog.dependents_of(column->id)) {
      if (dependent.kind != Kind::constraint || !seen.insert(dependent).second) continue;
      const Object* object = catalog.schema().find(dependent);
      if (object == nullptr) continue;
      const auto& constraint = as<Constraint>(*object);
      if (constraint.foreign_key && constraint.foreign_key->table == relation_name(table))
        references.push_back(object);
    }
  return references;
}

std::vector<const Object*> indexes_of(const Catalog& catalog, const ObjectId& table) {
  std::vector<const Object*> indexes;
  for (const ObjectId& dependent : catalog.dependents_of(table)) {
    if (dependent.kind != Kind::index) continue;
    if (const Object* index = catalog.schema().find(dependent)) indexes.push_back(index);
  }
  return indexes;
}

bool has_any_index(const Catalog& catalog, const ObjectId& table) {
  for (const ConstraintType type :
       {ConstraintType::primary_key, ConstraintType::unique, ConstraintType::exclusion})
    if (!constraints_of(catalog, table, type).empty()) return true;
  return !indexes_of(catalog, table).empty();
}

ObjectId table_of(const ObjectId& part) {
  return {Kind::table, part.schema, part.name, ""};
}

std::vector<ObjectId> tables_depending_on(const Catalog& catalog, const ObjectId& id) {
  std::vector<ObjectId> pile{id};
  std::set<ObjectId> seen{id};
  std::set<ObjectId> tables;
  const auto add = [&](const ObjectId& each) {
    if (seen.insert(each).second) pile.push_back(each);
  };
  for (std::size_t i = 0; i < pile.size(); ++i) {
    const ObjectId at = pile[i];
    if (at.kind == Kind::table || at.kind == Kind::materialized_view) tables.insert(at);
    const Object* object = catalog.schema().find(at);
    if (at.kind == Kind::index && object != nullptr)
      tables.insert(
          {Kind::table, as<Index>(*object).table.schema, as<Index>(*object).table.name, ""});
    if (at.kind == Kind::constraint && object != nullptr && as<Constraint>(*object).foreign_key) {
      const RelationName& referenced = as<Constraint>(*object).foreign_key->table;
      const ObjectId table{Kind::table, referenced.schema, referenced.name, ""};
      tables.insert(table);
      if (is_partitioned(catalog, table))
        for (const ObjectId& child : descendants_of(catalog, table)) tables.insert(child);
    }
    if (is_part(at.kind) && catalog.schema().find(table_of(at)) != nullptr)
      tables.insert(table_of(at));
    for (const ObjectId& dependent : catalog.dependents_of(at)) add(dependent);
    if (at.kind != Kind::table) continue;
    for (const Object* column : columns_of(catalog.schema(), at.schema, at.name)) add(column->id);
    for (const ObjectId& child : children_of(catalog, at)) add(child);
  }
  tables.erase(id);
  return {tables.begin(), tables.end()};
}

void touch_typed(EffectContext& context, const Object& type) {
  for (const auto& [id, object] : context.catalog.schema().objects) {
    if (id.kind != Kind::table || as<Table>(object).of_type.empty()) continue;
    const Type of = parse_type(context.catalog, as<Table>(object).of_type);
    if (of.object && *of.object == type.id)
      context.touch(id, {.lock = LockLevel::access_exclusive});
  }
}

std::vector<const Object*> references_to_key(const Catalog& catalog, const Object& key) {
  std::vector<const Object*> references = references_to(catalog, table_of(key.id));
  std::erase_if(references, [&](const Object* it) {
    return as<Constraint>(*it).foreign_key->columns != as<Constraint>(key).columns;
  });
  return references;
}

std::optional<ObjectId> default_partition_of(const Catalog& catalog, const ObjectId& table) {
  for (const ObjectId& child : children_of(catalog, table)) {
    const auto& partition = as<Table>(*catalog.schema().find(child)).partition_of;
    if (partition && partition->bound == "DEFAULT") return child;
  }
  return std::nullopt;
}

bool is_constrained_domain(const Catalog& catalog, const Type& type) {
  Type at = type;
  while (at.object && at.object->kind == Kind::domain && !at.array) {
    const Object* object = catalog.schema().find(*at.object);
    if (object == nullptr) return false;
    if (as<Domain>(*object).not_null ||
        !parts_of(catalog.schema(), Kind::domain_constraint, at.object->schema, at.object->name)
             .empty())
      return true;
    at = parse_type(catalog, as<Domain>(*object).type);
  }
  return false;
}

std::vector<Object> named_in(const Schema& schema, const RelationName& name) {
  std::vector<Object> found;
  if (name.schema == temporary_schema) return found;
  const Object* table = schema.find({Kind::table, name.schema, name.name, ""});
  if (table == nullptr) {
    const Object* index = schema.find({Kind::index, name.schema, name.name, ""});
    if (index != nullptr) found.push_back(*index);
    return found;
  }
  found.push_back(*table);
  if (as<Table>(*table).partition_of) return found;
  for (const Object* column : columns_of(schema, name.schema, name.name)) found.push_back(*column);
  for (const Object* each : parts_of(schema, Kind::constraint, name.schema, name.name))
    if (!as<Constraint>(*each).parent && !as<Constraint>(*each).inherited) found.push_back(*each);
  const ObjectId first_index{Kind::index, name.schema, "", ""};
  for (auto it = schema.objects.lower_bound(first_index);
       it != schema.objects.end() && it->first.kind == Kind::index &&
       it->first.schema == name.schema;
       ++it)
    if (as<Index>(it->second).table == name) found.push_back(it->second);
  return found;
}

}  // namespace limbeck::postgres::memory
