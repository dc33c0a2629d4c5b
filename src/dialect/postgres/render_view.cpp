// Views and materialized views.
#include <string>

#include "dialect/postgres/object_name.h"
#include "dialect/postgres/render_attributes.h"
#include "dialect/postgres/render_definition.h"
#include "dialect/postgres/sql_text.h"

namespace limbeck::postgres {
namespace {

using Columns = std::vector<ViewColumn>;

const ViewColumn* find(const Columns& columns, const std::string& name) {
  for (const ViewColumn& column : columns)
    if (column.name == name) return &column;
  return nullptr;
}

void change_columns(Script& script, const Object& object, const Columns& from, const Columns& to) {
  for (const ViewColumn& column : to) {
    const ViewColumn* old = find(from, column.name);
    const std::string name = name_sql(column.name);
    const std::string& old_default = old == nullptr ? std::string() : old->default_expression;
    const std::string& old_comment = old == nullptr ? std::string() : old->comment;
    if (old_default != column.default_expression)
      script.add("ALTER VIEW " + name_of(object) + " ALTER COLUMN " + name +
                 (column.default_expression.empty() ? " DROP DEFAULT"
                                                    : " SET DEFAULT " + column.default_expression));
    if (old_comment != column.comment)
      set_comment(script, "COLUMN " + name_of(object) + "." + name, column.comment);
  }
}

std::string view_sql(const Object& object, const View& view, const char* create) {
  std::string sql = create + name_of(object);
  if (!view.options.empty()) sql += "\nWITH (" + parameters_sql(view.options) + ")";
  return sql + " AS\n" + view.query;
}

// Only what CREATE OR REPLACE has to say: not the comments and defaults.
bool same_shape(const Columns& from, const Columns& to) {
  if (from.size() != to.size()) return false;
  for (std::size_t at = 0; at < from.size(); ++at)
    if (from[at].name != to[at].name || from[at].type != to[at].type ||
        from[at].collation != to[at].collation)
      return false;
  return true;
}

}  // namespace

void create_definition(Script& script, const Object& object, const View& view) {
  script.add(view_sql(object, view, "CREATE VIEW "));
  change_columns(script, object, {}, view.columns);
}

void alter_definition(Script& script, const Object& object, const View& from, const View& to) {
  if (from.query != to.query || !same_shape(from.columns, to.columns)) {
    script.add(view_sql(object, to, "CREATE OR REPLACE VIEW "));
  } else {
    for (const std::string& action : parameter_actions(from.options, to.options))
      script.add("ALTER VIEW " + name_of(object) + " " + action);
  }
  change_columns(script, object, from.columns, to.columns);
}

void create_definition(Script& script, const Object& object, const MaterializedView& view) {
  std::string sql = "CREATE MATERIALIZED VIEW " + name_of(object);
  if (!view.access_method.empty()) sql += "\nUSING " + name_sql(view.access_method);
  if (!view.options.empty()) sql += "\nWITH (" + parameters_sql(view.options) + ")";
  if (!view.tablespace.empty()) sql += "\nTABLESPACE " + name_sql(view.tablespace);
  script.add(sql + " AS\n" + view.query + (view.populated ? "" : "\nWITH NO DATA"));
  change_columns(script, object, {}, view.columns);
}

void alter_definition(Script& script, const Object& object, const MaterializedView& from,
                      const MaterializedView& to) {
  const std::string start = "ALTER MATERIALIZED VIEW " + name_of(object) + " ";
  for (const std::string& action : parameter_actions(from.options, to.options))
    script.add(start + action);
  if (from.access_method != to.access_method)
    script.add(start + "SET ACCESS METHOD " +
               name_sql(to.access_method.empty() ? "heap" : to.access_method));
  if (from.tablespace != to.tablespace)
    script.add(start + "SET TABLESPACE " +
               name_sql(to.tablespace.empty() ? "pg_default" : to.tablespace));
  change_columns(script, object, from.columns, to.columns);
}

}  // namespace limbeck::postgres
