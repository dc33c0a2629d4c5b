// ALTER TABLE, VIEW, INDEX, MATERIALIZED VIEW, FOREIGN TABLE, and ALTER TYPE of a composite type.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {
namespace {

void add_column_command(Catalog& catalog, const ObjectId& table,
                        const PgQuery__AlterTableCmd& command) {
  const PgQuery__ColumnDef& definition = *command.def->column_def;
  const ObjectId id{Kind::column, table.schema, table.name, text(definition.colname)};
  if (catalog.find(id) != nullptr) {
    if (command.missing_ok != 0) return;
    catalog.fail(fmt::format("column {} of {}.{} already exists", id.part, id.schema, id.name));
  }
  std::vector<TableConstraint> constraints;
  add_column(catalog, table, definition, constraints);
  add_constraints(catalog, table, constraints);
  const Object copy = *catalog.find(id);
  for (const ObjectId& child : children_of(catalog, table))
    inherit_column(catalog, child, copy, as<Table>(*catalog.find(child)).partition_of.has_value());
}

void drop_column(Catalog& catalog, const ObjectId& table, const std::string& name, bool cascade,
                 bool missing_ok) {
  const ObjectId id{Kind::column, table.schema, table.name, name};
  if (catalog.find(id) == nullptr) {
    if (missing_ok) return;
    catalog.fail(fmt::format("there is no column {} in {}.{}", name, table.schema, table.name));
  }
  const std::vector<ObjectId> children = children_of(catalog, table);
  catalog.drop(id, cascade);
  renumber(catalog, table);
  for (const ObjectId& child : children) {
    const Object* column = catalog.find(Kind::column, child.schema, child.name, name);
    if (column != nullptr && !as<Column>(*column).local)
      drop_column(catalog, child, name, cascade, true);
    else if (column != nullptr)
      as<Column>(*catalog.find(column->id)).inherited = false;
  }
}

void drop_constraint(Catalog& catalog, const ObjectId& table, const std::string& name, bool cascade,
                     bool missing_ok) {
  const ObjectId id{Kind::constraint, table.schema, table.name, name};
  const Object* found = catalog.find(id);
  if (found == nullptr) {
    if (missing_ok) return;
    catalog.fail(fmt::format("there is no constraint {} in {}.{}", name, table.schema, table.name));
  }
  const bool check = as<Constraint>(*found).type == ConstraintType::check;
  catalog.drop(id, cascade);
  if (!check) return;
  for (const ObjectId& child : children_of(catalog, table)) {
    const Object* copy = catalog.find(Kind::constraint, child.schema, child.name, name);
    if (copy != nullptr && !as<Constraint>(*copy).local)
      drop_constraint(catalog, child, name, cascade, true);
  }
}

void set_firing(Catalog& catalog, const ObjectId& table, Kind kind, const std::string& name,
                Enabled enabled) {
  std::vector<ObjectId> parts;
  for (const Object* object : parts_of(catalog.schema(), kind, table.schema, table.name))
    if (name.empty() || object->id.part == name) parts.push_back(object->id);
  if (parts.empty() && !name.empty())
    catalog.fail(
        fmt::format("there is no {} {} on {}.{}", to_string(kind), name, table.schema, table.name));
  for (const ObjectId& part : parts) {
    Object& object = *catalog.find(part);
    if (kind == Kind::trigger)
      as<Trigger>(object).enabled = enabled;
    else
      as<Rule>(object).enabled = enabled;
  }
}

bool set_trigger_state(Catalog& catalog, const ObjectId& table,
                       const PgQuery__AlterTableCmd& command) {
  struct Row {
    PgQuery__AlterTableType type;
    Kind kind;
    Enabled enabled;
  };
  constexpr std::array rows = std::to_array<Row>({
      {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrig, Kind::trigger, Enabled::origin},
      {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableAlwaysTrig, Kind::trigger, Enabled::always},
      {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableReplicaTrig, Kind::trigger, Enabled::replica},
      {PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrig, Kind::trigger, Enabled::disabled},
      {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigAll, Kind::trigger, Enabled::origin},
      {PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigAll, Kind::trigger, Enabled::disabled},
      {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigUser, Kind::trigger, Enabled::origin},
      {PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigUser, Kind::trigger, Enabled::disabled},
      {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRule, Kind::rule, Enabled::origin},
      {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableAlwaysRule, Kind::rule, Enabled::always},
      {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableReplicaRule, Kind::rule, Enabled::replica},
      {PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRule, Kind::rule, Enabled::disabled},
  });
  for (const Row& row : rows) {
    if (row.type != command.subtype) continue;
    set_firing(catalog, table, row.kind, text(command.name), row.enabled);
    return true;
  }
  return false;
}

void set_replica_identity(Table& table, const PgQuery__ReplicaIdentityStmt& statement) {
  table.replica_identity_index = text(statement.name);
  switch (text(statement.identity_type)[0]) {
    case 'n':
      table.replica_identity = ReplicaIdentity::nothing;
      break;
    case 'f':
      table.replica_identity = ReplicaIdentity::full;
      break;
    case 'i':
      table.replica_identity = ReplicaIdentity::index;
      break;
    default:
      table.replica_identity = ReplicaIdentity::primary_key;
      break;
  }
}

void attach(Catalog& catalog, const ObjectId& table, const PgQuery__PartitionCmd& command) {
  const ObjectId child = need_table(catalog, *command.name);
  const Object parent = *catalog.find(table);
  std::vector<Object> columns;
  for (const Object* column : columns_of(catalog.schema(), table.schema, table.name))
    columns.push_back(*column);
  for (const Object& column : columns) inherit_column(catalog, child, column, true);
  as<Table>(*catalog.find(child)).partition_of = PartitionOf{.parent = {table.schema, table.name}};
  catalog.depend(child, table);
  std::string bound = partition_bound(catalog, child, parent, *command.bound);
  as<Table>(*catalog.find(child)).partition_of->bound = std::move(bound);
  adopt_partition(catalog, child, parent);
}

void change_inheritance(Catalog& catalog, const ObjectId& table, const Node* node, bool add) {
  const ObjectId parent = need_table(catalog, *node->range_var);
  auto& inherits = as<Table>(*catalog.find(table)).inherits;
  const RelationName name{parent.schema, parent.name};
  if (add) {
    inherits.push_back(name);
    catalog.depend(table, parent);
  } else {
    std::erase(inherits, name);
    catalog.undepend(table, parent);
  }
  for (const Object* column : columns_of(catalog.schema(), parent.schema, parent.name))
    if (Object* own = catalog.find({Kind::column, table.schema, table.name, column->id.part})) {
      as<Column>(*own).inherited = add;
      if (!add) as<Column>(*own).local = true;
    }
  for (const Object* check :
       parts_of(catalog.schema(), Kind::constraint, parent.schema, parent.name))
    if (Object* own = catalog.find({Kind::constraint, table.schema, table.name, check->id.part});
        own != nullptr && as<Constraint>(*check).type == ConstraintType::check) {
      as<Constraint>(*own).inherited = add;
      if (!add) as<Constraint>(*own).local = true;
    }
}

// What concerns the table as a whole. False: another command.
bool alter_whole(Catalog& catalog, const ObjectId& id, const PgQuery__AlterTableCmd& command) {
  auto& table = as<Table>(*catalog.find(id));
  const Nodes list = items(command.def);
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner:
      return true;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ClusterOn:
      table.cluster_index = text(command.name);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropCluster:
      table.cluster_index.clear();
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged:
      table.persistence = Persistence::permanent;
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetUnLogged:
      table.persistence = Persistence::unlogged;
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetAccessMethod:
      table.access_method = text(command.name) == "heap" ? "" : text(command.name);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetTableSpace:
      table.tablespace = text(command.name) == "pg_default" ? "" : text(command.name);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions:
      change_options(table.options, list, false);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions:
      change_options(table.options, list, true);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRowSecurity:
      table.row_security = true;
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRowSecurity:
      table.row_security = false;
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ForceRowSecurity:
      table.force_row_security = true;
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_NoForceRowSecurity:
      table.force_row_security = false;
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ReplicaIdentity:
      set_replica_identity(table, *command.def->replica_identity_stmt);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_GenericOptions:
      if (table.foreign) change_options(table.foreign->options, list, false);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddInherit:
      change_inheritance(catalog, id, command.def, true);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropInherit:
      change_inheritance(catalog, id, command.def, false);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition:
      attach(catalog, id, *command.def->partition_cmd);
      break;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition:
      detach_partition(catalog, need_table(catalog, *command.def->partition_cmd->name));
      break;
    default:
      return false;
  }
  return true;
}

