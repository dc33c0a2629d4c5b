// What each statement does to a catalog. One function for each node of the tree, in the file of
// its topic.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dialect/postgres/memory/catalog.h"
#include "dialect/postgres/memory/expression.h"
#include "dialect/postgres/memory/tree.h"

namespace limbeck::postgres::memory {

// Applies one node of a statement; a CREATE SCHEMA has several.
void apply(Catalog& catalog, const Node* node);

// ---- apply_table.cpp ----
// Where temporary tables are made; it is made with the first of them.
std::string temporary_schema_of(Catalog& catalog);
void create_table(Catalog& catalog, const PgQuery__CreateStmt& statement);
void create_foreign_table(Catalog& catalog, const PgQuery__CreateForeignTableStmt& statement);

// ---- apply_column.cpp ----
// The constraints among a table's elements, applied when all its columns are there.
struct TableConstraint {
  const PgQuery__Constraint* node = nullptr;
  std::string column = {};  // of a column's constraint
  bool only = false;        // not of the table's partitions
};
// Adds to `constraints` those that stand with the column, with what modifies them.
void add_column(Catalog& catalog, const ObjectId& table, const PgQuery__ColumnDef& definition,
                std::vector<TableConstraint>& constraints);
void set_default(Catalog& catalog, const ObjectId& column, const Node* expression);
void set_generated(Catalog& catalog, const ObjectId& column, const Node* expression);
void set_not_null(Catalog& catalog, const ObjectId& column);
// Adds a column that comes with a parent's, to a child.
void inherit_column(Catalog& catalog, const ObjectId& child, const Object& column, bool partition);
int next_position(const Catalog& catalog, const ObjectId& table);
void renumber(Catalog& catalog, const ObjectId& table);

// ---- apply_constraint.cpp ----
void add_constraints(Catalog& catalog, const ObjectId& table,
                     const std::vector<TableConstraint>& constraints);
void add_constraint(Catalog& catalog, const ObjectId& table, const TableConstraint& constraint);

// ---- apply_inherited_constraint.cpp ----
// The index of a partition's key becomes a part of the parent's key or index.
void attach_key(Catalog& catalog, const ObjectId& key, const ObjectId& parent);
// The copy for a child of a parent's constraint.
void inherit_constraint(Catalog& catalog, const ObjectId& child, const Object& constraint,
                        bool partition);

// ---- apply_partition.cpp ----
std::string partition_key(Catalog& catalog, const ObjectId& table,
                          const PgQuery__PartitionSpec& spec);
std::string partition_bound(Catalog& catalog, const ObjectId& partition, const Object& parent,
                            const PgQuery__PartitionBoundSpec& bound);
// Constraints, indexes and triggers that a partition gets from its parent.
void adopt_partition(Catalog& catalog, const ObjectId& partition, const Object& parent);
void detach_partition(Catalog& catalog, const ObjectId& partition);
// The tables that inherit from it or are its partitions.
std::vector<ObjectId> children_of(const Catalog& catalog, const ObjectId& table);

// ---- apply_alter_table.cpp, apply_alter_column.cpp ----
void alter_table(Catalog& catalog, const PgQuery__AlterTableStmt& statement);
// Whether the command was one of a column's.
bool alter_column(Catalog& catalog, const ObjectId& table, const PgQuery__AlterTableCmd& command);

// ---- apply_index.cpp ----
void create_index(Catalog& catalog, const PgQuery__IndexStmt& statement);
// A partition's own index for one of its parent.
void inherit_index(Catalog& catalog, const ObjectId& partition, const Object& index);
std::vector<IndexKey> index_keys(Catalog& catalog, const ObjectId& table, Nodes parameters,
                                 const std::string& method, const ObjectId& for_object,
                                 std::set<ObjectId>& uses, std::string& doubt);
std::vector<std::string> index_column_names(Nodes parameters);
// The operator class that a key of the type gets by itself, in an index and in a range.
std::string default_class(const Catalog& catalog, const Type& type);

// ---- apply_sequence.cpp ----
void create_sequence(Catalog& catalog, const PgQuery__CreateSeqStmt& statement);
void alter_sequence(Catalog& catalog, const PgQuery__AlterSeqStmt& statement);
// Those of CREATE (fresh) or ALTER; names in `owned_by` and `name`, where the options hold them.
struct SequenceChange {
  SequenceOptions options = {};
  std::optional<Nodes> owned_by = {};
  std::string name = {};
};
SequenceChange sequence_options(Catalog& catalog, Nodes options, SequenceOptions from, bool fresh);
SequenceOptions sequence_of_type(std::string_view type);

// ---- apply_type.cpp, apply_domain.cpp ----
void create_enum(Catalog& catalog, const PgQuery__CreateEnumStmt& statement);
void alter_enum(Catalog& catalog, const PgQuery__AlterEnumStmt& statement);
void create_composite(Catalog& catalog, const PgQuery__CompositeTypeStmt& statement);
void alter_composite(Catalog& catalog, Object& composite, const PgQuery__AlterTableStmt& statement);
void create_range(Catalog& catalog, const PgQuery__CreateRangeStmt& statement);
void create_domain(Catalog& catalog, const PgQuery__CreateDomainStmt& statement);
void alter_domain(Catalog& catalog, const PgQuery__AlterDomainStmt& statement);

// ---- apply_view.cpp ----
void create_view(Catalog& catalog, const PgQuery__ViewStmt& statement);
void create_table_as(Catalog& catalog, const PgQuery__CreateTableAsStmt& statement);
// SELECT ... INTO.
void select_into(Catalog& catalog, const Node* query);
// The edges of what a query names.
void depend_on_body(Catalog& catalog, const ObjectId& id, const Node* body);
void create_rule(Catalog& catalog, const PgQuery__RuleStmt& statement);

// ---- apply_refusal.cpp ----
// Each throws Error where the server would refuse.
void refuse_type_change(const Catalog& catalog, const ObjectId& column);
void refuse_late_foreign_key(const Catalog& catalog, const ObjectId& table,
                             const PgQuery__Constraint& constraint);
void refuse_concurrent_index(const Catalog& catalog, const ObjectId& table);
void refuse_drop_of_index(const Catalog& catalog, const Object& object, bool concurrently);
void refresh(Catalog& catalog, const PgQuery__RefreshMatViewStmt& statement);

// ---- apply_routine.cpp, apply_trigger.cpp ----
void create_routine(Catalog& catalog, const PgQuery__CreateFunctionStmt& statement);
Object* find_routine(Catalog& catalog, const PgQuery__ObjectWithArgs& name,
                     std::initializer_list<Kind> kinds);
void create_trigger(Catalog& catalog, const PgQuery__CreateTrigStmt& statement);
void create_event_trigger(Catalog& catalog, const PgQuery__CreateEventTrigStmt& statement);
void inherit_trigger(Catalog& catalog, const ObjectId& partition, const Object& trigger);
void create_policy(Catalog& catalog, const PgQuery__CreatePolicyStmt& statement);
void alter_policy(Catalog& catalog, const PgQuery__AlterPolicyStmt& statement);
void create_statistics(Catalog& catalog, const PgQuery__CreateStatsStmt& statement);

// ---- apply_database.cpp ----
void create_schema(Catalog& catalog, const PgQuery__CreateSchemaStmt& statement);
void create_extension(Catalog& catalog, const PgQuery__CreateExtensionStmt& statement);
void create_wrapper(Catalog& catalog, const PgQuery__CreateFdwStmt& statement);
void create_server(Catalog& catalog, const PgQuery__CreateForeignServerStmt& statement);
void create_user_mapping(Catalog& catalog, const PgQuery__CreateUserMappingStmt& statement);
void create_publication(Catalog& catalog, const PgQuery__CreatePublicationStmt& statement);
void set_variable(Catalog& catalog, const PgQuery__VariableSetStmt& statement);
// Whether it is known that it changes no schema: it calls functions of pg_catalog alone.
bool select(Catalog& catalog, const Node* statement);

// ---- apply_define.cpp ----
void define(Catalog& catalog, const PgQuery__DefineStmt& statement);
void alter_event_trigger(Catalog& catalog, const PgQuery__AlterEventTrigStmt& statement);
void alter_server(Catalog& catalog, const PgQuery__AlterForeignServerStmt& statement);
void alter_wrapper(Catalog& catalog, const PgQuery__AlterFdwStmt& statement);
void alter_user_mapping(Catalog& catalog, const PgQuery__AlterUserMappingStmt& statement);
void drop_user_mapping(Catalog& catalog, const PgQuery__DropUserMappingStmt& statement);
void alter_statistics(Catalog& catalog, const PgQuery__AlterStatsStmt& statement);
// Whether a DO block does nothing but make roles.
bool makes_roles_alone(const PgQuery__DoStmt& statement);

// ---- apply_comment.cpp, apply_drop.cpp, apply_rename.cpp ----
void comment(Catalog& catalog, const PgQuery__CommentStmt& statement);
void drop(Catalog& catalog, const PgQuery__DropStmt& statement);
void rename(Catalog& catalog, const PgQuery__RenameStmt& statement);
void set_schema(Catalog& catalog, const PgQuery__AlterObjectSchemaStmt& statement);

// What has no id of its own: the constraint whose index, the column whose sequence has the name.
std::optional<ObjectId> find_folded(const Catalog& catalog, const Name& name);
// The object that COMMENT, DROP and others name; null when it is not there or of a kind that is
// not modelled.
Object* find_named(Catalog& catalog, PgQuery__ObjectType type, const Node* name);

// ---- what the topics share ----
// WITH (...)
Options options_of(Nodes options);
// What is set anew comes last, as on the server.
void change_options(Options& options, Nodes changes, bool reset);
// The edges and the doubt of an expression go to the object that holds it.
void note_expression(Catalog& catalog, const ObjectId& id, const Expression& expression);
// From a column or an argument to the user's type that it is of.
void depend_on_type(Catalog& catalog, const ObjectId& id, const Type& type);
// COLLATE of a column or type; null where it is not written.
Nodes collation_names(const PgQuery__CollateClause* clause);
// From what is of a type to the collation that COLLATE names or that the type has, where it is a
// user's.
void depend_on_collation(Catalog& catalog, const ObjectId& id, const Type& type, Nodes names);
// A table that the statement names, as its id.
ObjectId need_table(Catalog& catalog, const PgQuery__RangeVar& relation);

}  // namespace limbeck::postgres::memory
