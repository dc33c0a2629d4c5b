// What making, dropping and renaming tables and indexes does.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "dialect/postgres/memory/effect_parts.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {
namespace {

using enum LockLevel;

// A foreign key in a new table: only the other one is there.
void add_new_foreign_key(EffectContext& context, const RelationName& table,
                         const PgQuery__Constraint& constraint, const std::string& column) {
  Effect effect{.kind = EffectKind::add_foreign_key,
                .table = table,
                .name = text(constraint.conname),
                .columns = texts({constraint.fk_attrs, constraint.n_fk_attrs}),
                .traits = {Trait::references},
                .offset = static_cast<std::size_t>(std::max(constraint.location, 0))};
  if (effect.columns.empty() && !column.empty()) effect.columns = {column};
  if (const auto referenced = find_relation(context.catalog, *constraint.pktable)) {
    effect.detail = to_string(*referenced);
    context.lock_also(effect, *referenced, {.lock = share_row_exclusive});
    if (is_partitioned(context.catalog, *referenced))
      for (const ObjectId& child : descendants_of(context.catalog, *referenced))
        context.touch(child, {.lock = share_row_exclusive});
  }
  context.found.effects.push_back(std::move(effect));
}

void add_new_column(EffectContext& context, const RelationName& table,
                    const PgQuery__ColumnDef& definition) {
  Effect effect{.kind = EffectKind::add_column,
                .table = table,
                .name = text(definition.colname),
                .offset = static_cast<std::size_t>(std::max(definition.location, 0))};
  if (definition.type_name != nullptr) {
    const auto serial = serial_type(*definition.type_name);
    if (!serial.empty()) effect.traits.add(Trait::serial);
    effect.detail = serial.empty() ? format(resolve(context.catalog, *definition.type_name))
                                   : format(built_in(serial));
  }
  for (const Node* node : Nodes{definition.constraints, definition.n_constraints}) {
    if (node->node_case != PG_QUERY__NODE__NODE_CONSTRAINT) continue;
    if (node->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY)
      effect.traits.add(Trait::primary_key);
    if (node->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY)
      effect.traits.add(Trait::identity);
  }
  const std::string name = effect.name;
  context.found.effects.push_back(std::move(effect));
  for (const Node* node : Nodes{definition.constraints, definition.n_constraints})
    if (node->node_case == PG_QUERY__NODE__NODE_CONSTRAINT &&
        node->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN)
      add_new_foreign_key(context, table, *node->constraint, name);
}

void make_partition(EffectContext& context, const RelationName& table, const ObjectId& parent,
                    const PgQuery__PartitionBoundSpec& bound) {
  Effect effect{.kind = EffectKind::create_partition,
                .table = relation_name(parent),
                .name = table.name,
                .impact = {.lock = access_exclusive}};
  if (bound.is_default != 0) effect.traits.add(Trait::default_partition);
  if (const auto fallback = default_partition_of(context.catalog, parent)) {
    effect.traits.add(Trait::has_default_partition);
    context.lock_also(effect, *fallback, {.lock = access_exclusive});
  }
  for (const Object* key : constraints_of(context.catalog, parent, ConstraintType::foreign_key)) {
    context.lock_referenced(effect, as<Constraint>(*key), share_row_exclusive);
  }
  for (const Object* key : references_to(context.catalog, parent))
    context.lock_also(effect, table_of(key->id), {.lock = share_row_exclusive});
  context.add(std::move(effect));
}

const std::vector<std::pair<PgQuery__ObjectType, std::string_view>>& objects() {
  static const std::vector<std::pair<PgQuery__ObjectType, std::string_view>> rows{
      {PG_QUERY__OBJECT_TYPE__OBJECT_TABLE, "table"},
      {PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE, "table"},
      {PG_QUERY__OBJECT_TYPE__OBJECT_VIEW, "view"},
      {PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW, "materialized view"},
      {PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN, "column"},
      {PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT, "constraint"},
      {PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER, "trigger"},
      {PG_QUERY__OBJECT_TYPE__OBJECT_STATISTIC_EXT, "statistics"},
      {PG_QUERY__OBJECT_TYPE__OBJECT_POLICY, "policy"},
      {PG_QUERY__OBJECT_TYPE__OBJECT_RULE, "rule"},
      {PG_QUERY__OBJECT_TYPE__OBJECT_INDEX, "index"},
      {PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE, "sequence"},
      {PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA, "schema"},
      {PG_QUERY__OBJECT_TYPE__OBJECT_TYPE, "type"},
      {PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN, "domain"},
      {PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION, "function"},
      {PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE, "procedure"},
      {PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE, "function"},
      {PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION, "extension"},
      {PG_QUERY__OBJECT_TYPE__OBJECT_ATTRIBUTE, "attribute"},
  };
  return rows;
}

std::string object_of(PgQuery__ObjectType type) {
  for (const auto& [row, name] : objects())
    if (row == type) return std::string(name);
  return "object";
}

Name name_of_object(const Node* object) {
  if (object->node_case == PG_QUERY__NODE__NODE_STRING) return {"", text(object)};
  if (object->node_case == PG_QUERY__NODE__NODE_TYPE_NAME)
    return name_of(Nodes{object->type_name->names, object->type_name->n_names});
  if (object->node_case == PG_QUERY__NODE__NODE_OBJECT_WITH_ARGS)
    return name_of(Nodes{object->object_with_args->objname, object->object_with_args->n_objname});
  return name_of(items(object));
}

void lock_dependents(EffectContext& context, const ObjectId& id, Effect& effect) {
  for (const ObjectId& table : tables_depending_on(context.catalog, id))
    context.lock_also(effect, table, {.lock = access_exclusive});
}

// What is neither a table nor a part of one.
const Object* find_other(EffectContext& context, const std::string& kind, const Name& name) {
  if (kind == "view") return context.catalog.search({Kind::view}, name);
  if (kind == "type" || kind == "domain")
    return context.catalog.search({Kind::enumeration, Kind::domain, Kind::composite, Kind::range},
                                  name);
  if (kind == "sequence") return context.catalog.search({Kind::sequence}, name);
  if (kind == "function" || kind == "procedure")
    return context.catalog.search({Kind::routine}, name);
  return nullptr;
}

void drop_table(EffectContext& context, const ObjectId& table, Effect effect) {
  effect.kind = EffectKind::drop_table;
  effect.impact = {.lock = access_exclusive};
  const Object* object = context.catalog.schema().find(table);
  for (const Object* key : constraints_of(context.catalog, table, ConstraintType::foreign_key)) {
    // One that comes with the partitioned table's is a part of that.
    if (as<Constraint>(*key).parent) continue;
    context.lock_referenced(effect, as<Constraint>(*key), access_exclusive);
  }
  for (const Object* key : references_to(context.catalog, table)) {
    if (table_of(key->id) == table) continue;
    effect.traits.add(Trait::referenced);
    context.lock_also(effect, table_of(key->id), {.lock = access_exclusive});
  }
  if (const auto* it = std::get_if<Table>(&object->definition); it != nullptr && it->partition_of) {
    effect.traits.add(Trait::on_partition);
    const ObjectId parent{Kind::table, it->partition_of->parent.schema,
                          it->partition_of->parent.name, ""};
    context.lock_also(effect, parent, {.lock = access_exclusive});
    if (const auto fallback = default_partition_of(context.catalog, parent);
        fallback && *fallback != table)
      context.lock_also(effect, *fallback, {.lock = access_exclusive});
  }
  for (const ObjectId& child : descendants_of(context.catalog, table))
    context.touch(child, {.lock = access_exclusive});
  if (effect.has(Trait::cascade)) lock_dependents(context, table, effect);
  context.add(std::move(effect));
}

void drop_index(EffectContext& context, const Name& name, Effect effect) {
  effect.kind = EffectKind::drop_index;
  const bool concurrently = effect.has(Trait::concurrently);
  effect.impact = {.lock = concurrently ? share_update_exclusive : access_exclusive};
  const Object* index = context.catalog.search({Kind::index}, name);
  if (index == nullptr) {
    effect.traits.add(Trait::missing);
    context.found.effects.push_back(std::move(effect));
    return;
  }
  const auto& it = as<Index>(*index);
  effect.table = it.table;
  effect.name = index->id.name;
  if (it.unique) effect.traits.add(Trait::unique);
  for (const IndexKey& key : it.keys)
    effect.columns.push_back(key.column.empty() ? key.expression : key.column);
  const ObjectId table{Kind::table, it.table.schema, it.table.name, ""};
  if (is_partitioned(context.catalog, table)) {
    effect.traits.add(Trait::on_partitioned);
    for (const ObjectId& child : descendants_of(context.catalog, table))
      context.touch(child, effect.impact);
  }
  context.add(std::move(effect));
}

// DROP TRIGGER name ON table: the table's name stands before the last part.
void drop_part(EffectContext& context, const Node* object, Effect effect) {
  const Nodes names = items(object);
  effect.kind = EffectKind::other;
  if (names.size() >= 2) {
    effect.name = text(names[names.size() - 1]);
    const Name table = name_of(Nodes{names.first, names.size() - 1});
    if (const Object* found =
            context.catalog.search({Kind::table, Kind::view, Kind::materialized_view}, table)) {
      effect.table = relation_name(found->id);
      effect.impact = {.lock = access_exclusive};
      // It goes from the partitions, too.
      if (is_partitioned(context.catalog, found->id) && effect.object == "trigger")
        for (const ObjectId& child : descendants_of(context.catalog, found->id))
          context.touch(child, effect.impact);
    }
  }
  context.add(std::move(effect));
}

}  // namespace