void alter_constraint(Catalog& catalog, const ObjectId& table, const std::string& name,
                      const PgQuery__Constraint* change) {
  Object* found = catalog.find({Kind::constraint, table.schema, table.name, name});
  if (found == nullptr)
    catalog.fail(fmt::format("there is no constraint {} in {}.{}", name, table.schema, table.name));
  auto& constraint = as<Constraint>(*found);
  if (change == nullptr) {
    constraint.validated = true;
    for (const ObjectId& child : children_of(catalog, table))
      if (catalog.find(Kind::constraint, child.schema, child.name, name) != nullptr)
        alter_constraint(catalog, child, name, nullptr);
    return;
  }
  constraint.deferrable = change->deferrable != 0;
  constraint.initially_deferred = change->initdeferred != 0;
}

// only: ALTER TABLE ONLY, not its children.
void alter_one(Catalog& catalog, const ObjectId& table, const PgQuery__AlterTableCmd& command,
               bool only) {
  const bool cascade = command.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
  const std::string name = text(command.name);
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn:
      return add_column_command(catalog, table, command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn:
      return drop_column(catalog, table, name, cascade, command.missing_ok != 0);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint:
      refuse_late_foreign_key(catalog, table, *command.def->constraint);
      return add_constraints(catalog, table, {{command.def->constraint, "", only}});
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint:
      return drop_constraint(catalog, table, name, cascade, command.missing_ok != 0);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint:
      return alter_constraint(catalog, table, name, nullptr);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterConstraint:
      return alter_constraint(catalog, table, text(command.def->constraint->conname),
                              command.def->constraint);
    default:
      break;
  }
  if (alter_column(catalog, table, command) || set_trigger_state(catalog, table, command) ||
      alter_whole(catalog, table, command))
    return;
  catalog.not_interpreted("ALTER TABLE", "a form whose effect is not known without a server");
}

