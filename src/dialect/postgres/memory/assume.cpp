#include "dialect/postgres/memory/assume.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/carried.h"
#include "dialect/postgres/memory/names.h"
#include "dialect/postgres/memory/references.h"

namespace limbeck::postgres::memory {
namespace {

// A table that a statement needs to be there.
struct Needed {
  Name name;
  Kind kind = Kind::table;
  bool perhaps = false;  // IF EXISTS
};

bool is_system(const Name& name) {
  return name.schema == "pg_catalog" || name.schema == "information_schema" ||
         name.schema == "pg_temp" || (name.schema.empty() && name.name.starts_with("pg_"));
}

std::optional<Kind> object_kind(PgQuery__ObjectType type) {
  switch (type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER:
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY:
    case PG_QUERY__OBJECT_TYPE__OBJECT_RULE:
      return Kind::table;
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
      return Kind::view;
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
      return Kind::materialized_view;
    default:
      return std::nullopt;
  }
}

bool is_part_of_table(PgQuery__ObjectType type) {
  return type == PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN ||
         type == PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT ||
         type == PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER ||
         type == PG_QUERY__OBJECT_TYPE__OBJECT_POLICY || type == PG_QUERY__OBJECT_TYPE__OBJECT_RULE;
}

class NeededTables {
 public:
  explicit NeededTables(const Node* statement) { read(statement); }
  const std::vector<Needed>& all() const { return all_; }

 private:
  void add(const PgQuery__RangeVar* relation, Kind kind = Kind::table, bool perhaps = false) {
    if (relation != nullptr) all_.push_back({name_of(*relation), kind, perhaps});
  }

  // All of them but the one that the statement makes.
  void add_all(const Node* statement, const PgQuery__RangeVar* made) {
    const Name own = name_of(*made);
    for (const PgQuery__RangeVar* relation : references_in(statement).relations) {
      const Name other = name_of(*relation);
      if (other.name != own.name || (other.schema != own.schema && !other.schema.empty()))
        add(relation);
    }
  }

  void add_list(Nodes relations) {
    for (const Node* node : relations)
      if (node->node_case == PG_QUERY__NODE__NODE_RANGE_VAR) add(node->range_var);
  }

  void add_named(const Node* object, PgQuery__ObjectType type, bool perhaps) {
    const auto kind = object_kind(type);
    if (!kind || object == nullptr) return;
    const Nodes names = items(object);
    if (!is_part_of_table(type)) return all_.push_back({name_of(object), *kind, perhaps});
    if (names.size() >= 2)
      all_.push_back({name_of(Nodes{names.first, names.size() - 1}), *kind, perhaps});
  }

  void read_alter(const Node* node) {
    const PgQuery__AlterTableStmt& statement = *node->alter_table_stmt;
    const auto kind = object_kind(statement.objtype);
    if (!kind) return;
    add(statement.relation, *kind, statement.missing_ok != 0);
    add_all(node, statement.relation);
  }

