// The runner's own tables, and what else it asks the catalog.
#include <algorithm>
#include <fmt/format.h>

#include "base/utf8.h"
#include "dialect/postgres/dialect.h"

namespace limbeck::postgres {

namespace {

// What is longer is cut by the server, and may then be the name of something else.
void refuse_long(const Identifier& name) {
  if (name.name.size() <= max_name) return;
  throw Error(
      {.code = ExitCode::invalid_project,
       .message = fmt::format("the name {} has {} bytes, and one of PostgreSQL no more than "
                              "{} bytes",
                              name.name, name.name.size(), max_name),
       .hint = "give version_table or version_table_schema a shorter name in the "
               "configuration"});
}

// The name with an ending, and not too long: cut between characters.
std::string with_ending(const std::string& name, std::string_view ending) {
  std::size_t size = std::min(name.size(), max_name - ending.size());
  while (size < name.size() && is_utf8_continuation(name[size])) --size;
  return name.substr(0, size) + std::string(ending);
}

// Where it nearly always is: the schema in which it would be made, when the session sees it there
// or nowhere. Functions alone answer this; a new session needs a millisecond for a first query over
// the catalog.
std::optional<QualifiedName> locate_in_current_schema(Connection& connection,
                                                      const QualifiedName& table) {
  const ResultSet found = connection.query(
      {.sql = "SELECT pg_catalog.current_schema(), "
              "pg_catalog.to_regclass($1::pg_catalog.text)::pg_catalog.oid, "
              "pg_catalog.to_regclass(pg_catalog.quote_ident(pg_catalog.current_schema()::"
              "pg_catalog.text) OPERATOR(pg_catalog.||) '.' OPERATOR(pg_catalog.||) "
              "$1::pg_catalog.text)::pg_catalog.oid",
       .parameters = {dialect().quote(table.object)}});
  const Row& row = found.rows.at(0);
  if (is_null(row.at(0)) || row.at(1) != row.at(2)) return std::nullopt;
  std::string schema = text_of(row.at(0));
  if (schema.starts_with("pg_temp")) return std::nullopt;
  return QualifiedName{{std::move(schema)}, table.object};
}

}  // namespace

QualifiedName locate(Connection& connection, const QualifiedName& table) {
  refuse_long(table.schema);
  refuse_long(table.object);
  if (!table.schema.name.empty()) return table;
  if (auto there = locate_in_current_schema(connection, table)) return *std::move(there);
  // A temporary table of that name is not the one that is meant.
  const ResultSet found = connection.query(
      {.sql =
           "SELECT coalesce((SELECT n.nspname FROM pg_catalog.pg_class c JOIN "
           "pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE c.oid "
           "OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1) AND c.relpersistence "
           "OPERATOR(pg_catalog.<>) 't'), pg_catalog.current_schema())",
       .parameters = {dialect().quote(table.object)}});
  const Value& schema = found.rows.at(0).at(0);
  if (is_null(schema)) {
    throw Error({.code = ExitCode::invalid_project,
                 .message = fmt::format("there is no schema for the table \"{}\": the search_path "
                                        "names none that exists",
                                        table.object.name),
                 .hint = "create the schema first, or say in the configuration which one to use"});
  }
  return {{text_of(schema)}, table.object};
}

std::vector<bool> tables_exist(Connection& connection, std::span<const QualifiedName> tables) {
  Command question{.sql = "SELECT"};
  for (const QualifiedName& table : tables) {
    question.parameters.emplace_back(dialect().quote(table));
    const std::size_t number = question.parameters.size();
    question.sql += fmt::format("{} pg_catalog.to_regclass(${})::pg_catalog.oid",
                                number == 1 ? "" : ",", number);
  }
  const ResultSet found = connection.query(question);
  std::vector<bool> exist;
  for (const Value& oid : found.rows.at(0)) exist.push_back(!is_null(oid));
  return exist;
}

// Where somebody has made the cast of a number to a boolean one that needs not be written.
bool takes_numbers_for_booleans(Connection& connection) {
  return !connection
              .query({.sql = "SELECT 1 FROM pg_catalog.pg_cast WHERE castsource "
                             "OPERATOR(pg_catalog.=) 23::pg_catalog.oid AND casttarget "
                             "OPERATOR(pg_catalog.=) 16::pg_catalog.oid AND castcontext "
                             "OPERATOR(pg_catalog.<>) 'e'::pg_catalog.\"char\""})
              .rows.empty();
}

std::optional<int> column_width(Connection& connection, const QualifiedName& table,
                                const Identifier& column) {
  // Of char(n) and varchar(n), by the oids of their types; the length is kept with the four bytes
  // of its header.
  const ResultSet found = connection.query(
      {.sql = "SELECT a.atttypmod OPERATOR(pg_catalog.-) 4 FROM pg_catalog.pg_attribute a JOIN "
              "pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) a.attrelid JOIN "
              "pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE "
              "n.nspname OPERATOR(pg_catalog.=) $1::pg_catalog.name AND c.relname "
              "OPERATOR(pg_catalog.=) "
              "$2::pg_catalog.name AND a.attname OPERATOR(pg_catalog.=) $3::pg_catalog.name AND "
              "NOT a.attisdropped AND "
              "a.atttypid OPERATOR(pg_catalog.=) ANY ('{1042,1043}'::pg_catalog.oid[]) AND "
              "a.atttypmod OPERATOR(pg_catalog.>) 0",
       .parameters = {table.schema.name, table.object.name, column.name}});
  if (found.rows.empty()) return std::nullopt;
  return static_cast<int>(integer_of(found.rows.at(0).at(0)));
}

// As Alembic creates it, so that either tool can go on from the other.
std::vector<std::string> create_version_table(const QualifiedName& table, int width) {
  return {
      fmt::format("CREATE TABLE {} (\n    version_num VARCHAR({}) NOT NULL,\n    CONSTRAINT {} "
                  "PRIMARY KEY (version_num)\n)",
                  dialect().quote(table), width,
                  dialect().quote(Identifier{with_ending(table.object.name, "_pkc")}))};
}

std::vector<std::string> widen_version_table(const QualifiedName& table, int width) {
  return {fmt::format("ALTER TABLE {} ALTER COLUMN version_num TYPE VARCHAR({})",
                      dialect().quote(table), width)};
}

std::vector<std::string> create_journal_table(const QualifiedName& table) {
  return {fmt::format(R"(CREATE TABLE {} (
    id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    version_table pg_catalog.text NOT NULL,
    run_id pg_catalog.text NOT NULL,
    kind pg_catalog.text NOT NULL,
    revision pg_catalog.text,
    direction pg_catalog.text NOT NULL,
    step INTEGER,
    hash pg_catalog.text,
    outcome pg_catalog.text NOT NULL,
    affected BIGINT,
    cursor pg_catalog.text,
    sqlstate pg_catalog.text,
    message pg_catalog.text,
    os_user pg_catalog.text,
    host pg_catalog.text,
    database_user pg_catalog.text,
    tool_version pg_catalog.text,
    backend_pid BIGINT,
    backend_started TIMESTAMP WITH TIME ZONE,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE
))",
                      dialect().quote(table))};
}

std::string database_name(Connection& connection) {
  return text_of(connection.query({.sql = "SELECT pg_catalog.current_database()::pg_catalog.text"})
                     .rows.at(0)
                     .at(0));
}

std::vector<Identifier> primary_key(Connection& connection, const std::string& table_as_written) {
  const ResultSet found = connection.query(
      {.sql =
           "SELECT a.attname::pg_catalog.text FROM "
           "pg_catalog.pg_index i CROSS JOIN LATERAL "
           "pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH "
           "ORDINALITY k(number, position) JOIN pg_catalog.pg_attribute a ON a.attrelid "
           "OPERATOR(pg_catalog.=) i.indrelid AND a.attnum OPERATOR(pg_catalog.=) k.number WHERE "
           "i.indrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1) AND i.indisprimary AND "
           "k.position OPERATOR(pg_catalog.<=) i.indnkeyatts ORDER BY k.position",
       .parameters = {table_as_written}});
  std::vector<Identifier> key;
  for (const Row& row : found.rows) key.push_back({text_of(row.at(0))});
  return key;
}

}  // namespace limbeck::postgres