void alter_index(Catalog& catalog, Object& object, const PgQuery__AlterTableCmd& command) {
  const ObjectId id = object.id;
  auto& index = as<Index>(object);
  const Nodes list = items(command.def);
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions:
      return change_options(index.options, list, false);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions:
      return change_options(index.options, list, true);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetTableSpace:
      index.tablespace = text(command.name);
      return;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStatistics: {
      const std::string number = std::to_string(command.num);
      std::erase_if(index.statistics, [&](const Option& one) { return one.name == number; });
      if (command.def != nullptr && command.def->node_case == PG_QUERY__NODE__NODE_INTEGER &&
          command.def->integer->ival >= 0)
        index.statistics.push_back({number, std::to_string(command.def->integer->ival)});
      return;
    }
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition: {
      const Name child = name_of(*command.def->partition_cmd->name);
      Object* part = catalog.search({Kind::index}, child);
      const auto key = find_folded(catalog, child);
      if (part == nullptr && !key) catalog.fail_missing("index", child);
      if (part != nullptr || key) {
        if (part != nullptr) {
          as<Index>(*part).partition_of = RelationName{id.schema, id.name};
          catalog.depend(part->id, id);
        } else if (key->kind == Kind::constraint) {
          attach_key(catalog, *key, id);
        }
        // It is valid when every partition has one.
        const std::vector<ObjectId> tables =
            children_of(catalog, {Kind::table, index.table.schema, index.table.name, ""});
        std::size_t attached = 0;
        for (const ObjectId& dependent : catalog.dependents_of(id))
          if (dependent.kind == Kind::index || dependent.kind == Kind::constraint) ++attached;
        as<Index>(*catalog.find(id)).only = attached < tables.size();
      }
      return;
    }
    default:
      break;
  }
  catalog.not_interpreted("ALTER INDEX", "a form whose effect is not known without a server");
}