  void read(const Node* node) {
    if (const Node* carried = carried_statement(node)) return read(carried);
    switch (node->node_case) {
      case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
        return read_alter(node);
      case PG_QUERY__NODE__NODE_CREATE_STMT:
        return add_all(node, node->create_stmt->relation);
      case PG_QUERY__NODE__NODE_INDEX_STMT:
        return add(node->index_stmt->relation);
      case PG_QUERY__NODE__NODE_CREATE_TRIG_STMT:
        return add(node->create_trig_stmt->relation);
      case PG_QUERY__NODE__NODE_RULE_STMT:
        return add(node->rule_stmt->relation);
      case PG_QUERY__NODE__NODE_CREATE_POLICY_STMT:
        return add(node->create_policy_stmt->table);
      case PG_QUERY__NODE__NODE_ALTER_POLICY_STMT:
        return add(node->alter_policy_stmt->table);
      case PG_QUERY__NODE__NODE_RENAME_STMT:
        if (const auto kind = object_kind(node->rename_stmt->rename_type))
          add(node->rename_stmt->relation, *kind, node->rename_stmt->missing_ok != 0);
        return;
      case PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT:
        if (const auto kind = object_kind(node->alter_object_schema_stmt->object_type))
          add(node->alter_object_schema_stmt->relation, *kind);
        return;
      case PG_QUERY__NODE__NODE_INSERT_STMT:
        return add(node->insert_stmt->relation);
      case PG_QUERY__NODE__NODE_UPDATE_STMT:
        return add(node->update_stmt->relation);
      case PG_QUERY__NODE__NODE_DELETE_STMT:
        return add(node->delete_stmt->relation);
      case PG_QUERY__NODE__NODE_MERGE_STMT:
        return add(node->merge_stmt->relation);
      case PG_QUERY__NODE__NODE_COPY_STMT:
        if (node->copy_stmt->is_from != 0) add(node->copy_stmt->relation);
        return;
      case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
        return add_list({node->truncate_stmt->relations, node->truncate_stmt->n_relations});
      case PG_QUERY__NODE__NODE_LOCK_STMT:
        return add_list({node->lock_stmt->relations, node->lock_stmt->n_relations});
      case PG_QUERY__NODE__NODE_CLUSTER_STMT:
        return add(node->cluster_stmt->relation);
      case PG_QUERY__NODE__NODE_VACUUM_STMT:
        for (const Node* each : Nodes{node->vacuum_stmt->rels, node->vacuum_stmt->n_rels})
          add(each->vacuum_relation->relation);
        return;
      case PG_QUERY__NODE__NODE_REINDEX_STMT:
        if (node->reindex_stmt->kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_TABLE)
          add(node->reindex_stmt->relation);
        return;
      case PG_QUERY__NODE__NODE_REFRESH_MAT_VIEW_STMT:
        return add(node->refresh_mat_view_stmt->relation, Kind::materialized_view);
      case PG_QUERY__NODE__NODE_CREATE_STATS_STMT:
        return add_list({node->create_stats_stmt->relations, node->create_stats_stmt->n_relations});
      case PG_QUERY__NODE__NODE_COMMENT_STMT:
        return add_named(node->comment_stmt->object, node->comment_stmt->objtype, false);
      case PG_QUERY__NODE__NODE_DROP_STMT:
        for (const Node* object : Nodes{node->drop_stmt->objects, node->drop_stmt->n_objects})
          add_named(object, node->drop_stmt->remove_type, node->drop_stmt->missing_ok != 0);
        return;
      default:
        return;
    }
  }

  std::vector<Needed> all_;
};

// ---- columns ----

using Columns = std::set<std::string>;

bool is_about_column(PgQuery__AlterTableType command) {
  switch (command) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropExpression:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStatistics:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetOptions:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetOptions:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStorage:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetCompression:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddIdentity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetIdentity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropIdentity:
      return true;
    default:
      return false;
  }
}

void add_names(Columns& columns, Nodes names) {
  for (const std::string& name : texts(names))
    if (!name.empty()) columns.insert(name);
}

// Those that the statement takes to be there, of whichever table.
Columns columns_in(const Node* node) {
  const References found = references_in(node);
  Columns columns;
  for (const PgQuery__ColumnRef* reference : found.columns) {
    const auto fields = texts({reference->fields, reference->n_fields});
    if (!fields.empty() && !fields.back().empty()) columns.insert(fields.back());
  }
  for (const PgQuery__Constraint* constraint : found.constraints) {
    add_names(columns, {constraint->keys, constraint->n_keys});
    add_names(columns, {constraint->fk_attrs, constraint->n_fk_attrs});
  }
  for (const PgQuery__IndexElem* element : found.keys)
    if (!text(element->name).empty()) columns.insert(text(element->name));
  if (node->node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_STMT) {
    const PgQuery__AlterTableStmt& statement = *node->alter_table_stmt;
    for (const Node* each : Nodes{statement.cmds, statement.n_cmds}) {
      const PgQuery__AlterTableCmd& command = *each->alter_table_cmd;
      if (is_about_column(command.subtype)) columns.insert(text(command.name));
    }
  }
  if (node->node_case == PG_QUERY__NODE__NODE_RENAME_STMT &&
      node->rename_stmt->rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN)
    columns.insert(text(node->rename_stmt->subname));
  if (node->node_case == PG_QUERY__NODE__NODE_COMMENT_STMT &&
      node->comment_stmt->objtype == PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN) {
    const Nodes names = items(node->comment_stmt->object);
    columns.insert(text(names[names.size() - 1]));
  }
  // What it adds is not there before.
  for (const PgQuery__ColumnDef* definition : found.definitions)
    columns.erase(text(definition->colname));
  return columns;
}

void add_column(Catalog& catalog, const ObjectId& table, const std::string& name) {
  ObjectId id{Kind::column, table.schema, table.name, name};
  if (catalog.find(id) != nullptr) return;
  const int position = next_position(catalog, table);
  catalog.add(std::move(id), Column{.position = position, .type = "unknown"});
}

// What a foreign key refers to is a key of its table.
void add_key(Catalog& catalog, const ObjectId& table, std::vector<std::string> columns) {
  const bool primary = columns.empty();
  if (primary) columns = {"id"};
  for (const std::string& column : columns) add_column(catalog, table, column);
  ObjectId id{Kind::constraint, table.schema, table.name, table.name + "_pkey"};
  if (!primary) id.part = fmt::format("{}_{}_key", table.name, joined_columns(columns));
  if (catalog.find(id) != nullptr) return;
  catalog.add(std::move(id),
              Constraint{.type = primary ? ConstraintType::primary_key : ConstraintType::unique,
                         .columns = std::move(columns)});
}

void add_keys(Catalog& catalog, const ObjectId& table, const References& found) {
  for (const PgQuery__Constraint* constraint : found.constraints) {
    if (constraint->pktable == nullptr) continue;
    const Object* referenced = catalog.search({Kind::table}, name_of(*constraint->pktable));
    if (referenced != nullptr && referenced->id == table)
      add_key(catalog, table, texts({constraint->pk_attrs, constraint->n_pk_attrs}));
  }
}

// ---- the rest ----

std::string schema_of(const Catalog& catalog, const Name& name) {
  if (!name.schema.empty()) return name.schema;
  for (const std::string& schema : catalog.state().search_path)
    if (catalog.find(Kind::schema, "", schema) != nullptr) return schema;
  return "public";
}

void add_schema(Catalog& catalog, const std::string& name) {
  const ObjectId id{Kind::schema, "", name, ""};
  if (catalog.find(id) == nullptr) catalog.add(id, Namespace{});
}

Definition stub_of(Kind kind) {
  switch (kind) {
    case Kind::view:
      return View{};
    case Kind::materialized_view:
      return MaterializedView{};
    default:
      return Table{};
  }
}

std::string shown(const Name& name) {
  return name.schema.empty() ? name.name : name.schema + "." + name.name;
}

}  // namespace

