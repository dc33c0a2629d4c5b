// Tables: what CREATE TABLE says in one statement, and what has to follow it.
#include <algorithm>
#include <string>

#include "dialect/postgres/object_name.h"
#include "dialect/postgres/render_attributes.h"
#include "dialect/postgres/render_definition.h"
#include "dialect/postgres/render_parts.h"
#include "dialect/postgres/sql_text.h"

namespace limbeck::postgres {
namespace {

std::string alter_table(const Object& object) {
  return "ALTER TABLE " + name_of(object) + " ";
}

const Object* find_part(const std::vector<Object>& parts, Kind kind, const std::string& name) {
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const Object& part) {
    return part.id.kind == kind && part.id.part == name;
  });
  return found == parts.end() ? nullptr : &*found;
}

std::string default_of(const std::vector<Object>& parts, const std::string& column) {
  const Object* value = find_part(parts, Kind::column_default, column);
  return value == nullptr ? "" : as<ColumnDefault>(*value).expression;
}

std::vector<const Object*> parts_of_kind(const std::vector<Object>& parts, Kind kind) {
  std::vector<const Object*> found;
  for (const Object& part : parts)
    if (part.id.kind == kind) found.push_back(&part);
  return found;
}

std::vector<const Object*> columns_in_order(const std::vector<Object>& parts) {
  std::vector<const Object*> columns = parts_of_kind(parts, Kind::column);
  std::sort(columns.begin(), columns.end(), [](const Object* left, const Object* right) {
    return as<Column>(*left).position < as<Column>(*right).position;
  });
  return columns;
}

// A partition is made as a table of its own and then attached: its columns keep their order.
bool comes_by_inheritance(const Table& table, const Object& part) {
  return !table.inherits.empty() && comes_with_parent(part);
}

std::string typed_column_sql(const Object& column, const std::string& default_expression) {
  const std::string whole = column_sql(column, default_expression);
  const std::string start = name_of(column) + " " + as<Column>(column).type;
  return name_of(column) + " WITH OPTIONS" + whole.substr(start.size());
}

bool stands_in_create(const Table& table, const Object& object) {
  const auto& constraint = as<Constraint>(object);
  if (!constraint.validated) return false;
  if (constraint.type == ConstraintType::foreign_key) return !comes_with_parent(object);
  return !comes_by_inheritance(table, object);
}

std::vector<std::string> items_of(const Table& table, const std::vector<Object>& parts) {
  std::vector<std::string> items;
  for (const Object* column : columns_in_order(parts)) {
    if (comes_by_inheritance(table, *column)) continue;
    const std::string value = default_of(parts, column->id.part);
    if (table.of_type.empty())
      items.push_back(column_sql(*column, value));
    else if (!value.empty() || as<Column>(*column).not_null || as<Column>(*column).generated)
      items.push_back(typed_column_sql(*column, value));
  }
  for (const Object* constraint : parts_of_kind(parts, Kind::constraint))
    if (stands_in_create(table, *constraint)) items.push_back(constraint_sql(*constraint));
  return items;
}

std::string create_table_sql(const Object& object, const Table& table,
                             const std::vector<Object>& parts) {
  std::string sql = "CREATE ";
  if (table.persistence == Persistence::unlogged) sql += "UNLOGGED ";
  sql += (table.foreign ? "FOREIGN TABLE " : "TABLE ") + name_of(object);
  const std::vector<std::string> items = items_of(table, parts);
  if (!table.of_type.empty()) sql += " OF " + table.of_type;
  if (!items.empty())
    sql += " (\n    " + joined(items, ",\n    ") + "\n)";
  else if (table.of_type.empty())
    sql += " ()";
  if (!table.inherits.empty()) {
    std::vector<std::string> parents;
    parents.reserve(table.inherits.size());
    for (const RelationName& parent : table.inherits) parents.push_back(qualified_sql(parent));
    sql += "\nINHERITS (" + joined(parents) + ")";
  }
  if (!table.partition_key.empty()) sql += "\nPARTITION BY " + table.partition_key;
  if (!table.access_method.empty()) sql += "\nUSING " + name_sql(table.access_method);
  if (!table.options.empty()) sql += "\nWITH (" + parameters_sql(table.options) + ")";
  if (!table.tablespace.empty()) sql += "\nTABLESPACE " + name_sql(table.tablespace);
  if (table.foreign) {
    sql += "\nSERVER " + name_sql(table.foreign->server);
    if (!table.foreign->options.empty())
      sql += "\nOPTIONS (" + foreign_options_sql(table.foreign->options) + ")";
  }
  return sql;
}

