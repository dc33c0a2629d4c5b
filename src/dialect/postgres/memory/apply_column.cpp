// Columns: their types, defaults, identities.
#include <algorithm>
#include <fmt/format.h>

#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {
namespace {

// The sequence, default and ownership that stand for "serial".
void add_serial(Catalog& catalog, const ObjectId& column, std::string_view type) {
  const std::string name =
      free_relation_name(catalog, column.schema, column.name, column.part, "seq");
  const ObjectId id{Kind::sequence, column.schema, name, ""};
  Sequence sequence{.options = sequence_of_type(type)};
  sequence.owned_by = column;
  catalog.add(id, std::move(sequence));
  catalog.depend(id, column);
  ObjectId default_id = column;
  default_id.kind = Kind::column_default;
  catalog.add(default_id, ColumnDefault{.expression = fmt::format("nextval('{}'::regclass)",
                                                                  qualified(column.schema, name))});
  catalog.depend(default_id, id);
  set_not_null(catalog, column);
}

void add_identity(Catalog& catalog, const ObjectId& id, const PgQuery__Constraint& constraint) {
  auto& column = as<Column>(*catalog.find(id));
  Identity identity;
  identity.always = text(constraint.generated_when) == "a";
  const Type type = parse_type(catalog, column.type);
  SequenceChange change = sequence_options(catalog, {constraint.options, constraint.n_options},
                                           sequence_of_type(base_type(catalog, type).name), true);
  identity.options = std::move(change.options);
  identity.sequence = change.name.empty()
                          ? free_relation_name(catalog, id.schema, id.name, id.part, "seq")
                          : change.name;
  catalog.take_relation_name(id.schema, identity.sequence, id);
  column.identity = std::move(identity);
  column.not_null = true;
}

}  // namespace

int next_position(const Catalog& catalog, const ObjectId& table) {
  return static_cast<int>(columns_of(catalog.schema(), table.schema, table.name).size()) + 1;
}

void renumber(Catalog& catalog, const ObjectId& table) {
  int position = 0;
  for (const Object* column : columns_of(catalog.schema(), table.schema, table.name))
    as<Column>(*catalog.find(column->id)).position = ++position;
}

void set_not_null(Catalog& catalog, const ObjectId& column) {
  Object* object = catalog.find(column);
  if (object == nullptr)
    catalog.fail(
        fmt::format("there is no column {} in {}.{}", column.part, column.schema, column.name));
  as<Column>(*object).not_null = true;
  for (const ObjectId& child : children_of(catalog, {Kind::table, column.schema, column.name, ""}))
    if (catalog.find(Kind::column, child.schema, child.name, column.part) != nullptr)
      set_not_null(catalog, {Kind::column, child.schema, child.name, column.part});
}

void set_default(Catalog& catalog, const ObjectId& column, const Node* node) {
  const ObjectId table{Kind::table, column.schema, column.name, ""};
  const Type type = parse_type(catalog, as<Column>(*catalog.find(column)).type);
  // A default names no column.
  const Scope scope;
  const Expression expression = write_expression(catalog, node, scope, type);
  ObjectId id = column;
  id.kind = Kind::column_default;
  if (expression.is_null && type.modifier.empty()) {
    if (catalog.find(id) != nullptr) catalog.drop(id, true);
    return;
  }
  if (catalog.find(id) != nullptr) catalog.forget_dependencies(id);
  catalog.add(id, ColumnDefault{.expression = expression.text});
  note_expression(catalog, id, expression);
}

void set_generated(Catalog& catalog, const ObjectId& column, const Node* node) {
  const ObjectId table{Kind::table, column.schema, column.name, ""};
  const Type type = parse_type(catalog, as<Column>(*catalog.find(column)).type);
  const Expression expression = write_expression(catalog, node, scope_of(catalog, table), type);
  as<Column>(*catalog.find(column)).generated = Generated{.expression = expression.text};
  note_expression(catalog, column, expression);
}