void Assumptions::tell(const std::string& what, const std::string& name) {
  if (known_.insert(what + " " + name).second) told_.push_back(what + " " + name);
}

void Assumptions::renamed(const RelationName& from, const RelationName& to) {
  if (tables_.erase(from) != 0) tables_.insert(to);
}

void Assumptions::assume(Catalog& catalog, const Node* statement) {
  concerned_ = false;
  const References found = references_in(statement);
  const NeededTables tables(statement);
  for (const Needed& needed : tables.all()) {
    if (is_system(needed.name)) continue;
    const Object* there = catalog.search({Kind::table, Kind::view, Kind::materialized_view,
                                          Kind::sequence, Kind::index, Kind::composite},
                                         needed.name);
    const bool assumed = there != nullptr && holds({there->id.schema, there->id.name});
    if ((there != nullptr && !assumed) || (there == nullptr && catalog.was_there(needed.name.name)))
      continue;
    concerned_ = true;
    ObjectId id{needed.kind, "", "", ""};
    if (there == nullptr) {
      id.schema = schema_of(catalog, needed.name);
      id.name = needed.name.name;
      add_schema(catalog, id.schema);
      catalog.add(id, stub_of(needed.kind));
      tables_.insert({id.schema, id.name});
      if (!needed.perhaps) tell(std::string(to_string(needed.kind)), shown(needed.name));
    } else {
      id = there->id;
    }
    if (id.kind != Kind::table) continue;
    for (const std::string& column : columns_in(statement)) add_column(catalog, id, column);
    add_keys(catalog, id, found);
  }
}

bool Assumptions::assume(Catalog& catalog, const MissingObject& missing) {
  const Name& name = missing.name();
  if (catalog.was_there(name.name)) return false;
  const std::string schema = schema_of(catalog, name);
  std::optional<ObjectId> id;
  Definition definition;
  if (missing.kind() == "type") {
    id = ObjectId{Kind::enumeration, schema, name.name, ""};
    definition = Enumeration{};
  } else if (missing.kind() == "schema") {
    id = ObjectId{Kind::schema, "", name.name, ""};
    definition = Namespace{};
  } else if (missing.kind() == "sequence") {
    id = ObjectId{Kind::sequence, schema, name.name, ""};
    definition = Sequence{};
  } else if (missing.kind() == "function") {
    id = ObjectId{Kind::routine, schema, name.name, ""};
    definition = Routine{};
  }
  if (!id || catalog.find(*id) != nullptr) return false;
  if (id->kind != Kind::schema) add_schema(catalog, schema);
  catalog.add(*id, std::move(definition));
  tell(std::string(missing.kind()), shown(name));
  return true;
}

}  // namespace limbeck::postgres::memory