void effects_of_create_table(EffectContext& context, const PgQuery__CreateStmt& statement) {
  const Name name = name_of(*statement.relation);
  const bool temporary = text(statement.relation->relpersistence) == "t";
  const RelationName table{made_in(context, *statement.relation), name.name};
  const bool there = context.catalog.has_relation(table.schema, table.name);
  Effect effect{.kind = EffectKind::create_table, .table = table};
  if (temporary) effect.traits.add(Trait::temporary);
  if (statement.if_not_exists != 0) effect.traits.add(Trait::if_exists);
  context.found.effects.push_back(std::move(effect));
  if (there && !temporary) return;
  for (const Node* node : Nodes{statement.inh_relations, statement.n_inh_relations}) {
    const auto parent = find_relation(context.catalog, *node->range_var);
    if (!parent) continue;
    if (statement.partbound != nullptr)
      make_partition(context, table, *parent, *statement.partbound);
    else
      context.touch(*parent, {.lock = share_update_exclusive});
  }
  for (const Node* node : Nodes{statement.table_elts, statement.n_table_elts}) {
    if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF)
      add_new_column(context, table, *node->column_def);
    else if (node->node_case == PG_QUERY__NODE__NODE_CONSTRAINT &&
             node->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN)
      add_new_foreign_key(context, table, *node->constraint, "");
  }
}