void add_column(Catalog& catalog, const ObjectId& table, const PgQuery__ColumnDef& definition,
                std::vector<TableConstraint>& constraints) {
  const ObjectId id{Kind::column, table.schema, table.name, text(definition.colname)};
  if (Object* there = catalog.find(id)) {
    // A column that a parent has too.
    auto& column = as<Column>(*there);
    if (!column.inherited || column.local)
      catalog.fail(
          fmt::format("column {} is there twice in {}.{}", id.part, table.schema, table.name));
    column.local = true;
  }
  std::string_view serial;
  if (definition.type_name != nullptr) {
    serial = serial_type(*definition.type_name);
    const Type type = serial.empty() ? resolve(catalog, *definition.type_name) : built_in(serial);
    if (catalog.find(id) == nullptr) {
      Column column;
      column.position = next_position(catalog, table);
      column.type = format(type);
      column.compression = text(definition.compression);
      if (column.compression == "default") column.compression.clear();
      column.foreign_options = options_of({definition.fdwoptions, definition.n_fdwoptions});
      if (definition.coll_clause != nullptr) {
        const std::string collation = resolve_collation(
            catalog, {definition.coll_clause->collname, definition.coll_clause->n_collname});
        if (collation != "pg_catalog.\"default\"") column.collation = collation;
      }
      catalog.add(id, std::move(column));
    }
    depend_on_type(catalog, id, type);
    depend_on_collation(catalog, id, type, collation_names(definition.coll_clause));
    catalog.set_uncertain(id, type.doubt);
  }
  if (!serial.empty()) add_serial(catalog, id, serial);
  if (definition.is_not_null != 0) set_not_null(catalog, id);
  for (std::size_t i = 0; i < definition.n_constraints; ++i) {
    const Node* node = definition.constraints[i];
    if (node->node_case != PG_QUERY__NODE__NODE_CONSTRAINT) continue;
    const PgQuery__Constraint& constraint = *node->constraint;
    switch (constraint.contype) {
      case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL:
        set_not_null(catalog, id);
        break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_NULL:
        break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY:
        add_identity(catalog, id, constraint);
        break;
      default:
        constraints.push_back({&constraint, id.part});
        break;
    }
  }
}

void inherit_column(Catalog& catalog, const ObjectId& child, const Object& parent, bool partition) {
  const ObjectId id{Kind::column, child.schema, child.name, parent.id.part};
  if (Object* there = catalog.find(id)) {
    auto& column = as<Column>(*there);
    column.inherited = true;
    column.not_null = column.not_null || as<Column>(parent).not_null;
    if (partition) column.local = false;
    return;
  }
  Column column = as<Column>(parent);
  column.position = next_position(catalog, child);
  column.inherited = true;
  column.local = false;
  column.identity.reset();
  column.statistics = -1;
  column.options.clear();
  const Type type = parse_type(catalog, column.type);
  ObjectId default_id = parent.id;
  default_id.kind = Kind::column_default;
  catalog.add(id, std::move(column));
  depend_on_type(catalog, id, type);
  // What a default or a generated column uses.
  const auto& edges = catalog.schema().dependencies;
  const auto copy_edges = [&](const ObjectId& from, const ObjectId& to) {
    std::vector<ObjectId> uses;
    for (auto at = edges.lower_bound({from, {Kind::schema, "", "", ""}});
         at != edges.end() && at->dependent == from; ++at) {
      if (at->on.kind == Kind::table) continue;
      ObjectId on = at->on;
      if (on.kind == Kind::column && on.schema == parent.id.schema && on.name == parent.id.name) {
        on.schema = child.schema;
        on.name = child.name;
      }
      uses.push_back(std::move(on));
    }
    for (const ObjectId& on : uses) catalog.depend(to, on);
  };
  if (const Object* value = catalog.find(default_id)) {
    const ObjectId copy{Kind::column_default, id.schema, id.name, id.part};
    ColumnDefault definition = as<ColumnDefault>(*value);
    catalog.add(copy, std::move(definition));
    copy_edges(default_id, copy);
    if (const std::string* why = catalog.uncertain(default_id)) catalog.set_uncertain(copy, *why);
  }
  if (as<Column>(parent).generated) copy_edges(parent.id, id);
  if (const std::string* why = catalog.uncertain(parent.id)) catalog.set_uncertain(id, *why);
}

}  // namespace limbeck::postgres::memory
