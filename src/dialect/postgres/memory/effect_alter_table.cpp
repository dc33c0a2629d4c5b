// What ALTER TABLE does, command by command.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "dialect/postgres/memory/effect_parts.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {
namespace {

using enum LockLevel;

constexpr PgQuery__AlterTableType no_command =
    PG_QUERY__ALTER_TABLE_TYPE__ALTER_TABLE_TYPE_UNDEFINED;

// The commands that take their lock and do nothing else that takes time.
struct ShortCommand {
  PgQuery__AlterTableType command = no_command;
  LockLevel lock = access_exclusive;
  bool recurses = false;  // to partitions and inheriting tables
  EffectKind kind = EffectKind::other;
  std::string_view object = {};
};

constexpr std::array short_commands = std::to_array<ShortCommand>({
    {PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault, access_exclusive, true,
     EffectKind::change_default},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull, access_exclusive, true, EffectKind::drop_not_null},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DropExpression, access_exclusive, true, EffectKind::other,
     "generated column"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_SetStatistics, share_update_exclusive, true, EffectKind::other,
     "statistics target"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_SetOptions, share_update_exclusive, false, EffectKind::other,
     "column option"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_ResetOptions, share_update_exclusive, false, EffectKind::other,
     "column option"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_SetStorage, access_exclusive, true, EffectKind::other,
     "storage"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_SetCompression, access_exclusive, false, EffectKind::other,
     "compression"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_AlterConstraint, access_exclusive, false, EffectKind::other,
     "constraint"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner, access_exclusive, false, EffectKind::other,
     "owner"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_ClusterOn, share_update_exclusive, false, EffectKind::other,
     "cluster index"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DropCluster, share_update_exclusive, false, EffectKind::other,
     "cluster index"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_SetTableSpace, access_exclusive, false,
     EffectKind::rewrite_table, "tablespace"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrig, share_row_exclusive, true, EffectKind::other,
     "trigger"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableAlwaysTrig, share_row_exclusive, true, EffectKind::other,
     "trigger"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableReplicaTrig, share_row_exclusive, true, EffectKind::other,
     "trigger"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrig, share_row_exclusive, true, EffectKind::other,
     "trigger"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigAll, share_row_exclusive, true, EffectKind::other,
     "trigger"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigAll, share_row_exclusive, true, EffectKind::other,
     "trigger"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigUser, share_row_exclusive, true, EffectKind::other,
     "trigger"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigUser, share_row_exclusive, true, EffectKind::other,
     "trigger"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRule, access_exclusive, false, EffectKind::other, "rule"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableAlwaysRule, access_exclusive, false, EffectKind::other,
     "rule"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableReplicaRule, access_exclusive, false, EffectKind::other,
     "rule"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRule, access_exclusive, false, EffectKind::other,
     "rule"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_AddOf, access_exclusive, false, EffectKind::other, "type"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DropOf, access_exclusive, false, EffectKind::other, "type"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_ReplicaIdentity, access_exclusive, false, EffectKind::other,
     "replica identity"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRowSecurity, access_exclusive, false, EffectKind::other,
     "row security"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRowSecurity, access_exclusive, false, EffectKind::other,
     "row security"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_ForceRowSecurity, access_exclusive, false, EffectKind::other,
     "row security"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_NoForceRowSecurity, access_exclusive, false, EffectKind::other,
     "row security"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_AddIdentity, access_exclusive, false, EffectKind::other,
     "identity"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_SetIdentity, access_exclusive, false, EffectKind::other,
     "identity"},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DropIdentity, access_exclusive, false, EffectKind::other,
     "identity"},
});

const ShortCommand* short_command(PgQuery__AlterTableType command) {
  const auto* found = std::find_if(short_commands.begin(), short_commands.end(),
                                   [&](const ShortCommand& row) { return row.command == command; });
  return found == short_commands.end() ? nullptr : found;
}

LockLevel lock_of_options(const PgQuery__AlterTableCmd& command) {
  LockLevel lock = share_update_exclusive;
  for (const Node* option : items(command.def))
    if (text(option->def_elem->defname) == "user_catalog_table") lock = access_exclusive;
  return lock;
}