// What a child has otherwise than the parents from which its columns come.
void set_inherited_columns(Script& script, const Object& object, const Table& table,
                           const std::vector<Object>& parts) {
  for (const Object* column : columns_in_order(parts)) {
    if (!comes_by_inheritance(table, *column)) continue;
    bool parent_not_null = false;
    std::string parent_default;
    for (const RelationName& parent : table.inherits) {
      const ObjectId id{Kind::column, parent.schema, parent.name, column->id.part};
      const Object* original = script.to.find(id);
      if (original == nullptr) continue;
      parent_not_null = parent_not_null || as<Column>(*original).not_null;
      const Object* value =
          script.to.find({Kind::column_default, parent.schema, parent.name, column->id.part});
      if (value != nullptr) parent_default = as<ColumnDefault>(*value).expression;
    }
    const std::string start = alter_table(object) + "ALTER COLUMN " + name_of(*column);
    if (as<Column>(*column).not_null && !parent_not_null) script.add(start + " SET NOT NULL");
    const std::string value = default_of(parts, column->id.part);
    if (value.empty() && !parent_default.empty())
      script.add(start + " DROP DEFAULT");
    else if (value != parent_default)
      script.add(start + " SET DEFAULT " + value);
  }
}

std::string identity_sql(const Table& table) {
  switch (table.replica_identity) {
    case ReplicaIdentity::primary_key:
      return "DEFAULT";
    case ReplicaIdentity::nothing:
      return "NOTHING";
    case ReplicaIdentity::full:
      return "FULL";
    case ReplicaIdentity::index:
      return "USING INDEX " + name_sql(table.replica_identity_index);
  }
  return "";
}

void attach(Script& script, const Object& object, const PartitionOf& partition) {
  script.add("ALTER TABLE ONLY " + qualified_sql(partition.parent) + " ATTACH PARTITION " +
             name_of(object) + " " + partition.bound);
}

void detach(Script& script, const Object& object, const PartitionOf& partition) {
  script.add("ALTER TABLE " + qualified_sql(partition.parent) + " DETACH PARTITION " +
             name_of(object));
}

bool is_referenced(const Schema& schema, const RelationName& table) {
  for (auto at = schema.objects.lower_bound({Kind::constraint, "", "", ""});
       at != schema.objects.end() && at->first.kind == Kind::constraint; ++at) {
    const auto& key = as<Constraint>(at->second).foreign_key;
    if (key && key->table == table) return true;
  }
  return false;
}

void set_row_security(Script& script, const Object& object, const Table& from, const Table& to) {
  const std::string start = alter_table(object);
  if (from.row_security != to.row_security)
    script.add(start + (to.row_security ? "ENABLE" : "DISABLE") + " ROW LEVEL SECURITY");
  if (from.force_row_security != to.force_row_security)
    script.add(start + (to.force_row_security ? "FORCE" : "NO FORCE") + " ROW LEVEL SECURITY");
}

void set_replica_identity(Script& script, const Object& object, const Table& table) {
  script.add(alter_table(object) + "REPLICA IDENTITY " + identity_sql(table));
}

void set_cluster(Script& script, const Object& object, const Table& table) {
  script.add(alter_table(object) + (table.cluster_index.empty()
                                        ? std::string("SET WITHOUT CLUSTER")
                                        : "CLUSTER ON " + name_sql(table.cluster_index)));
}

// An index that is made or made anew is given its roles in the table when it is there.
bool stays(const Script& script, const ObjectId& table, const std::string& index) {
  if (index.empty()) return true;
  for (const ObjectId& id : {ObjectId{Kind::index, table.schema, index, ""},
                             ObjectId{Kind::constraint, table.schema, table.name, index}}) {
    const Object* before = script.from.find(id);
    const Object* after = script.to.find(id);
    if (before != nullptr && after != nullptr && before->definition == after->definition)
      return true;
  }
  return false;
}

void change_index_roles(Script& script, const Object& object, const Table& from, const Table& to) {
  if ((from.replica_identity != to.replica_identity ||
       from.replica_identity_index != to.replica_identity_index) &&
      stays(script, object.id, to.replica_identity_index))
    set_replica_identity(script, object, to);
  if (from.cluster_index != to.cluster_index && stays(script, object.id, to.cluster_index))
    set_cluster(script, object, to);
}

