// Indexes, and how those of partitions come together with their parents'.
#include <string>

#include "dialect/postgres/object_name.h"
#include "dialect/postgres/render_definition.h"
#include "dialect/postgres/render_parts.h"
#include "dialect/postgres/sql_text.h"

namespace limbeck::postgres {
namespace {

std::string key_sql(const IndexKey& key) {
  std::string sql = key.column.empty() ? key.expression : name_sql(key.column);
  if (!key.collation.empty()) sql += " COLLATE " + key.collation;
  if (!key.opclass.empty()) sql += " " + key.opclass;
  if (key.descending) sql += " DESC";
  if (key.nulls_first != key.descending) sql += key.nulls_first ? " NULLS FIRST" : " NULLS LAST";
  return sql;
}

std::string keys_sql(const std::vector<IndexKey>& keys) {
  std::vector<std::string> items;
  items.reserve(keys.size());
  for (const IndexKey& key : keys) items.push_back(key_sql(key));
  return joined(items);
}

void set_statistics(Script& script, const Object& object, const std::vector<Option>& from,
                    const std::vector<Option>& to) {
  const std::string start = "ALTER INDEX " + name_of(object) + " ALTER COLUMN ";
  for (const Option& old : from) {
    bool kept = false;
    for (const Option& option : to) kept = kept || option.name == old.name;
    if (!kept) script.add(start + old.name + " SET STATISTICS -1");
  }
  for (const Option& option : to)
    script.add(start + option.name + " SET STATISTICS " + option.value);
}

const Object* index_or_constraint(const Schema& schema, const RelationName& index,
                                  const RelationName& table) {
  const Object* found = schema.find({Kind::index, index.schema, index.name, ""});
  return found != nullptr ? found
                          : schema.find({Kind::constraint, table.schema, table.name, index.name});
}

void attach(Script& script, const Object& object, const RelationName& parent) {
  script.add("ALTER INDEX " + qualified_sql(parent) + " ATTACH PARTITION " + name_of(object));
}

}  // namespace

std::string index_sql(const Object& object, bool only) {
  const auto& index = as<Index>(object);
  std::string sql = index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ";
  sql += name_sql(object.id.name) + (only ? " ON ONLY " : " ON ") + qualified_sql(index.table);
  if (index.method != "btree") sql += " USING " + name_sql(index.method);
  sql += " (" + keys_sql(index.keys) + ")";
  if (!index.include.empty()) sql += " INCLUDE (" + names_sql(index.include) + ")";
  if (index.nulls_not_distinct) sql += " NULLS NOT DISTINCT";
  if (!index.options.empty()) sql += " WITH (" + parameters_sql(index.options) + ")";
  if (!index.tablespace.empty()) sql += " TABLESPACE " + name_sql(index.tablespace);
  if (!index.predicate.empty()) sql += " WHERE " + index.predicate;
  return sql;
}

bool made_before_attaching(const Script& script, const ObjectId& part, const RelationName& index) {
  const Table* now = Script::table_of(script.to, part);
  if (now == nullptr || !now->partition_of) return false;
  const Table* before = Script::table_of(script.from, part);
  if (before != nullptr && before->partition_of &&
      before->partition_of->parent == now->partition_of->parent)
    return false;
  const RelationName& parent = now->partition_of->parent;
  const Object* old_index = index_or_constraint(script.from, index, parent);
  const Object* new_index = index_or_constraint(script.to, index, parent);
  return old_index != nullptr && new_index != nullptr &&
         old_index->definition == new_index->definition;
}

void create_definition(Script& script, const Object& object, const Index& index) {
  const ObjectId table_part{Kind::column, index.table.schema, index.table.name, ""};
  if (index.partition_of && made_before_attaching(script, table_part, *index.partition_of)) return;
  const Table* table = Script::table_of(script.to, table_part);
  // The partitions have indexes of their own names, which are attached to this one.
  const bool only = index.only || (table != nullptr && !table->partition_key.empty());
  script.add(index_sql(object, only));
  if (index.partition_of) attach(script, object, *index.partition_of);
  set_statistics(script, object, {}, index.statistics);
  const Object* owner = script.to.find({Kind::table, index.table.schema, index.table.name, ""});
  if (owner != nullptr) give_index_roles(script, *owner, as<Table>(*owner), object.id.name);
}

void drop_definition(Script& script, const Object& object, const Index& index) {
  if (index.partition_of) {
    // It goes with its parent's index or with its table; alone only when it was detached.
    const Table* table = Script::table(script.to, index.table.schema, index.table.name);
    if (table == nullptr || table->partition_of) return;
  }
  script.add("DROP INDEX " + name_of(object));
}

void alter_definition(Script& script, const Object& object, const Index& from, const Index& to) {
  const std::string start = "ALTER INDEX " + name_of(object) + " ";
  for (const std::string& action : parameter_actions(from.options, to.options))
    script.add(start + action);
  if (from.tablespace != to.tablespace)
    script.add(start + "SET TABLESPACE " +
               name_sql(to.tablespace.empty() ? "pg_default" : to.tablespace));
  if (from.statistics != to.statistics)
    set_statistics(script, object, from.statistics, to.statistics);
  if (to.partition_of && from.partition_of != to.partition_of)
    attach(script, object, *to.partition_of);
}

}  // namespace limbeck::postgres
