#include "dialect/postgres/sketch.h"

#include <set>

#include "base/json_writer.h"
#include "base/letter_case.h"
#include "dialect/postgres/introspection.h"
#include "dialect/tokens.h"

namespace limbeck::postgres {
namespace {

std::string names_in(const sql::Statement& statement) {
  std::set<std::string> names;
  for (const Token& token : first_tokens(statement.text, statement.text.size())) {
    if (token.kind == Token::Kind::word) names.insert(lower_case(token.text));
    if (token.kind == Token::Kind::quoted_name) names.insert(token.text);
  }
  JsonWriter json;
  json.value(std::vector<std::string>(names.begin(), names.end()));
  return json.text();
}

}  // namespace

Schema sketch(Connection& connection, const sql::Statement& statement) {
  // A schema that is named stands for all of its tables.
  const ResultSet found = connection.query(
      {.sql = "WITH names AS (SELECT pg_catalog.json_array_elements_text($1::pg_catalog.json) AS "
              "name) SELECT n.nspname::pg_catalog.text, c.relname::pg_catalog.text, "
              "a.attname::pg_catalog.text, pg_catalog.format_type(a.atttypid, a.atttypmod), "
              "(a.attgenerated OPERATOR(pg_catalog.<>) '')::integer FROM pg_catalog.pg_class c "
              "JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace "
              "JOIN pg_catalog.pg_attribute a ON a.attrelid OPERATOR(pg_catalog.=) c.oid AND "
              "a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped WHERE c.relkind "
              "OPERATOR(pg_catalog.=) ANY ('{r,p}'::pg_catalog.\"char\"[]) AND n.nspname "
              "OPERATOR(pg_catalog.!~) '^(pg_|information_schema$)' AND (c.relname "
              "OPERATOR(pg_catalog.=) ANY (SELECT name FROM names) OR n.nspname "
              "OPERATOR(pg_catalog.=) ANY (SELECT name FROM names)) ORDER BY 1, 2, a.attnum",
       .parameters = {names_in(statement)}});
  Schema schema;
  for (const Row& row : found.rows) {
    const std::string name = text_of(row.at(0));
    const std::string table = text_of(row.at(1));
    schema.put({.id = {Kind::schema, "", name, ""}, .definition = Namespace{}});
    if (const ObjectId id{Kind::table, name, table, ""}; schema.find(id) == nullptr)
      schema.put({.id = id, .definition = Table{}});
    Column column{.type = text_of(row.at(3))};
    if (integer_of(row.at(4)) != 0) column.generated.emplace();
    schema.put({.id = {Kind::column, name, table, text_of(row.at(2))}, .definition = column});
  }
  return schema;
}

}  // namespace limbeck::postgres