// The index of a primary key or unique constraint.
void alter_key(Catalog& catalog, const ObjectId& id, const PgQuery__AlterTableCmd& command) {
  auto& constraint = as<Constraint>(*catalog.find(id));
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions:
      return change_options(constraint.options, items(command.def), false);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions:
      return change_options(constraint.options, items(command.def), true);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetTableSpace:
      constraint.tablespace = text(command.name);
      return;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition: {
      const Name name = name_of(*command.def->partition_cmd->name);
      const auto child = find_folded(catalog, name);
      if (!child || child->kind != Kind::constraint) break;
      attach_key(catalog, *child, id);
      return;
    }
    default:
      break;
  }
  catalog.not_interpreted("ALTER INDEX", "a form whose effect is not known without a server");
}

void alter_view(Catalog& catalog, Object& object, const PgQuery__AlterTableCmd& command) {
  const Nodes list = items(command.def);
  auto* view = std::get_if<View>(&object.definition);
  Options& options = view != nullptr ? view->options : as<MaterializedView>(object).options;
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner:
      return;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions:
      return change_options(options, list, false);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions:
      return change_options(options, list, true);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault:
      if (view == nullptr) break;
      for (ViewColumn& column : view->columns)
        if (column.name == text(command.name)) {
          column.default_expression = "";
          if (command.def != nullptr)
            column.default_expression =
                write_expression(catalog, command.def, Scope{}, parse_type(catalog, column.type))
                    .text;
        }
      return;
    default:
      break;
  }
  catalog.not_interpreted("ALTER VIEW", "a form whose effect is not known without a server");
}

}  // namespace

void alter_table(Catalog& catalog, const PgQuery__AlterTableStmt& statement) {
  const Name name = name_of(*statement.relation);
  Object* found = catalog.search({Kind::table, Kind::view, Kind::materialized_view, Kind::index,
                                  Kind::sequence, Kind::composite},
                                 name);
  if (found == nullptr) {
    if (statement.missing_ok != 0) return;
    const auto key = find_folded(catalog, name);
    if (statement.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_INDEX && key &&
        key->kind == Kind::constraint) {
      for (const Node* node : Nodes{statement.cmds, statement.n_cmds})
        alter_key(catalog, *key, *node->alter_table_cmd);
      return;
    }
    catalog.fail_missing("relation", name);
  }
  const ObjectId id = found->id;
  if (id.kind == Kind::composite) return alter_composite(catalog, *found, statement);
  for (const Node* node : Nodes{statement.cmds, statement.n_cmds}) {
    const PgQuery__AlterTableCmd& command = *node->alter_table_cmd;
    Object& object = *catalog.find(id);
    if (id.kind == Kind::table)
      alter_one(catalog, id, command, statement.relation->inh == 0);
    else if (id.kind == Kind::index)
      alter_index(catalog, object, command);
    else if (id.kind != Kind::sequence)
      alter_view(catalog, object, command);
    else if (command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged ||
             command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_SetUnLogged)
      as<Sequence>(object).persistence = command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged
                                             ? Persistence::permanent
                                             : Persistence::unlogged;
  }
}

}  // namespace limbeck::postgres::memory