void effects_of_drop(EffectContext& context, const PgQuery__DropStmt& statement) {
  for (const Node* object : Nodes{statement.objects, statement.n_objects}) {
    const Name name = name_of_object(object);
    Effect effect{.kind = EffectKind::drop_object,
                  .table = {name.schema, name.name},
                  .object = object_of(statement.remove_type),
                  .name = name.name};
    if (statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE)
      effect.traits.add(Trait::cascade);
    if (statement.missing_ok != 0) effect.traits.add(Trait::if_exists);
    if (statement.concurrent != 0) effect.traits.add(Trait::concurrently);
    if (effect.object == "index") {
      drop_index(context, name, std::move(effect));
    } else if (effect.object == "table" || effect.object == "materialized view") {
      const Object* found = context.catalog.search({Kind::table, Kind::materialized_view}, name);
      if (found == nullptr) effect.traits.add(Trait::missing);
      if (found != nullptr && found->id.kind == Kind::table) {
        effect.table = relation_name(found->id);
        drop_table(context, found->id, std::move(effect));
      } else {
        if (found != nullptr) effect.table = relation_name(found->id);
        effect.impact = {.lock = access_exclusive};
        if (effect.object == "table") effect.kind = EffectKind::drop_table;
        context.add(std::move(effect));
      }
    } else if (effect.object == "trigger" || effect.object == "policy" || effect.object == "rule") {
      drop_part(context, object, std::move(effect));
    } else {
      if (effect.object == "schema") {
        for (const auto& [id, each] : context.catalog.schema().objects)
          if ((id.kind == Kind::table || id.kind == Kind::materialized_view) &&
              id.schema == name.name)
            context.lock_also(effect, id, {.lock = access_exclusive});
      }
      if (const Object* known = effect.object == "statistics"
                                    ? context.catalog.search({Kind::statistics}, name)
                                    : nullptr)
        context.touch(as<Statistics>(*known).table, {.lock = share_update_exclusive});
      if (const Object* found = find_other(context, effect.object, name);
          found != nullptr && effect.has(Trait::cascade))
        lock_dependents(context, found->id, effect);
      context.found.effects.push_back(std::move(effect));
    }
  }
}

