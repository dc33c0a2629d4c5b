// What adding, dropping and changing a column does.
#include <algorithm>
#include <fmt/format.h>

#include "dialect/postgres/memory/effect_parts.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {
namespace {

using enum LockLevel;

bool is_null_constant(const Node* node) {
  if (node == nullptr) return true;
  if (node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST)
    return is_null_constant(node->type_cast->arg);
  return node->node_case == PG_QUERY__NODE__NODE_A_CONST && node->a_const->isnull != 0;
}

// A new column: what its definition asks of the rows that are there.
class NewColumn {
 public:
  NewColumn(EffectContext& context, const ObjectId& table, const PgQuery__ColumnDef& definition,
            LockLevel lock)
      : context_(context), table_(table), definition_(definition), lock_(lock) {
    effect_.kind = EffectKind::add_column;
    effect_.table = relation_name(table);
    effect_.name = text(definition.colname);
    effect_.offset = static_cast<std::size_t>(std::max(definition.location, 0));
    effect_.impact.lock = access_exclusive;
  }

  void run() {
    read_type();
    for (const Node* node : Nodes{definition_.constraints, definition_.n_constraints})
      if (node->node_case == PG_QUERY__NODE__NODE_CONSTRAINT) read(*node->constraint);
    decide();
    TableImpact stored = effect_.impact;
    stored.lock = lock_;
    // Keys and foreign keys belong to the table alone, or to all of its partitions.
    TableImpact below = stored;
    if (!is_partitioned(context_.catalog, table_)) {
      below.foreign_key_scan = below.index_build = false;
      below.scan = below.scan && reads_below_;
    }
    for (const ObjectId& child : descendants_of(context_.catalog, table_))
      touch_stored(child, below);
    touch_stored(table_, stored);
    context_.found.effects.push_back(std::move(effect_));
  }

 private:
  // A partitioned table has no rows of its own.
  void touch_stored(const ObjectId& table, const TableImpact& impact) {
    const bool partitioned = is_partitioned(context_.catalog, table);
    context_.touch(table, partitioned ? TableImpact{.lock = impact.lock} : impact);
  }

  void read_type() {
    if (definition_.type_name == nullptr) return;
    if (!serial_type(*definition_.type_name).empty()) {
      effect_.detail = std::string(serial_type(*definition_.type_name));
      effect_.traits.add(Trait::serial);
      effect_.traits.add(Trait::not_null);
      effect_.traits.add(Trait::has_default);
      return;
    }
    const Type type = resolve(context_.catalog, *definition_.type_name);
    effect_.detail = format(type);
    if (is_constrained_domain(context_.catalog, type))
      effect_.traits.add(Trait::constrained_domain);
  }

  void read(const PgQuery__Constraint& constraint) {
    switch (constraint.contype) {
      case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL:
        return effect_.traits.add(Trait::not_null);
      case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT:
        return read_default(constraint.raw_expr);
      case PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY:
        effect_.traits.add(Trait::identity);
        return effect_.traits.add(Trait::not_null);
      case PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED:
        return effect_.traits.add(Trait::stored);
      case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
        reads_below_ = reads_below_ || constraint.is_no_inherit == 0;
        return effect_.traits.add(Trait::has_check);
      case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
        return effect_.traits.add(Trait::unique);
      case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
        effect_.traits.add(Trait::primary_key);
        return effect_.traits.add(Trait::not_null);
      case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
        effect_.traits.add(Trait::references);
        if (const auto referenced = find_relation(context_.catalog, *constraint.pktable))
          context_.lock_also(effect_, *referenced, {.lock = share_row_exclusive});
        return;
      default:
        return;
    }
  }

  void read_default(const Node* expression) {
    states_default_ = true;
    if (is_null_constant(expression)) return;
    effect_.traits.add(Trait::has_default);
    switch (volatility_of(context_.catalog, expression)) {
      case Volatility::fixed:
        return;
      case Volatility::changing:
        return effect_.traits.add(Trait::volatile_default);
      case Volatility::unknown:
        effect_.traits.add(Trait::volatile_default);
        return effect_.traits.add(Trait::unknown_default);
    }
  }