void create_other_parts(Script& script, const Create& create, const Table& table) {
  for (const Object& part : create.parts) {
    if (part.id.kind == Kind::constraint && !stands_in_create(table, part))
      create_definition(script, part, as<Constraint>(part));
    if (part.id.kind == Kind::trigger) create_definition(script, part, as<Trigger>(part));
    if (part.id.kind == Kind::rule) create_definition(script, part, as<Rule>(part));
    if (part.id.kind == Kind::policy) create_definition(script, part, as<Policy>(part));
    set_attributes(script, part);
  }
}

// The sequences of a table's columns are made before it, and given to it after.
void create_sequences(Script& script, const std::vector<Object>& parts) {
  for (const Object& part : parts) {
    if (part.id.kind != Kind::sequence) continue;
    auto sequence = as<Sequence>(part);
    sequence.owned_by.reset();
    create_definition(script, part, sequence);
  }
}

void give_sequences(Script& script, const std::vector<Object>& parts) {
  for (const Object& part : parts) {
    if (part.id.kind != Kind::sequence) continue;
    set_owner(script, part);
    auto alone = as<Sequence>(part);
    alone.owned_by.reset();
    alter_definition(script, part, alone, as<Sequence>(part));
  }
}

void change_parents(Script& script, const Object& object, const Table& from, const Table& to) {
  const auto among = [](const std::vector<RelationName>& parents, const RelationName& parent) {
    return std::find(parents.begin(), parents.end(), parent) != parents.end();
  };
  for (const RelationName& parent : from.inherits)
    if (!among(to.inherits, parent))
      script.add(alter_table(object) + "NO INHERIT " + qualified_sql(parent));
  for (const RelationName& parent : to.inherits)
    if (!among(from.inherits, parent))
      script.add(alter_table(object) + "INHERIT " + qualified_sql(parent));
  if (from.partition_of == to.partition_of) return;
  if (from.partition_of) detach(script, object, *from.partition_of);
  if (to.partition_of) attach(script, object, *to.partition_of);
}

}  // namespace

void give_index_roles(Script& script, const Object& object, const Table& table,
                      const std::string& index) {
  if (table.replica_identity_index == index) set_replica_identity(script, object, table);
  if (table.cluster_index == index) set_cluster(script, object, table);
}

void create_definition(Script& script, const Create& create, const Table& table) {
  create_sequences(script, create.parts);
  script.add(create_table_sql(create.object, table, create.parts));
  set_inherited_columns(script, create.object, table, create.parts);
  for (const Object* column : columns_in_order(create.parts)) set_column_details(script, *column);
  set_row_security(script, create.object, Table{}, table);
  if (table.replica_identity != ReplicaIdentity::primary_key &&
      table.replica_identity_index.empty())
    set_replica_identity(script, create.object, table);
  for (const Object* constraint : parts_of_kind(create.parts, Kind::constraint))
    if (stands_in_create(table, *constraint))
      give_index_roles(script, create.object, table, constraint->id.part);
  create_other_parts(script, create, table);
  give_sequences(script, create.parts);
  if (table.partition_of) attach(script, create.object, *table.partition_of);
}

void alter_definition(Script& script, const Object& object, const Table& from, const Table& to) {
  const std::string start = alter_table(object);
  if (from.persistence != to.persistence)
    script.add(start + (to.persistence == Persistence::unlogged ? "SET UNLOGGED" : "SET LOGGED"));
  if (from.access_method != to.access_method)
    script.add(start + "SET ACCESS METHOD " +
               name_sql(to.access_method.empty() ? "heap" : to.access_method));
  if (from.tablespace != to.tablespace)
    script.add(start + "SET TABLESPACE " +
               name_sql(to.tablespace.empty() ? "pg_default" : to.tablespace));
  for (const std::string& action : parameter_actions(from.options, to.options))
    script.add(start + action);
  if (from.foreign && to.foreign && from.foreign->options != to.foreign->options)
    script.add("ALTER FOREIGN TABLE " + name_of(object) + " OPTIONS (" +
               foreign_options_change_sql(from.foreign->options, to.foreign->options) + ")");
  if (from.of_type != to.of_type)
    script.add(start + (to.of_type.empty() ? "NOT OF" : "OF " + to.of_type));
  change_parents(script, object, from, to);
  set_row_security(script, object, from, to);
  change_index_roles(script, object, from, to);
}

// The keys that refer to a partitioned table hold on to each partition until it is detached.
void drop_definition(Script& script, const Object& object, const Table& table) {
  if (table.partition_of && is_referenced(script.from, table.partition_of->parent))
    detach(script, object, *table.partition_of);
  script.add("DROP " + address_of(object));
}

}  // namespace limbeck::postgres