LockLevel lock_of(const PgQuery__AlterTableCmd& command) {
  if (const ShortCommand* row = short_command(command.subtype)) return row->lock;
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint:
      return command.def->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN
                 ? share_row_exclusive
                 : access_exclusive;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartitionFinalize:
      return share_update_exclusive;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition:
      return command.def->partition_cmd->concurrent != 0 ? share_update_exclusive
                                                         : access_exclusive;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ReplaceRelOptions:
      return lock_of_options(command);
    default:
      return access_exclusive;
  }
}

class AlterTable {
 public:
  AlterTable(EffectContext& context, const ObjectId& table,
             const PgQuery__AlterTableStmt& statement)
      : context_(context), table_(table), only_(statement.relation->inh == 0) {
    for (const Node* node : Nodes{statement.cmds, statement.n_cmds})
      commands_.push_back(node->alter_table_cmd);
    for (const auto* command : commands_) {
      whole_.lock = std::max(whole_.lock, lock_of(*command));
      if (command->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint)
        whole_.dropped.push_back(text(command->name));
      if (command->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn)
        whole_.dropped_columns.push_back(text(command->name));
    }
  }

  void run() {
    context_.touch(table_, {.lock = whole_.lock});
    for (const auto* command : commands_)
      whole_.rewritten = whole_.rewritten || writes_again(*command);
    for (const auto* command : commands_) one(*command);
  }

 private:
  void one(const PgQuery__AlterTableCmd& command) {
    if (const ShortCommand* row = short_command(command.subtype)) return add_short(*row, command);
    switch (command.subtype) {
      case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn:
        return effects_of_add_column(context_, table_, *command.def->column_def, whole_.lock);
      case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn:
        return effects_of_drop_column(context_, table_, command, whole_.lock);
      case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType:
        return effects_of_alter_type(context_, table_, command, whole_);
      case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull:
        return set_not_null(command);
      case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint:
        return effects_of_add_constraint(context_, table_, *command.def->constraint, whole_.lock,
                                         only_);
      case PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint:
        return effects_of_drop_constraint(context_, table_, command, whole_.lock);
      case PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint:
        return validate(command);
      case PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged:
      case PG_QUERY__ALTER_TABLE_TYPE__AT_SetUnLogged:
        return set_persistence(command);
      case PG_QUERY__ALTER_TABLE_TYPE__AT_SetAccessMethod:
        return set_access_method(command);
      case PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition:
      case PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition:
      case PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartitionFinalize:
        return effects_of_partition(context_, table_, command, whole_.lock);
      case PG_QUERY__ALTER_TABLE_TYPE__AT_AddInherit:
      case PG_QUERY__ALTER_TABLE_TYPE__AT_DropInherit:
        return change_inheritance(command);
      case PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions:
      case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions:
      case PG_QUERY__ALTER_TABLE_TYPE__AT_ReplaceRelOptions:
        context_.add({.table = relation_name(table_),
                      .object = "storage parameter",
                      .impact = {.lock = lock_of_options(command)}});
        return;
      default:
        context_.add({.table = relation_name(table_),
                      .object = "table",
                      .impact = {.lock = lock_of(command)}});
    }
  }

  bool writes_again(const PgQuery__AlterTableCmd& command) {
    switch (command.subtype) {
      case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType:
        return rewrites_for_type(context_, table_, command);
      case PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged:
      case PG_QUERY__ALTER_TABLE_TYPE__AT_SetUnLogged:
        return changes_persistence(command);
      default:
        return false;
    }
  }

