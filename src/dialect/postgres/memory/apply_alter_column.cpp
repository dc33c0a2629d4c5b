// ALTER TABLE ... ALTER COLUMN.
#include <algorithm>
#include <cctype>
#include <fmt/format.h>

#include "base/letter_case.h"
#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {
namespace {

// The expressions that hang on the column were written for its old type.
void doubt_dependents(Catalog& catalog, const ObjectId& column) {
  for (const ObjectId& dependent : catalog.dependents_of(column)) {
    const Object* object = catalog.find(dependent);
    const auto* constraint =
        object == nullptr ? nullptr : std::get_if<Constraint>(&object->definition);
    const auto* index = object == nullptr ? nullptr : std::get_if<Index>(&object->definition);
    bool expression = dependent.kind == Kind::policy || dependent.kind == Kind::trigger;
    if (constraint != nullptr)
      expression = constraint->type == ConstraintType::check ||
                   constraint->type == ConstraintType::exclusion;
    if (index != nullptr) {
      expression = !index->predicate.empty();
      for (const IndexKey& key : index->keys) expression = expression || key.column.empty();
    }
    if (dependent.kind == Kind::column) expression = true;
    if (expression)
      catalog.set_uncertain(dependent, "the type of a column that it uses was changed");
  }
}

void set_type(Catalog& catalog, const ObjectId& id, const PgQuery__ColumnDef& definition) {
  const Type type = resolve(catalog, *definition.type_name);
  auto& column = as<Column>(*catalog.find(id));
  const Type old = parse_type(catalog, column.type);
  if (old.object) catalog.undepend(id, *old.object);
  const std::string own = column.collation.empty() ? collation_of(catalog, old) : column.collation;
  if (const auto collation = user_collation(catalog, own)) catalog.undepend(id, *collation);
  column.type = format(type);
  column.collation.clear();
  if (definition.coll_clause != nullptr) {
    column.collation = resolve_collation(
        catalog, {definition.coll_clause->collname, definition.coll_clause->n_collname});
    if (column.collation == "pg_catalog.\"default\"") column.collation.clear();
  }
  if (default_storage(catalog, old) != default_storage(catalog, type)) column.storage.clear();
  depend_on_type(catalog, id, type);
  depend_on_collation(catalog, id, type, collation_names(definition.coll_clause));
  catalog.set_uncertain(id, type.doubt);
  doubt_dependents(catalog, id);
  ObjectId default_id = id;
  default_id.kind = Kind::column_default;
  if (const Object* value = catalog.find(default_id)) {
    // A default is cast to the new type, in a way that shows.
    const std::string& text = as<ColumnDefault>(*value).expression;
    const bool bare = text.find("::") == std::string::npos && text.find('(') == std::string::npos;
    if (old.key() != type.key() && !(bare && category(catalog, old) == category(catalog, type)))
      catalog.set_uncertain(default_id, "its column's type was changed");
  }
  for (const ObjectId& child : children_of(catalog, {Kind::table, id.schema, id.name, ""}))
    if (catalog.find(Kind::column, child.schema, child.name, id.part) != nullptr)
      set_type(catalog, {Kind::column, child.schema, child.name, id.part}, definition);
}

void drop_default(Catalog& catalog, const ObjectId& column) {
  ObjectId id = column;
  id.kind = Kind::column_default;
  if (catalog.find(id) != nullptr) catalog.drop(id, true);
}

void change_default(Catalog& catalog, const ObjectId& id, const Node* expression) {
  if (expression == nullptr)
    drop_default(catalog, id);
  else
    set_default(catalog, id, expression);
  for (const ObjectId& child : children_of(catalog, {Kind::table, id.schema, id.name, ""}))
    if (catalog.find(Kind::column, child.schema, child.name, id.part) != nullptr)
      change_default(catalog, {Kind::column, child.schema, child.name, id.part}, expression);
}

void drop_not_null(Catalog& catalog, const ObjectId& id) {
  as<Column>(*catalog.find(id)).not_null = false;
  for (const ObjectId& child : children_of(catalog, {Kind::table, id.schema, id.name, ""}))
    if (catalog.find(Kind::column, child.schema, child.name, id.part) != nullptr)
      drop_not_null(catalog, {Kind::column, child.schema, child.name, id.part});
}

void set_identity(Catalog& catalog, Column& column, Nodes changes) {
  if (!column.identity) return;
  std::vector<Node*> options;
  for (Node* node : changes) {
    if (text(node->def_elem->defname) == "generated") {
      const Node* value = node->def_elem->arg;
      column.identity->always = value != nullptr &&
                                value->node_case == PG_QUERY__NODE__NODE_INTEGER &&
                                value->integer->ival == 'a';
    } else {
      options.push_back(node);
    }
  }
  column.identity->options =
      sequence_options(catalog, {options.data(), options.size()}, column.identity->options, false)
          .options;
}

}  // namespace

bool alter_column(Catalog& catalog, const ObjectId& table, const PgQuery__AlterTableCmd& command) {
  const ObjectId id{Kind::column, table.schema, table.name, text(command.name)};
  const auto need = [&]() -> Column& {
    Object* object = catalog.find(id);
    if (object == nullptr)
      catalog.fail(fmt::format("there is no column {} in {}.{}", id.part, id.schema, id.name));
    return as<Column>(*object);
  };
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault:
      need();
      change_default(catalog, id, command.def);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull:
      set_not_null(catalog, id);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull:
      need();
      drop_not_null(catalog, id);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType:
      need();
      refuse_type_change(catalog, id);
      set_type(catalog, id, *command.def->column_def);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropExpression:
      need().generated.reset();
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStatistics:
      need().statistics =
          command.def->node_case == PG_QUERY__NODE__NODE_INTEGER ? command.def->integer->ival : -1;
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStorage: {
      const std::string storage = lower_case(text(command.def));
      const Type type = parse_type(catalog, need().type);
      need().storage = storage == default_storage(catalog, type) ? "" : storage;
      break;
    }
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetCompression: {
      const std::string method = text(command.def);
      need().compression = method == "default" ? "" : method;
      break;
    }
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetOptions:
      change_options(need().options, items(command.def), false);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetOptions:
      change_options(need().options, items(command.def), true);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnGenericOptions:
      change_options(need().foreign_options, items(command.def), false);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddIdentity: {
      need();
      PgQuery__ColumnDef definition = PG_QUERY__COLUMN_DEF__INIT;
      definition.colname = command.name;
      Node* constraint = command.def;
      definition.constraints = &constraint;
      definition.n_constraints = 1;
      auto& column = need();
      const bool inherited = column.inherited;
      const bool local = column.local;
      column.inherited = true;
      column.local = false;
      std::vector<TableConstraint> none;
      add_column(catalog, table, definition, none);
      need().inherited = inherited;
      need().local = local;
      break;
    }
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetIdentity:
      set_identity(catalog, need(), items(command.def));
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropIdentity:
      need().identity.reset();
      break;
    default:
      return false;
  }
  return true;
}

}  // namespace limbeck::postgres::memory
