#include "report/schema_sql.h"

#include "base/json_writer.h"
#include "base/terminal.h"
#include "operation/json.h"

namespace limbeck {
namespace {

void write_statements(std::string_view name, const std::vector<SqlStatement>& statements,
                      JsonWriter& json) {
  json.key(name).begin_array();
  for (const SqlStatement& statement : statements) {
    json.begin_object()
        .member("sql", statement.sql)
        .member("commit_after", statement.commit_after)
        .member("outside_transaction", statement.outside_transaction)
        .end_object();
  }
  json.end_array();
}

}  // namespace

std::string operations_sql(const std::vector<Operation>& operations, const SchemaDialect& dialect,
                           const Schema& from, const Schema& to) {
  std::string text;
  const auto add = [&](const std::vector<SqlStatement>& statements) {
    for (const SqlStatement& statement : statements) text += statement.sql + ";\n";
  };
  const PlanFrame frame = dialect.frame(operations, from, to);
  add(frame.before);
  if (frame.one_transaction) text += "BEGIN;\n";
  for (const Operation& operation : operations) add(dialect.render(operation, from, to));
  add(frame.after);
  if (frame.one_transaction) text += "COMMIT;\n";
  return text;
}

std::string operations_json(const std::vector<Operation>& operations, const std::string& name,
                            const SchemaDialect& dialect, const Schema& from, const Schema& to,
                            const std::set<std::string>& not_compared) {
  JsonWriter json;
  const PlanFrame frame = dialect.frame(operations, from, to);
  json.begin_object().member("dialect", name);
  write_statements("before", frame.before, json);
  json.key("operations").begin_array();
  for (const Operation& operation : operations) {
    json.begin_object();
    write_members(operation, json);
    write_statements("statements", dialect.render(operation, from, to), json);
    json.end_object();
  }
  json.end_array();
  write_statements("after", frame.after, json);
  json.member("not_compared", std::vector<std::string>(not_compared.begin(), not_compared.end()));
  json.end_object();
  return json.text() + "\n";
}

std::string operations_text(const std::vector<Operation>& operations) {
  std::string text;
  for (const Operation& operation : operations) text += printable(describe(operation)) + "\n";
  return text;
}

}  // namespace limbeck