  void add_short(const ShortCommand& row, const PgQuery__AlterTableCmd& command) {
    Effect effect{.kind = row.kind,
                  .table = relation_name(table_),
                  .object = std::string(row.object),
                  .name = text(command.name),
                  .impact = {.lock = row.lock}};
    if (row.kind == EffectKind::rewrite_table) {
      const auto& table = *context_.catalog.schema().find(table_);
      if (const auto* it = std::get_if<Table>(&table.definition);
          it != nullptr && it->tablespace != effect.name && effect.name != "pg_default")
        effect.impact.rewrite = it->partition_key.empty();
    }
    if (row.kind == EffectKind::change_default && command.def != nullptr)
      effect.traits.add(Trait::has_default);
    context_.add(std::move(effect));
    const bool recurses = row.object == "trigger" ? has_triggers_below(command) : row.recurses;
    const bool in_partitions =
        row.object == "constraint" && is_partitioned(context_.catalog, table_);
    if ((recurses && !only_) || in_partitions) touch_descendants(table_, {.lock = whole_.lock});
  }

  // Triggers of a partitioned table have copies below it, and so have those of its foreign keys,
  // which ALL means, too.
  bool has_triggers_below(const PgQuery__AlterTableCmd& command) const {
    const Catalog& catalog = context_.catalog;
    if (!is_partitioned(catalog, table_)) return false;
    const bool all = command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigAll ||
                     command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigAll;
    const bool of_keys = !constraints_of(catalog, table_, ConstraintType::foreign_key).empty() ||
                         !references_to(catalog, table_).empty();
    return (all && of_keys) ||
           !parts_of(catalog.schema(), Kind::trigger, table_.schema, table_.name).empty();
  }

  void touch_descendants(const ObjectId& table, const TableImpact& impact) {
    for (const ObjectId& child : descendants_of(context_.catalog, table))
      context_.touch(child, impact);
  }

  void set_not_null(const PgQuery__AlterTableCmd& command) {
    const std::string name = text(command.name);
    Effect effect{.kind = EffectKind::set_not_null,
                  .table = relation_name(table_),
                  .name = name,
                  .impact = {.lock = access_exclusive}};
    const auto read_of = [&](const ObjectId& table, const std::vector<std::string>& dropped) {
      const Column* column = column_of(context_.catalog, table, name);
      if (column == nullptr || column->not_null) return TableImpact{.lock = whole_.lock};
      const bool proven = proves_not_null(context_.catalog, table, name, dropped);
      const bool stores = !is_partitioned(context_.catalog, table);
      return TableImpact{.lock = whole_.lock, .scan = !proven && stores};
    };
    effect.impact = read_of(table_, whole_.dropped);
    const Column* column = column_of(context_.catalog, table_, name);
    const bool changes = column != nullptr && !column->not_null;
    if (changes && proves_not_null(context_.catalog, table_, name, whole_.dropped))
      effect.traits.add(Trait::proven);
    // Where a partitioned table's column is NOT NULL already, so are those of its partitions.
    if ((changes || !is_partitioned(context_.catalog, table_)) && !only_) {
      for (const ObjectId& child : descendants_of(context_.catalog, table_)) {
        const TableImpact impact = read_of(child, whole_.dropped);
        effect.impact.scan = effect.impact.scan || impact.scan;
        context_.touch(child, impact);
      }
    }
    context_.touch(table_, read_of(table_, whole_.dropped));
    context_.found.effects.push_back(std::move(effect));
  }

  // The constraint that the same statement adds without looking at the rows.
  const PgQuery__Constraint* added_unchecked(const std::string& name) const {
    for (const auto* command : commands_) {
      if (command->subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint) continue;
      const PgQuery__Constraint& constraint = *command->def->constraint;
      if (text(constraint.conname) == name && constraint.skip_validation != 0) return &constraint;
    }
    return nullptr;
  }

