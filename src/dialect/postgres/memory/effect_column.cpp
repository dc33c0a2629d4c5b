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
    const TableImpact own = effect_.impact;
    TableImpact stored = own;
    stored.lock = lock_;
    // Keys and foreign keys of the column belong to the table alone.
    TableImpact below = stored;
    below.foreign_key_scan = false;
    const bool partitioned = is_partitioned(context_.catalog, table_);
    if (!partitioned) below.index_build = false;
    for (const ObjectId& child : descendants_of(context_.catalog, table_)) {
      TableImpact part = below;
      if (is_partitioned(context_.catalog, child))
        part.scan = part.rewrite = part.index_build = false;
      context_.touch(child, part);
    }
    if (partitioned) stored.scan = stored.rewrite = stored.index_build = false;
    context_.touch(table_, stored);
    context_.found.effects.push_back(std::move(effect_));
  }

 private:
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
    impact.foreign_key_scan = has(Trait::references) && filled;
    if (has(Trait::not_null) && !filled) effect_.traits.add(Trait::fails_on_rows);
  }

  EffectContext& context_;
  const ObjectId table_;
  const PgQuery__ColumnDef& definition_;
  LockLevel lock_;
  Effect effect_;
};

// The foreign keys that hold the column, of this table and of others that refer to it.
std::vector<const Object*> foreign_keys_with(const Catalog& catalog, const ObjectId& table,
                                             const std::string& column) {
  std::vector<const Object*> keys;
  for (const Object* key : constraints_of(catalog, table, ConstraintType::foreign_key)) {
    const auto& columns = as<Constraint>(*key).columns;
    if (std::find(columns.begin(), columns.end(), column) != columns.end()) keys.push_back(key);
  }
  for (const Object* key : references_to(catalog, table)) {
    const auto& columns = as<Constraint>(*key).foreign_key->columns;
    const bool own = table_of(key->id) == table;
    if (!own && std::find(columns.begin(), columns.end(), column) != columns.end())
      keys.push_back(key);
  }
  return keys;
}

bool holds(const std::vector<std::string>& columns, const std::string& column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

// One table whose column changes its type.
class TypeChangeOf {
 public:
  TypeChangeOf(EffectContext& context, const ObjectId& table, const PgQuery__AlterTableCmd& command,
               LockLevel lock, Effect& effect)
      : context_(context),
        catalog_(context.catalog),
        table_(table),
        name_(text(command.name)),
        command_(command),
        lock_(lock),
        effect_(effect) {}

  TableImpact run() {
    const Column* column = column_of(catalog_, table_, name_);
    TableImpact impact{.lock = lock_};
    if (column == nullptr) return impact;
    const PgQuery__ColumnDef& definition = *command_.def->column_def;
    const Type from = parse_type(catalog_, column->type);
    const Type to = resolve(catalog_, *definition.type_name);
    const TypeChange change = type_change(context_, from, to, definition.raw_default, name_);
    effect_.before = column->type;
    effect_.detail = format(to);
    if (change.time_zone) effect_.traits.add(Trait::time_zone);
    const bool stores = !is_partitioned(catalog_, table_);
    impact.rewrite = change.rewrite && stores;
    const bool same =
        keeps_index(catalog_, from, to) && !changes_collation(*column, to, definition);
    if (!change.rewrite) impact.index_build = rebuild_indexes(same) && stores;
    impact.scan = recheck() && !impact.rewrite && stores;
    foreign_keys(change.rewrite || !keeps_index(catalog_, from, to), impact);
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

  bool rebuild_indexes(bool same) {
    bool any = false;
    for (const Object* object : indexes_of(catalog_, table_)) {
      const auto& index = as<Index>(*object);
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
      const bool stays =
          !expression && index.valid && (!key || same || (own_collation && own_class));
      if (stays) continue;
      effect_.rebuilt.push_back(object->id.name);
      any = true;
    }
    for (const ConstraintType type :
         {ConstraintType::primary_key, ConstraintType::unique, ConstraintType::exclusion})
      for (const Object* object : constraints_of(catalog_, table_, type)) {
        const auto& constraint = as<Constraint>(*object);
        if (!holds(constraint.columns, name_)) continue;
        const bool predicate = constraint.exclusion.find(" WHERE ") != std::string::npos;
        if (same && !predicate) continue;
        effect_.rebuilt.push_back(object->id.part);
        any = true;
      }
    return any;
  }

  bool recheck() {
    bool any = false;
    for (const Object* object : constraints_of(catalog_, table_, ConstraintType::check)) {
      const auto& check = as<Constraint>(*object);
      if (!check.validated || !holds(check.columns, name_)) continue;
      effect_.rechecked.push_back(object->id.part);
      any = true;
    }
    return any;
  }

  // They are made again, and looked through again when their comparison is another one.
  void foreign_keys(bool other_comparison, TableImpact& impact) {
    for (const Object* object : foreign_keys_with(catalog_, table_, name_)) {
      const auto& key = as<Constraint>(*object);
      const bool scan = other_comparison && key.validated;
      if (scan) effect_.rechecked.push_back(object->id.part);
      const ObjectId owner = table_of(object->id);
      const ObjectId referenced{Kind::table, key.foreign_key->table.schema,
                                key.foreign_key->table.name, ""};
      if (owner == table_) {
        impact.foreign_key_scan = impact.foreign_key_scan || scan;
      } else {
        context_.lock_also(effect_, owner, {.lock = access_exclusive, .foreign_key_scan = scan});
      }
      if (referenced != table_) context_.lock_also(effect_, referenced, {.lock = access_exclusive});
    }
  }

  EffectContext& context_;
  Catalog& catalog_;
  const ObjectId table_;
  const std::string name_;
  const PgQuery__AlterTableCmd& command_;
  LockLevel lock_;
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

void effects_of_alter_type(EffectContext& context, const ObjectId& table,
                           const PgQuery__AlterTableCmd& command, LockLevel lock) {
  Effect effect{
      .kind = EffectKind::alter_type, .table = relation_name(table), .name = text(command.name)};
  const TableImpact own = TypeChangeOf(context, table, command, lock, effect).run();
  TableImpact all = own;
  for (const ObjectId& child : descendants_of(context.catalog, table)) {
    const TableImpact part = TypeChangeOf(context, child, command, lock, effect).run();
    context.touch(child, part);
    all.add(part);
  }
  all.lock = access_exclusive;
  effect.impact = all;
  context.touch(table, own);
  context.found.effects.push_back(std::move(effect));
}

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
  for (const Object* key : foreign_keys_with(context.catalog, table, name)) {
    const auto& foreign_key = *as<Constraint>(*key).foreign_key;
    const ObjectId referenced{Kind::table, foreign_key.table.schema, foreign_key.table.name, ""};
    for (const ObjectId& other : {table_of(key->id), referenced})
      if (other != table) context.lock_also(effect, other, {.lock = access_exclusive});
  }
  for (const ObjectId& child : descendants_of(context.catalog, table))
    context.touch(child, {.lock = lock});
  context.add(std::move(effect));
}

}  // namespace limbeck::postgres::memory
