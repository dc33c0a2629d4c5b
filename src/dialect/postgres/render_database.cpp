// Objects that stand beside the tables: schemas, extensions, foreign servers, publications,
// subscriptions, and those that are kept as statements alone.
#include <algorithm>
#include <string>

#include "dialect/postgres/object_name.h"
#include "dialect/postgres/render_definition.h"
#include "dialect/postgres/sql_text.h"

namespace limbeck::postgres {
namespace {

std::string options_clause(const std::vector<Option>& options) {
  return options.empty() ? "" : " OPTIONS (" + foreign_options_sql(options) + ")";
}

void change_options(Script& script, const std::string& start, const std::vector<Option>& from,
                    const std::vector<Option>& to) {
  const std::string changes = foreign_options_change_sql(from, to);
  if (!changes.empty()) script.add(start + " OPTIONS (" + changes + ")");
}

std::string mapping_sql(const UserMapping& mapping) {
  return "USER MAPPING FOR " + role_sql(mapping.user) + " SERVER " + name_sql(mapping.server);
}

std::vector<std::string> members_of(const std::vector<PublishedTable>& tables,
                                    const std::vector<std::string>& schemas) {
  std::vector<std::string> members;
  for (const PublishedTable& table : tables) {
    std::string sql = "TABLE ONLY " + qualified_sql(table.table);
    if (!table.columns.empty()) sql += " (" + names_sql(table.columns) + ")";
    if (!table.filter.empty()) sql += " WHERE (" + table.filter + ")";
    members.push_back(sql);
  }
  for (const std::string& schema : schemas)
    members.push_back("TABLES IN SCHEMA " + name_sql(schema));
  return members;
}

template <class T>
std::vector<T> missing(const std::vector<T>& from, const std::vector<T>& in) {
  std::vector<T> result;
  for (const T& item : from)
    if (std::find(in.begin(), in.end(), item) == in.end()) result.push_back(item);
  return result;
}

constexpr const char* every_action = "insert, update, delete, truncate";

void change_members(Script& script, const std::string& start, const Publication& from,
                    const Publication& to) {
  std::vector<PublishedTable> gone = missing(from.tables, to.tables);
  for (PublishedTable& table : gone) table = {.table = table.table};
  const std::vector<std::string> dropped = members_of(gone, missing(from.schemas, to.schemas));
  const std::vector<std::string> added =
      members_of(missing(to.tables, from.tables), missing(to.schemas, from.schemas));
  if (!dropped.empty()) script.add(start + " DROP " + joined(dropped));
  if (!added.empty()) script.add(start + " ADD " + joined(added));
}

// NONE is a word of the syntax: a subscription without a slot.
std::string subscription_options(const std::vector<Option>& options) {
  std::vector<std::string> items;
  for (const Option& option : options)
    items.push_back(option.name + " = " +
                    (option.value == "NONE" ? option.value : literal_sql(option.value)));
  return joined(items);
}

}  // namespace

void create_definition(Script& script, const Object& object, const Namespace& /*schema*/) {
  script.add("CREATE SCHEMA " + name_of(object));
}

void create_definition(Script& script, const Object& object, const Extension& extension) {
  std::string sql = "CREATE EXTENSION " + name_of(object);
  if (!extension.schema.empty()) sql += " WITH SCHEMA " + name_sql(extension.schema);
  if (!extension.version.empty()) sql += " VERSION " + literal_sql(extension.version);
  script.add(sql);
}

void alter_definition(Script& script, const Object& object, const Extension& from,
                      const Extension& to) {
  const std::string start = "ALTER EXTENSION " + name_of(object);
  if (from.schema != to.schema) script.add(start + " SET SCHEMA " + name_sql(to.schema));
  if (from.version != to.version) script.add(start + " UPDATE TO " + literal_sql(to.version));
}

void create_definition(Script& script, const Object& object, const ForeignDataWrapper& wrapper) {
  std::string sql = "CREATE FOREIGN DATA WRAPPER " + name_of(object);
  if (!wrapper.handler.empty()) sql += " HANDLER " + wrapper.handler;
  if (!wrapper.validator.empty()) sql += " VALIDATOR " + wrapper.validator;
  script.add(sql + options_clause(wrapper.options));
}

void alter_definition(Script& script, const Object& object, const ForeignDataWrapper& from,
                      const ForeignDataWrapper& to) {
  std::string sql;
  if (from.handler != to.handler)
    sql += to.handler.empty() ? " NO HANDLER" : " HANDLER " + to.handler;
  if (from.validator != to.validator)
    sql += to.validator.empty() ? " NO VALIDATOR" : " VALIDATOR " + to.validator;
  const std::string start = "ALTER FOREIGN DATA WRAPPER " + name_of(object);
  if (!sql.empty()) script.add(start + sql);
  change_options(script, start, from.options, to.options);
}

void create_definition(Script& script, const Object& object, const Server& server) {
  std::string sql = "CREATE SERVER " + name_of(object);
  if (!server.type.empty()) sql += " TYPE " + literal_sql(server.type);
  if (!server.version.empty()) sql += " VERSION " + literal_sql(server.version);
  script.add(sql + " FOREIGN DATA WRAPPER " + name_sql(server.wrapper) +
             options_clause(server.options));
}

void alter_definition(Script& script, const Object& object, const Server& from, const Server& to) {
  const std::string start = "ALTER SERVER " + name_of(object);
  if (from.version != to.version)
    script.add(start + " VERSION " +
               (to.version.empty() ? std::string("NULL") : literal_sql(to.version)));
  change_options(script, start, from.options, to.options);
}

void create_definition(Script& script, const Object& /*object*/, const UserMapping& mapping) {
  script.add("CREATE " + mapping_sql(mapping) + options_clause(mapping.options));
}

void drop_definition(Script& script, const Object& /*object*/, const UserMapping& mapping) {
  script.add("DROP " + mapping_sql(mapping));
}

void alter_definition(Script& script, const Object& /*object*/, const UserMapping& from,
                      const UserMapping& to) {
  change_options(script, "ALTER " + mapping_sql(to), from.options, to.options);
}

void create_definition(Script& script, const Object& object, const Publication& publication) {
  std::string sql = "CREATE PUBLICATION " + name_of(object);
  const std::vector<std::string> members = members_of(publication.tables, publication.schemas);
  if (publication.all_tables)
    sql += " FOR ALL TABLES";
  else if (!members.empty())
    sql += " FOR " + joined(members);
  std::vector<std::string> options;
  if (publication.publish != every_action)
    options.push_back("publish = " + literal_sql(publication.publish));
  if (publication.via_partition_root) options.emplace_back("publish_via_partition_root = true");
  if (!options.empty()) sql += " WITH (" + joined(options) + ")";
  script.add(sql);
}

void alter_definition(Script& script, const Object& object, const Publication& from,
                      const Publication& to) {
  const std::string start = "ALTER PUBLICATION " + name_of(object);
  if (from.publish != to.publish)
    script.add(start + " SET (publish = " + literal_sql(to.publish) + ")");
  if (from.via_partition_root != to.via_partition_root)
    script.add(start + " SET (publish_via_partition_root = " +
               (to.via_partition_root ? "true" : "false") + ")");
  change_members(script, start, from, to);
}

// Nothing is asked of the other server: a revision must run where that cannot be reached.
void create_definition(Script& script, const Object& object, const Subscription& subscription) {
  std::vector<Option> options{{"connect", "false"}};
  options.insert(options.end(), subscription.options.begin(), subscription.options.end());
  script.add("CREATE SUBSCRIPTION " + name_of(object) + " CONNECTION " +
             literal_sql(subscription.connection) + " PUBLICATION " +
             names_sql(subscription.publications) + " WITH (" + subscription_options(options) +
             ")");
  if (subscription.enabled) script.add("ALTER SUBSCRIPTION " + name_of(object) + " ENABLE");
}

void drop_definition(Script& script, const Object& object, const Subscription& subscription) {
  const std::string start = "ALTER SUBSCRIPTION " + name_of(object);
  if (subscription.enabled) script.add(start + " DISABLE");
  script.add(start + " SET (slot_name = NONE)");
  script.add("DROP SUBSCRIPTION " + name_of(object));
}

void alter_definition(Script& script, const Object& object, const Subscription& from,
                      const Subscription& to) {
  const std::string start = "ALTER SUBSCRIPTION " + name_of(object);
  if (from.connection != to.connection)
    script.add(start + " CONNECTION " + literal_sql(to.connection));
  if (from.publications != to.publications)
    script.add(start + " SET PUBLICATION " + names_sql(to.publications) +
               " WITH (refresh = false)");
  if (from.enabled && !to.enabled) script.add(start + " DISABLE");
  const std::vector<Option> changed = missing(to.options, from.options);
  if (!changed.empty()) script.add(start + " SET (" + subscription_options(changed) + ")");
  if (to.enabled && !from.enabled) script.add(start + " ENABLE");
}

void create_definition(Script& script, const Object& /*object*/, const Opaque& opaque) {
  script.add(opaque.create);
}

void drop_definition(Script& script, const Object& /*object*/, const Opaque& opaque) {
  script.add(opaque.drop);
}

}  // namespace limbeck::postgres
