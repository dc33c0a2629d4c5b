// What adding and dropping constraints does, and attaching and detaching partitions.
#include <algorithm>
#include <fmt/format.h>

#include "dialect/postgres/memory/condition.h"
#include "dialect/postgres/memory/effect_parts.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {
namespace {

using enum LockLevel;

void add_check(EffectContext& context, const ObjectId& table, const PgQuery__Constraint& constraint,
               Effect effect, LockLevel lock) {
  effect.kind = EffectKind::add_check;
  effect.given = given_by(condition_of(constraint.raw_expr));
  const bool scan = constraint.skip_validation == 0;
  const auto read_of = [&](const ObjectId& each) {
    return TableImpact{.lock = lock, .scan = scan && !is_partitioned(context.catalog, each)};
  };
  if (constraint.is_no_inherit == 0) {
    for (const ObjectId& child : descendants_of(context.catalog, table))
      context.touch(child, read_of(child));
  }
  effect.impact = {.lock = access_exclusive, .scan = scan};
  context.touch(table, read_of(table));
  context.found.effects.push_back(std::move(effect));
}

void add_foreign_key(EffectContext& context, const ObjectId& table,
                     const PgQuery__Constraint& constraint, Effect effect, LockLevel lock) {
  effect.kind = EffectKind::add_foreign_key;
  effect.columns = texts({constraint.fk_attrs, constraint.n_fk_attrs});
  const bool scan = constraint.skip_validation == 0;
  effect.impact = {.lock = share_row_exclusive, .foreign_key_scan = scan};
  if (const auto referenced = find_relation(context.catalog, *constraint.pktable)) {
    effect.detail = to_string(*referenced);
    context.lock_also(effect, *referenced, {.lock = share_row_exclusive});
    for (const ObjectId& child : descendants_of(context.catalog, *referenced))
      if (is_partitioned(context.catalog, *referenced))
        context.touch(child, {.lock = share_row_exclusive});
  }
  const bool partitioned = is_partitioned(context.catalog, table);
  if (partitioned) {
    for (const ObjectId& child : descendants_of(context.catalog, table))
      context.touch(child, {.lock = lock,
                            .foreign_key_scan = scan && !is_partitioned(context.catalog, child)});
  }
  TableImpact own = effect.impact;
  if (partitioned) own.foreign_key_scan = false;
  context.touch(table, own);
  context.found.effects.push_back(std::move(effect));
}

void add_key(EffectContext& context, const ObjectId& table, const PgQuery__Constraint& constraint,
             Effect effect, LockLevel lock, bool only) {
  Catalog& catalog = context.catalog;
  const bool primary = constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY;
  const bool exclusion = constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION;
  effect.kind = EffectKind::add_key;
  effect.traits.add(primary ? Trait::primary_key : exclusion ? Trait::exclusion : Trait::unique);
  effect.columns = texts({constraint.keys, constraint.n_keys});
  const std::string index_name = text(constraint.indexname);
  if (!index_name.empty()) {
    effect.traits.add(Trait::using_index);
    effect.detail = index_name;
    const Object* index = catalog.find(Kind::index, table.schema, index_name);
    if (index != nullptr)
      for (const IndexKey& key : as<Index>(*index).keys) effect.columns.push_back(key.column);
  }
  bool scan = false;
  const auto must_read = [&](const ObjectId& each) {
    if (!primary || is_partitioned(catalog, each)) return false;
    return std::any_of(effect.columns.begin(), effect.columns.end(), [&](const std::string& name) {
      const Column* column = column_of(catalog, each, name);
      return column != nullptr && !column->not_null && !proves_not_null(catalog, each, name, {});
    });
  };
  const bool partitioned = is_partitioned(catalog, table);
  const bool builds = index_name.empty();
  // NOT NULL goes to inheriting tables whether it is there already or not.
  const bool changes_columns =
      primary &&
      (!partitioned ||
       std::any_of(effect.columns.begin(), effect.columns.end(), [&](const std::string& name) {
         const Column* column = column_of(catalog, table, name);
         return column != nullptr && !column->not_null;
       }));
  const std::vector<ObjectId> below =
      only ? std::vector<ObjectId>{} : descendants_of(catalog, table);
  for (const ObjectId& child : below) {
    TableImpact impact;
    if (changes_columns) impact = {.lock = lock, .scan = must_read(child)};
    if (partitioned) {
      // One that may be deferred is a trigger, too.
      impact.lock = std::max(impact.lock, constraint.deferrable != 0 ? share_row_exclusive : share);
      impact.index_build = builds && !is_partitioned(catalog, child);
    }
    if (impact.lock != none) context.touch(child, impact);
    scan = scan || impact.scan;
  }
  const TableImpact own{
      .lock = lock, .scan = must_read(table), .index_build = builds && !partitioned};
  effect.impact = {.lock = access_exclusive, .scan = scan || own.scan, .index_build = builds};
  context.touch(table, own);
  context.found.effects.push_back(std::move(effect));
}

// The index of the partition that can become a part of the parent's.
bool has_equal_index(const Catalog& catalog, const ObjectId& partition, const Index& wanted) {
  const std::vector<const Object*> indexes = indexes_of(catalog, partition);
  return std::any_of(indexes.begin(), indexes.end(), [&](const Object* object) {
    const auto& index = as<Index>(*object);
    return index.keys == wanted.keys && index.unique == wanted.unique &&
           index.method == wanted.method && index.predicate == wanted.predicate &&
           index.include == wanted.include && !index.partition_of && index.valid;
  });
}

bool has_equal_key(const Catalog& catalog, const ObjectId& partition, const Constraint& wanted) {
  for (const Object* object : constraints_of(catalog, partition, wanted.type))
    if (as<Constraint>(*object).columns == wanted.columns) return true;
  return false;
}

bool lacks_index(const Catalog& catalog, const ObjectId& parent, const ObjectId& partition) {
  for (const Object* index : indexes_of(catalog, parent))
    if (!has_equal_index(catalog, partition, as<Index>(*index))) return true;
  for (const ConstraintType type : {ConstraintType::primary_key, ConstraintType::unique})
    for (const Object* key : constraints_of(catalog, parent, type))
      if (!has_equal_key(catalog, partition, as<Constraint>(*key))) return true;
  return false;
}

bool has_equal_foreign_key(const Catalog& catalog, const ObjectId& partition,
                           const Constraint& wanted) {
  const auto keys = constraints_of(catalog, partition, ConstraintType::foreign_key);
  return std::any_of(keys.begin(), keys.end(), [&](const Object* object) {
    const auto& key = as<Constraint>(*object);
    return key.columns == wanted.columns && key.foreign_key == wanted.foreign_key &&
           key.validated == wanted.validated && key.deferrable == wanted.deferrable &&
           key.initially_deferred == wanted.initially_deferred && !key.parent;
  });
}

void attach(EffectContext& context, const ObjectId& parent, const PgQuery__PartitionCmd& command) {
  Catalog& catalog = context.catalog;
  Effect effect{.kind = EffectKind::attach_partition,
                .table = relation_name(parent),
                .impact = {.lock = share_update_exclusive}};
  context.touch(parent, effect.impact);
  const auto partition = find_relation(catalog, *command.name);
  if (!partition) return;
  effect.name = partition->name;
  const auto fallback = default_partition_of(catalog, parent);
  const bool stores = !is_partitioned(catalog, *partition);
  const std::vector<ObjectId> read = read_to_attach(catalog, *partition, parent, *command.bound);
  const auto impact_of = [](const std::vector<ObjectId>& all, const ObjectId& table) {
    const bool scan = std::find(all.begin(), all.end(), table) != all.end();
    return TableImpact{.lock = access_exclusive, .scan = scan};
  };
  TableImpact part = impact_of(read, *partition);
  for (const ObjectId& child : descendants_of(catalog, *partition))
    context.touch(child, impact_of(read, child));
  part.index_build = stores && lacks_index(catalog, parent, *partition);
  for (const Object* key : constraints_of(catalog, parent, ConstraintType::foreign_key)) {
    // One of its own becomes a part of the parent's, and its triggers go.
    const bool equal = has_equal_foreign_key(catalog, *partition, as<Constraint>(*key));
    part.foreign_key_scan = part.foreign_key_scan || (stores && !equal);
    context.lock_referenced(effect, as<Constraint>(*key),
                            equal ? access_exclusive : share_row_exclusive);
  }
  for (const Object* key : references_to(catalog, parent))
    context.lock_also(effect, table_of(key->id), {.lock = share_row_exclusive});
  if (read.empty()) effect.traits.add(Trait::proven);
  context.lock_also(effect, *partition, part);
  effect.impact.scan = !read.empty();
  if (fallback && *fallback != *partition) {
    effect.traits.add(Trait::has_default_partition);
    const std::vector<ObjectId> looked =
        read_of_default(catalog, *fallback, parent, *command.bound);
    effect.impact.scan = effect.impact.scan || !looked.empty();
    context.lock_also(effect, *fallback, impact_of(looked, *fallback));
    for (const ObjectId& child : descendants_of(catalog, *fallback))
      context.touch(child, impact_of(looked, child));
  }
  effect.impact.index_build = part.index_build;
  effect.impact.foreign_key_scan = part.foreign_key_scan;
  context.found.effects.push_back(std::move(effect));
}

void detach(EffectContext& context, const ObjectId& parent, const PgQuery__PartitionCmd& command,
            LockLevel lock) {
  Effect effect{.kind = EffectKind::detach_partition,
                .table = relation_name(parent),
                .impact = {.lock = lock}};
  if (command.concurrent != 0) effect.traits.add(Trait::concurrently);
  context.touch(parent, effect.impact);
  if (const auto partition = find_relation(context.catalog, *command.name)) {
    effect.name = partition->name;
    context.lock_also(effect, *partition, {.lock = access_exclusive});
    // Its part of each foreign key becomes one of its own.
    for (const Object* key :
         constraints_of(context.catalog, *partition, ConstraintType::foreign_key))
      if (as<Constraint>(*key).parent)
        context.lock_referenced(effect, as<Constraint>(*key), share_row_exclusive);
    for (const ObjectId& child : descendants_of(context.catalog, *partition))
      context.touch(child, {.lock = access_exclusive});
    for (const Object* key : references_to(context.catalog, parent))
      context.lock_also(effect, table_of(key->id), {.lock = access_exclusive});
  }
  if (const auto fallback = default_partition_of(context.catalog, parent)) {
    effect.traits.add(Trait::has_default_partition);
    if (command.concurrent == 0) context.lock_also(effect, *fallback, {.lock = access_exclusive});
  }
  context.found.effects.push_back(std::move(effect));
}

}  // namespace

