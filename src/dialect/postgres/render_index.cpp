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

void attach(Script& script, const Object& object, const RelationName& parent) {
  script.add("ALTER INDEX " + qualified_sql(parent) + " ATTACH PARTITION " + name_of(object));
}

}  // namespace

void create_definition(Script& script, const Object& object, const Index& index) {
  const Object* table = script.to.find({Kind::table, index.table.schema, index.table.name, ""});
  // The partitions have indexes of their own names, which are attached to this one.
  const bool only = index.only || (table != nullptr && !as<Table>(*table).partition_key.empty());
  script.add(index_sql(object, only));
  if (index.partition_of) attach(script, object, *index.partition_of);
  set_statistics(script, object, {}, index.statistics);
  if (table != nullptr) give_index_roles(script, *table, as<Table>(*table), object.id.name);
}

void drop_definition(Script& script, const Object& object, const Index& /*index*/) {
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