  void decide() {
    TableImpact& impact = effect_.impact;
    const auto has = [&](Trait trait) { return effect_.has(trait); };
    impact.rewrite = has(Trait::volatile_default) || has(Trait::serial) || has(Trait::identity) ||
                     has(Trait::stored) || has(Trait::constrained_domain);
    const bool filled = has(Trait::has_default) || impact.rewrite;
    impact.scan = !impact.rewrite && (has(Trait::has_check) || (has(Trait::not_null) && !filled));
    impact.index_build = has(Trait::unique) || has(Trait::primary_key);
    // Also DEFAULT NULL is a default here.
    impact.foreign_key_scan =
        has(Trait::references) && (states_default_ || has(Trait::serial) || has(Trait::stored));
    if (has(Trait::not_null) && !filled) {
      effect_.traits.add(Trait::fails_on_rows);
      reads_below_ = true;
    }
  }

  EffectContext& context_;
  const ObjectId table_;
  const PgQuery__ColumnDef& definition_;
  LockLevel lock_;
  Effect effect_;
  bool states_default_ = false;
  bool reads_below_ = false;  // what makes it read the rows holds for inheriting tables, too
};

bool holds(const std::vector<std::string>& columns, const std::string& column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

// The foreign keys that hold the column, of this table and of others that refer to it.
std::vector<const Object*> foreign_keys_with(const Catalog& catalog, const ObjectId& table,
                                             const std::string& column) {
  std::vector<const Object*> keys;
  for (const Object* key : constraints_of(catalog, table, ConstraintType::foreign_key)) {
    const auto& constraint = as<Constraint>(*key);
    const bool own = constraint.foreign_key->table == relation_name(table);
    if (holds(constraint.columns, column) ||
        (own && holds(constraint.foreign_key->columns, column)))
      keys.push_back(key);
  }
  for (const Object* key : references_to(catalog, table)) {
    const bool own = table_of(key->id) == table;
    if (!own && holds(as<Constraint>(*key).foreign_key->columns, column)) keys.push_back(key);
  }
  return keys;
}

// One table whose column changes its type.
class TypeChangeOf {
 public:
  TypeChangeOf(EffectContext& context, const ObjectId& table, const PgQuery__AlterTableCmd& command,
               const StatementWhole& whole, Effect& effect)
      : context_(context),
        catalog_(context.catalog),
        table_(table),
        name_(text(command.name)),
        command_(command),
        whole_(whole),
        effect_(effect) {}

  TableImpact run() {
    const Column* column = column_of(catalog_, table_, name_);
    TableImpact impact{.lock = whole_.lock};
    if (column == nullptr) return impact;
    const PgQuery__ColumnDef& definition = *command_.def->column_def;
    const Type from = parse_type(catalog_, column->type);
    const Type to = resolve(catalog_, *definition.type_name);
    const TypeChange change = type_change(context_, from, to, definition.raw_default, name_);
    effect_.before = from.unknown() ? "" : column->type;
    effect_.detail = format(to);
    if (change.time_zone) effect_.traits.add(Trait::time_zone);
    if (!from.unknown() && loses_values(catalog_, from, to, definition.raw_default, name_))
      effect_.traits.add(Trait::loses_values);
    const bool stores = !is_partitioned(catalog_, table_);
    impact.rewrite = change.rewrite && stores;
    const bool same =
        keeps_index(catalog_, from, to) && !changes_collation(*column, to, definition);
    if (!change.rewrite)
      impact.index_build = rebuild_indexes(same, keeps_index(catalog_, from, to)) && stores;
    impact.scan = recheck() && !impact.rewrite && stores;
    foreign_keys(whole_.rewritten || change.rewrite || !keeps_index(catalog_, from, to), impact);
    return impact;
  }

 private:
  bool changes_collation(const Column& column, const Type& to,
                         const PgQuery__ColumnDef& definition) const {
    const Type from = parse_type(catalog_, column.type);
    const std::string before =
        column.collation.empty() ? collation_of(catalog_, from) : column.collation;
    std::string after = collation_of(catalog_, to);
    if (definition.coll_clause != nullptr)
      after = resolve_collation(
          catalog_, {definition.coll_clause->collname, definition.coll_clause->n_collname});
    return before != after;
  }

  bool is_dropped(const Object& constraint) const {
    const auto& columns = as<Constraint>(constraint).columns;
    return holds(whole_.dropped, constraint.id.part) ||
           std::any_of(columns.begin(), columns.end(), [&](const std::string& column) {
             return holds(whole_.dropped_columns, column);
           });
  }

  bool rebuild_indexes(bool same, bool same_class) {
    bool any = false;
    for (const Object* object : indexes_of(catalog_, table_)) {
      const auto& index = as<Index>(*object);
      if (std::any_of(index.keys.begin(), index.keys.end(), [&](const IndexKey& key) {
            return holds(whole_.dropped_columns, key.column);
          }))
        continue;
      bool uses = catalog_.schema().dependencies.count(
                      {object->id, {Kind::column, table_.schema, table_.name, name_}}) != 0;
      bool key = false;
      bool expression = !index.predicate.empty();
      bool own_collation = false;
      bool own_class = false;
      for (const IndexKey& each : index.keys) {
        expression = expression || each.column.empty();
        if (each.column != name_) continue;
        uses = key = true;
        own_collation = !each.collation.empty();
        own_class = !each.opclass.empty();
      }
      if (!uses && !holds(index.include, name_)) continue;
      // Those of partitions come with the one above them, which has nothing to keep.
      const bool stays = !index.partition_of && !expression && index.valid &&
                         (!key || same || (own_collation && (own_class || same_class)));
      if (stays) continue;
      effect_.rebuilt.push_back(object->id.name);
      any = true;
    }
    for (const ConstraintType type :
         {ConstraintType::primary_key, ConstraintType::unique, ConstraintType::exclusion})
      for (const Object* object : constraints_of(catalog_, table_, type)) {
        const auto& constraint = as<Constraint>(*object);
        if (!holds(constraint.columns, name_) || is_dropped(*object)) continue;
        const bool predicate = constraint.exclusion.find(" WHERE ") != std::string::npos;
        if (same && !predicate && !constraint.parent) continue;
        effect_.rebuilt.push_back(object->id.part);
        any = true;
      }
    return any;
  }

  bool recheck() {
    bool any = false;
    for (const Object* object : constraints_of(catalog_, table_, ConstraintType::check)) {
      const auto& check = as<Constraint>(*object);
      if (!check.validated || !holds(check.columns, name_) || is_dropped(*object)) continue;
      effect_.rechecked.push_back(object->id.part);
      any = true;
    }
    return any;
  }

  // They are made again, and looked through again when their comparison is another one.
  void foreign_keys(bool other_comparison, TableImpact& impact) {
    for (const Object* object : foreign_keys_with(catalog_, table_, name_)) {
      const auto& key = as<Constraint>(*object);
      const ObjectId owner = table_of(object->id);
      if (owner == table_ && is_dropped(*object)) continue;
      const bool scan = other_comparison && key.validated && !is_partitioned(catalog_, owner);
      if (scan) effect_.rechecked.push_back(object->id.part);
      const ObjectId referenced{Kind::table, key.foreign_key->table.schema,
                                key.foreign_key->table.name, ""};
      if (owner == table_) {
        impact.foreign_key_scan = impact.foreign_key_scan || scan;
      } else {
        context_.lock_also(effect_, owner, {.lock = access_exclusive, .foreign_key_scan = scan});
      }
      if (referenced != table_) context_.lock_referenced(effect_, key, access_exclusive);
    }
  }

  EffectContext& context_;
  Catalog& catalog_;
  const ObjectId table_;
  const std::string name_;
  const PgQuery__AlterTableCmd& command_;
  const StatementWhole& whole_;
  Effect& effect_;
};

}  // namespace

void effects_of_add_column(EffectContext& context, const ObjectId& table,
                           const PgQuery__ColumnDef& definition, LockLevel lock) {
  if (column_of(context.catalog, table, text(definition.colname)) != nullptr) {
    Effect effect{.kind = EffectKind::add_column,
                  .table = relation_name(table),
                  .name = text(definition.colname),
                  .impact = {.lock = access_exclusive}};
    effect.traits.add(Trait::if_exists);
    context.add(std::move(effect));
    return;
  }
  NewColumn(context, table, definition, lock).run();
}

bool rewrites_for_type(EffectContext& context, const ObjectId& table,
                       const PgQuery__AlterTableCmd& command) {
  const std::string name = text(command.name);
  const Column* column = column_of(context.catalog, table, name);
  if (column == nullptr) return false;
  const PgQuery__ColumnDef& definition = *command.def->column_def;
  return type_change(context, parse_type(context.catalog, column->type),
                     resolve(context.catalog, *definition.type_name), definition.raw_default, name)
      .rewrite;
}

void effects_of_alter_type(EffectContext& context, const ObjectId& table,
                           const PgQuery__AlterTableCmd& command, const StatementWhole& whole) {
  Effect effect{
      .kind = EffectKind::alter_type, .table = relation_name(table), .name = text(command.name)};
  const TableImpact own = TypeChangeOf(context, table, command, whole, effect).run();
  TableImpact all = own;
  for (const ObjectId& child : descendants_of(context.catalog, table)) {
    const TableImpact part = TypeChangeOf(context, child, command, whole, effect).run();
    context.touch(child, part);
    all.add(part);
  }
  all.lock = access_exclusive;
  effect.impact = all;
  context.touch(table, own);
  context.found.effects.push_back(std::move(effect));
}

namespace {

// The tables below that have the column from it; one that declares it itself keeps it.
void touch_with_column(EffectContext& context, const ObjectId& table, const std::string& name,
                       LockLevel lock) {
  for (const ObjectId& child : children_of(context.catalog, table)) {
    context.touch(child, {.lock = lock});
    const Column* column = column_of(context.catalog, child, name);
    if (column != nullptr && !column->local) touch_with_column(context, child, name, lock);
  }
}

}  // namespace

void effects_of_drop_column(EffectContext& context, const ObjectId& table,
                            const PgQuery__AlterTableCmd& command, LockLevel lock) {
  const std::string name = text(command.name);
  Effect effect{.kind = EffectKind::drop_column,
                .table = relation_name(table),
                .name = name,
                .impact = {.lock = access_exclusive}};
  if (command.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE) effect.traits.add(Trait::cascade);
  if (command.missing_ok != 0) effect.traits.add(Trait::if_exists);
  const Column* column = column_of(context.catalog, table, name);
  if (column == nullptr)
    effect.traits.add(Trait::missing);
  else
    effect.before = column->type;
  if (column != nullptr && column->generated) effect.traits.add(Trait::stored);
  for (const Object* key : foreign_keys_with(context.catalog, table, name)) {
    const auto& constraint = as<Constraint>(*key);
    if (table_of(key->id) != table)
      context.lock_also(effect, table_of(key->id), {.lock = access_exclusive});
    if (constraint.foreign_key->table != relation_name(table))
      context.lock_referenced(effect, constraint, access_exclusive);
  }
  if (column != nullptr) {
    touch_with_column(context, table, name, lock);
    if (effect.has(Trait::cascade)) {
      const ObjectId id{Kind::column, table.schema, table.name, name};
      for (const ObjectId& other : tables_depending_on(context.catalog, id))
        if (other != table) context.lock_also(effect, other, {.lock = access_exclusive});
    }
  }
  context.add(std::move(effect));
}

}  // namespace limbeck::postgres::memory