  void validate(const PgQuery__AlterTableCmd& command) {
    const std::string name = text(command.name);
    Effect effect{.kind = EffectKind::validate_constraint,
                  .table = relation_name(table_),
                  .name = name,
                  .impact = {.lock = whole_.lock}};
    const Catalog& catalog = context_.catalog;
    const Object* object = catalog.find(Kind::constraint, table_.schema, table_.name, name);
    const PgQuery__Constraint* added = object == nullptr ? added_unchecked(name) : nullptr;
    const bool open = object != nullptr && !as<Constraint>(*object).validated;
    if (!open && added == nullptr) {
      context_.add(std::move(effect));
      return;
    }
    const bool foreign = added == nullptr ? as<Constraint>(*object).foreign_key.has_value()
                                          : added->contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN;
    if (foreign) {
      effect.impact.foreign_key_scan = true;
      if (open) {
        const RelationName& referenced = as<Constraint>(*object).foreign_key->table;
        context_.lock_also(effect, {Kind::table, referenced.schema, referenced.name, ""},
                           {.lock = row_share});
      }
    } else {
      effect.impact.scan = true;
      const bool inherited =
          added == nullptr ? !as<Constraint>(*object).no_inherit : added->is_no_inherit == 0;
      const auto is_open = [&](const ObjectId& child) {
        const Object* copy = catalog.find(Kind::constraint, child.schema, child.name, name);
        return added != nullptr || (copy != nullptr && !as<Constraint>(*copy).validated);
      };
      if (inherited) {
        for (const ObjectId& child : descendants_of(catalog, table_))
          context_.touch(child, {.lock = whole_.lock,
                                 .scan = is_open(child) && !is_partitioned(catalog, child)});
      }
    }
    // A partitioned table has no rows of its own.
    context_.touch(table_, {.lock = whole_.lock,
                            .scan = effect.impact.scan && !is_partitioned(catalog, table_),
                            .foreign_key_scan = effect.impact.foreign_key_scan});
    context_.found.effects.push_back(std::move(effect));
  }

  bool changes_persistence(const PgQuery__AlterTableCmd& command) const {
    const bool logged = command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged;
    const Object* object = context_.catalog.schema().find(table_);
    const auto* table = std::get_if<Table>(&object->definition);
    return table != nullptr && table->partition_key.empty() &&
           (table->persistence == Persistence::permanent) != logged;
  }

  void set_persistence(const PgQuery__AlterTableCmd& command) {
    const bool logged = command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged;
    const bool changes = changes_persistence(command);
    context_.add({.kind = EffectKind::rewrite_table,
                  .table = relation_name(table_),
                  .object = logged ? "SET LOGGED" : "SET UNLOGGED",
                  .impact = {.lock = access_exclusive, .rewrite = changes}});
  }

  void set_access_method(const PgQuery__AlterTableCmd& command) {
    const Object* object = context_.catalog.schema().find(table_);
    const auto* table = std::get_if<Table>(&object->definition);
    const std::string now =
        table == nullptr || table->access_method.empty() ? "heap" : table->access_method;
    context_.add({.kind = EffectKind::rewrite_table,
                  .table = relation_name(table_),
                  .object = "SET ACCESS METHOD",
                  .impact = {.lock = access_exclusive, .rewrite = now != text(command.name)}});
  }

  void change_inheritance(const PgQuery__AlterTableCmd& command) {
    Effect effect{.table = relation_name(table_),
                  .object = "inheritance",
                  .impact = {.lock = access_exclusive}};
    const bool add = command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddInherit;
    if (const auto parent = find_relation(context_.catalog, *command.def->range_var))
      context_.lock_also(effect, *parent, {.lock = add ? share_update_exclusive : access_share});
    context_.add(std::move(effect));
  }

  EffectContext& context_;
  const ObjectId table_;
  bool only_;
  std::vector<const PgQuery__AlterTableCmd*> commands_;
  StatementWhole whole_ = {};
};

}  // namespace

void effects_of_alter_table(EffectContext& context, const PgQuery__AlterTableStmt& statement) {
  const auto relation = find_relation(context.catalog, *statement.relation);
  if (relation) {
    AlterTable(context, *relation, statement).run();
    return;
  }
  const Name name = name_of(*statement.relation);
  const Object* other =
      context.catalog.search({Kind::index, Kind::sequence, Kind::composite}, name);
  Effect effect{.table = {name.schema, name.name}, .object = "table"};
  if (other == nullptr && !find_folded(context.catalog, name)) effect.traits.add(Trait::missing);
  if (other != nullptr) effect.object = to_string(other->id.kind);
  if (other != nullptr && other->id.kind == Kind::composite)
    effects_of_composite(context, *other, {statement.cmds, statement.n_cmds});
  context.found.effects.push_back(std::move(effect));
}

}  // namespace limbeck::postgres::memory
