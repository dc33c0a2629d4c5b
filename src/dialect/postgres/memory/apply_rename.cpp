// ALTER ... RENAME and SET SCHEMA.
#include <algorithm>
#include <fmt/format.h>

#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/names.h"
#include "dialect/postgres/memory/renaming.h"

namespace limbeck::postgres::memory {
namespace {

bool is_relation(Kind kind) {
  return kind == Kind::table || kind == Kind::view || kind == Kind::materialized_view;
}

// The names of the index of a constraint and of the sequence of an identity column.
bool rename_folded(Catalog& catalog, const Name& name, const std::string& to) {
  const std::optional<ObjectId> found = find_folded(catalog, name);
  if (!found) return false;
  if (found->kind == Kind::column) {
    as<Column>(*catalog.find(*found)).identity->sequence = to;
    catalog.take_relation_name(found->schema, to, *found);
    return true;
  }
  ObjectId renamed = *found;
  renamed.part = to;
  rename_object(catalog, *found, renamed);
  return true;
}

void rename_column(Catalog& catalog, const ObjectId& table, const std::string& from,
                   const std::string& to) {
  const ObjectId id{Kind::column, table.schema, table.name, from};
  if (table.kind != Kind::table) {
    Object& owner = *catalog.find(table);
    const auto change = [&](auto& columns) {
      for (auto& column : columns)
        if (column.name == from) column.name = to;
    };
    if (auto* view = std::get_if<View>(&owner.definition)) change(view->columns);
    if (auto* view = std::get_if<MaterializedView>(&owner.definition)) change(view->columns);
    if (auto* type = std::get_if<Composite>(&owner.definition)) change(type->attributes);
    return;
  }
  if (catalog.find(id) == nullptr)
    catalog.fail(fmt::format("there is no column {} in {}.{}", from, table.schema, table.name));
  ObjectId renamed = id;
  renamed.part = to;
  if (catalog.find(renamed) != nullptr)
    catalog.fail(fmt::format("column {} of {}.{} already exists", to, table.schema, table.name));
  rename_object(catalog, id, renamed);
  for (const ObjectId& child : children_of(catalog, table))
    if (catalog.find(Kind::column, child.schema, child.name, from) != nullptr)
      rename_column(catalog, child, from, to);
}

const Object* renamed_object(Catalog& catalog, const PgQuery__RenameStmt& statement) {
  if (statement.relation != nullptr)
    return catalog.search({Kind::table, Kind::view, Kind::materialized_view, Kind::sequence,
                           Kind::index, Kind::composite},
                          name_of(*statement.relation));
  return find_named(catalog, statement.rename_type, statement.object);
}

}  // namespace

void rename(Catalog& catalog, const PgQuery__RenameStmt& statement) {
  const std::string to = text(statement.newname);
  const std::string part = text(statement.subname);
  if (statement.rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_ROLE ||
      statement.rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_DATABASE)
    return;
  // ALTER POLICY and ALTER RULE give the table apart.
  if (statement.rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT) {
    const Object& domain = catalog.need({Kind::domain}, "domain", name_of(statement.object));
    const ObjectId id{Kind::domain_constraint, domain.id.schema, domain.id.name, part};
    if (catalog.find(id) == nullptr) catalog.fail("there is no " + to_string(id));
    ObjectId renamed = id;
    renamed.part = to;
    return rename_object(catalog, id, renamed);
  }
  const Object* found = renamed_object(catalog, statement);
  if (found == nullptr) {
    if (statement.missing_ok != 0) return;
    if (statement.relation != nullptr && rename_folded(catalog, name_of(*statement.relation), to))
      return;
    catalog.not_interpreted("RENAME", "the object is not one that is known here");
    return;
  }
  const ObjectId id = found->id;
  ObjectId renamed = id;
  renamed.name = to;
  Kind part_kind = Kind::opaque;
  switch (statement.rename_type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
    case PG_QUERY__OBJECT_TYPE__OBJECT_ATTRIBUTE:
      return rename_column(catalog, id, part, to);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT:
      part_kind = Kind::constraint;
      break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER:
      part_kind = Kind::trigger;
      break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_RULE:
      part_kind = Kind::rule;
      break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY:
      part_kind = Kind::policy;
      break;
    default:
      break;
  }
  if (part_kind != Kind::opaque) {
    const ObjectId from{part_kind, id.schema, id.name, part};
    if (catalog.find(from) == nullptr) catalog.fail("there is no " + to_string(from));
    renamed = from;
    renamed.part = to;
    rename_object(catalog, from, renamed);
    return;
  }
  if (is_relation(id.kind) && catalog.has_relation(renamed.schema, renamed.name))
    catalog.fail(fmt::format("relation {}.{} already exists", renamed.schema, renamed.name));
  rename_object(catalog, id, renamed);
}

void set_schema(Catalog& catalog, const PgQuery__AlterObjectSchemaStmt& statement) {
  const std::string schema = catalog.creation_schema(text(statement.newschema));
  const Object* found =
      statement.relation != nullptr
          ? catalog.search({Kind::table, Kind::view, Kind::materialized_view, Kind::sequence},
                           name_of(*statement.relation))
          : find_named(catalog, statement.object_type, statement.object);
  if (found == nullptr) {
    if (statement.missing_ok == 0)
      catalog.not_interpreted("SET SCHEMA", "the object is not one that is known here");
    return;
  }
  if (auto* extension = std::get_if<Extension>(&catalog.find(found->id)->definition)) {
    extension->schema = schema;
    return;
  }
  const ObjectId id = found->id;
  ObjectId moved = id;
  moved.schema = schema;
  // What belongs to a table goes with it.
  std::vector<ObjectId> followers;
  if (id.kind == Kind::table || id.kind == Kind::materialized_view)
    for (const auto& [other, object] : catalog.schema().objects) {
      const auto* index = std::get_if<Index>(&object.definition);
      if (index != nullptr && index->table == RelationName{id.schema, id.name})
        followers.push_back(other);
      const auto* sequence = std::get_if<Sequence>(&object.definition);
      if (sequence != nullptr && sequence->owned_by && sequence->owned_by->schema == id.schema &&
          sequence->owned_by->name == id.name)
        followers.push_back(other);
    }
  rename_object(catalog, id, moved);
  for (const ObjectId& follower : followers) {
    ObjectId with = follower;
    with.schema = schema;
    rename_object(catalog, follower, with);
  }
}

}  // namespace limbeck::postgres::memory