void effects_of_rename(EffectContext& context, const PgQuery__RenameStmt& statement) {
  Effect effect{.kind = EffectKind::rename,
                .object = object_of(statement.rename_type),
                .name = text(statement.subname),
                .detail = text(statement.newname)};
  if (statement.relation != nullptr) {
    const Name name = name_of(*statement.relation);
    effect.table = {name.schema, name.name};
    if (const auto found = find_relation(context.catalog, *statement.relation)) {
      effect.table = relation_name(*found);
      effect.impact = {.lock = access_exclusive};
      const Object* constraint =
          context.catalog.find(Kind::constraint, found->schema, found->name, effect.name);
      const bool check = effect.object == "constraint" && constraint != nullptr &&
                         as<Constraint>(*constraint).type == ConstraintType::check &&
                         !as<Constraint>(*constraint).no_inherit;
      const bool column = effect.object == "column" || check;
      const bool trigger = effect.object == "trigger" && is_partitioned(context.catalog, *found);
      if (column || trigger)
        for (const ObjectId& child : descendants_of(context.catalog, *found))
          context.touch(child, effect.impact);
    } else if (const Object* index = context.catalog.search({Kind::index}, name)) {
      effect.table = relation_name(index->id);
    } else if (const Object* type = context.catalog.search({Kind::composite}, name)) {
      touch_typed(context, *type);
    }
  } else if (statement.object != nullptr) {
    const Name name = name_of_object(statement.object);
    effect.table = {name.schema, name.name};
  }
  context.add(std::move(effect));
}

void effects_of_index(EffectContext& context, const PgQuery__IndexStmt& statement) {
  Effect effect{.kind = EffectKind::create_index, .name = text(statement.idxname)};
  if (effect.name.empty()) effect.traits.add(Trait::unnamed);
  if (statement.if_not_exists != 0) effect.traits.add(Trait::if_exists);
  if (statement.unique != 0) effect.traits.add(Trait::unique);
  if (statement.where_clause != nullptr) effect.traits.add(Trait::has_where);
  for (const Node* node : Nodes{statement.index_params, statement.n_index_params}) {
    const std::string column = text(node->index_elem->name);
    effect.columns.push_back(column.empty() ? expression_text(node->index_elem->expr) : column);
  }
  const bool concurrently = statement.concurrent != 0;
  if (concurrently) effect.traits.add(Trait::concurrently);
  effect.impact = {.lock = concurrently ? share_update_exclusive : share, .index_build = true};
  const auto table = find_relation(context.catalog, *statement.relation);
  const Name name = name_of(*statement.relation);
  effect.table = table ? relation_name(*table) : RelationName{name.schema, name.name};
  if (!table) effect.traits.add(Trait::missing);
  if (table && !effect.name.empty() && effect.has(Trait::if_exists) &&
      context.catalog.has_relation(table->schema, effect.name)) {
    effect.impact.index_build = false;
  }
  if (!table || !is_partitioned(context.catalog, *table)) {
    context.add(std::move(effect));
    return;
  }
  effect.traits.add(Trait::on_partitioned);
  const TableImpact whole = effect.impact;
  context.touch(*table, {.lock = whole.lock});
  if (statement.relation->inh != 0) {
    for (const ObjectId& child : descendants_of(context.catalog, *table)) {
      TableImpact part = whole;
      part.index_build = whole.index_build && !is_partitioned(context.catalog, child);
      context.touch(child, part);
    }
  } else {
    effect.impact.index_build = false;  // ONLY: an index without its partitions' is empty
  }
  context.found.effects.push_back(std::move(effect));
}

void effects_of_reindex(EffectContext& context, const PgQuery__ReindexStmt& statement) {
  Effect effect{.kind = EffectKind::reindex};
  for (const Node* node : Nodes{statement.params, statement.n_params})
    if (text(node->def_elem->defname) == "concurrently") effect.traits.add(Trait::concurrently);
  const bool concurrently = effect.has(Trait::concurrently);
  effect.impact = {.lock = concurrently ? share_update_exclusive : share, .index_build = true};
  if (statement.relation == nullptr) {
    effect.traits.add(Trait::whole_database);
    effect.name = text(statement.name);
    context.found.effects.push_back(std::move(effect));
    return;
  }
  const Name name = name_of(*statement.relation);
  effect.name = name.name;
  if (statement.kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_INDEX) {
    if (const Object* index = context.catalog.search({Kind::index}, name))
      effect.table = as<Index>(*index).table;
    else if (const auto key = find_folded(context.catalog, name);
             key && key->kind == Kind::constraint)
      effect.table = {key->schema, key->name};
  } else if (const auto table = find_relation(context.catalog, *statement.relation)) {
    effect.table = relation_name(*table);
    effect.impact.index_build = has_any_index(context.catalog, *table);
  }
  context.add(std::move(effect));
}

}  // namespace limbeck::postgres::memory