void effects_of_add_constraint(EffectContext& context, const ObjectId& table,
                               const PgQuery__Constraint& constraint, LockLevel lock, bool only) {
  Effect effect{.table = relation_name(table),
                .name = text(constraint.conname),
                .offset = static_cast<std::size_t>(std::max(constraint.location, 0))};
  if (constraint.skip_validation != 0) effect.traits.add(Trait::not_valid);
  if (effect.name.empty()) effect.traits.add(Trait::unnamed);
  switch (constraint.contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
      return add_check(context, table, constraint, std::move(effect), lock);
    case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
      return add_foreign_key(context, table, constraint, std::move(effect), lock);
    default:
      return add_key(context, table, constraint, std::move(effect), lock, only);
  }
}

void effects_of_drop_constraint(EffectContext& context, const ObjectId& table,
                                const PgQuery__AlterTableCmd& command, LockLevel lock) {
  Effect effect{.kind = EffectKind::drop_constraint,
                .table = relation_name(table),
                .name = text(command.name),
                .impact = {.lock = access_exclusive}};
  if (command.missing_ok != 0) effect.traits.add(Trait::if_exists);
  if (is_partitioned(context.catalog, table)) {
    for (const ObjectId& child : descendants_of(context.catalog, table))
      context.touch(child, {.lock = lock});
  }
  const Object* object =
      context.catalog.find(Kind::constraint, table.schema, table.name, effect.name);
  if (object == nullptr) {
    effect.traits.add(Trait::missing);
    context.add(std::move(effect));
    return;
  }
  const auto& constraint = as<Constraint>(*object);
  effect.columns = constraint.columns;
  if (constraint.foreign_key) {
    effect.traits.add(Trait::references);
    const RelationName& referenced = constraint.foreign_key->table;
    if (referenced != relation_name(table))
      context.lock_referenced(effect, constraint, access_exclusive);
  } else if (command.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE) {
    effect.traits.add(Trait::cascade);
    for (const Object* key : references_to_key(context.catalog, *object))
      context.lock_also(effect, table_of(key->id), {.lock = access_exclusive});
  }
  if (constraint.type == ConstraintType::check && !constraint.no_inherit) {
    for (const ObjectId& child : descendants_of(context.catalog, table))
      context.touch(child, {.lock = lock});
  }
  context.add(std::move(effect));
}

void effects_of_partition(EffectContext& context, const ObjectId& table,
                          const PgQuery__AlterTableCmd& command, LockLevel lock) {
  const PgQuery__PartitionCmd& partition = *command.def->partition_cmd;
  if (command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition)
    attach(context, table, partition);
  else
    detach(context, table, partition, lock);
}

}  // namespace limbeck::postgres::memory
