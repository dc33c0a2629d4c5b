// The parts of effect.cpp: one function for each topic of DDL.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dialect/effect.h"
#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/tree.h"
#include "dialect/postgres/memory/types.h"
#include "dialect/row_choice.h"

namespace limbeck::postgres::memory {

// What is found out about one statement, and what that needs.
struct EffectContext {
  Catalog& catalog;
  const EffectSettings& settings;
  StatementEffects found = {};

  // Adds the effect, and what it does to its table when that was there.
  Effect& add(Effect effect);
  // What another table, or a part of this one, has of it.
  void touch(const ObjectId& table, const TableImpact& impact);
  void touch(const RelationName& table, const TableImpact& impact);
  // Adds the table to those that the effect locks beside its own.
  void lock_also(Effect& effect, const ObjectId& table, const TableImpact& impact);
  // The table that a foreign key refers to, with its partitions.
  void lock_referenced(Effect& effect, const Constraint& key, LockLevel lock);
};

// ---- what the schema says (effect_schema.cpp) ----
RelationName relation_name(const ObjectId& id);
// The table, materialized view or view that the name leads to.
std::optional<ObjectId> find_relation(Catalog& catalog, const PgQuery__RangeVar& relation);
// The schema that a new table of this name is made in.
std::string made_in(EffectContext& context, const PgQuery__RangeVar& table);
// Its name; as it is written when it leads nowhere.
RelationName name_of_table(EffectContext& context, const PgQuery__RangeVar& relation);
// What partitions and inheriting tables have of it, unless the statement says ONLY.
void touch_below(EffectContext& context, const PgQuery__RangeVar& relation,
                 const TableImpact& impact);
// Below the table, through all levels: partitions and tables that inherit from it.
std::vector<ObjectId> descendants_of(const Catalog& catalog, const ObjectId& table);
bool is_partitioned(const Catalog& catalog, const ObjectId& table);
const Column* column_of(const Catalog& catalog, const ObjectId& table, const std::string& name);
// The constraints of the table of one type.
std::vector<const Object*> constraints_of(const Catalog& catalog, const ObjectId& table,
                                          ConstraintType type);
// The foreign keys of other tables that refer to it.
std::vector<const Object*> references_to(const Catalog& catalog, const ObjectId& table);
std::vector<const Object*> indexes_of(const Catalog& catalog, const ObjectId& table);
// Whether the table has an index of its own or one of a key.
bool has_any_index(const Catalog& catalog, const ObjectId& table);
ObjectId table_of(const ObjectId& part);
// As EffectReader has it.
std::vector<Object> named_in(const Schema& schema, const RelationName& name);
// The tables and materialized views that lose something, or go, when it goes with CASCADE.
std::vector<ObjectId> tables_depending_on(const Catalog& catalog, const ObjectId& id);
// Tables that are OF the type change with it, or keep it from changing.
void touch_typed(EffectContext& context, const Object& type);
// The foreign keys that depend on a key of their table.
std::vector<const Object*> references_to_key(const Catalog& catalog, const Object& key);
std::optional<ObjectId> default_partition_of(const Catalog& catalog, const ObjectId& table);
// Whether values of the type are checked: a domain with a check or NOT NULL, at whatever level.
bool is_constrained_domain(const Catalog& catalog, const Type& type);

// ---- what follows from what is known (effect_proof.cpp) ----
enum class Volatility { fixed, changing, unknown };  // volatile: changing
Volatility volatility_of(Catalog& catalog, const Node* expression);
// Whether the table's validated checks say that the column is never NULL. without: the names of
// those that the same statement drops.
bool proves_not_null(const Catalog& catalog, const ObjectId& table, const std::string& column,
                     const std::vector<std::string>& without);
// The tables, of it and its own partitions, whose rows are read to know that they belong into the
// new partition of the parent, since no check says so.
std::vector<ObjectId> read_to_attach(const Catalog& catalog, const ObjectId& table,
                                     const ObjectId& parent,
                                     const PgQuery__PartitionBoundSpec& bound);
// The same of the parent's default partition: that none of its rows belongs into the new one.
std::vector<ObjectId> read_of_default(const Catalog& catalog, const ObjectId& fallback,
                                      const ObjectId& parent,
                                      const PgQuery__PartitionBoundSpec& bound);

// ---- which rows a WHERE takes of the table that a statement changes (effect_condition.cpp) ----
// where: null takes every one.
RowChoice chosen_rows(Catalog& catalog, const PgQuery__RangeVar& relation, const Node* where);

// ---- what happens to a column's values when its type changes (effect_cast.cpp) ----
struct TypeChange {
  bool rewrite = false;
  bool time_zone = false;  // it is so because the session's TimeZone is not known to be UTC
};
TypeChange type_change(const EffectContext& context, const Type& from, const Type& to,
                       const Node* using_expression, const std::string& column);
// Whether a value may lose something by it without an error: digits, a time of day, the end of a
// text that an explicit cast cuts off.
bool loses_values(Catalog& catalog, const Type& from, const Type& to, const Node* using_expression,
                  const std::string& column);
// Whether an index on a column can stay when its values do.
bool keeps_index(const Catalog& catalog, const Type& from, const Type& to);

// ---- statements ----
void effects_of_alter_table(EffectContext& context, const PgQuery__AlterTableStmt& statement);
void effects_of_add_column(EffectContext& context, const ObjectId& table,
                           const PgQuery__ColumnDef& definition, LockLevel lock);
// What the other commands of the statement do before that.
struct StatementWhole {
  LockLevel lock = LockLevel::none;       // the strongest of them is taken for all
  bool rewritten = false;                 // one of them writes the table again
  std::vector<std::string> dropped = {};  // constraints
  std::vector<std::string> dropped_columns = {};
};
void effects_of_alter_type(EffectContext& context, const ObjectId& table,
                           const PgQuery__AlterTableCmd& command, const StatementWhole& whole);
// Whether the change of a column's type writes the table again.
bool rewrites_for_type(EffectContext& context, const ObjectId& table,
                       const PgQuery__AlterTableCmd& command);
// only: not to partitions and inheriting tables.
void effects_of_add_constraint(EffectContext& context, const ObjectId& table,
                               const PgQuery__Constraint& constraint, LockLevel lock, bool only);
void effects_of_partition(EffectContext& context, const ObjectId& table,
                          const PgQuery__AlterTableCmd& command, LockLevel lock);
void effects_of_create_table(EffectContext& context, const PgQuery__CreateStmt& statement);
void effects_of_index(EffectContext& context, const PgQuery__IndexStmt& statement);
void effects_of_reindex(EffectContext& context, const PgQuery__ReindexStmt& statement);
void effects_of_drop(EffectContext& context, const PgQuery__DropStmt& statement);
void effects_of_drop_column(EffectContext& context, const ObjectId& table,
                            const PgQuery__AlterTableCmd& command, LockLevel lock);
void effects_of_drop_constraint(EffectContext& context, const ObjectId& table,
                                const PgQuery__AlterTableCmd& command, LockLevel lock);
void effects_of_rename(EffectContext& context, const PgQuery__RenameStmt& statement);
void effects_of_rows(EffectContext& context, const Node* node);
// Adds use_enum_value for each value of an enum that the statement names.
void effects_of_labels(EffectContext& context, const Node* node);
void effects_of_setting(EffectContext& context, const PgQuery__VariableSetStmt& statement);
void effects_of_types(EffectContext& context, const Node* node);
// Changes of a composite type; commands: those of ALTER TYPE.
void effects_of_composite(EffectContext& context, const Object& type, Nodes commands);
void effects_of_maintenance(EffectContext& context, const Node* node);

}  // namespace limbeck::postgres::memory
