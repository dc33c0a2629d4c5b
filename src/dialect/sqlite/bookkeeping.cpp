// The runner's own tables, and what else it asks the catalog.
#include <fmt/format.h>

#include "dialect/sqlite/dialect.h"
#include "dialect/tokens.h"

namespace limbeck::sqlite {

// Never the temp schema, which an unqualified name would find first.
QualifiedName locate(const QualifiedName& table) {
  return table.schema.name.empty() ? QualifiedName{{"main"}, table.object} : table;
}

std::vector<bool> tables_exist(Connection& connection, std::span<const QualifiedName> tables) {
  std::vector<bool> exist;
  for (const QualifiedName& table : tables) {
    const ResultSet found = connection.query(
        {.sql = fmt::format(
             "SELECT 1 FROM {} WHERE type IN ('table', 'view') AND name = $1 COLLATE NOCASE",
             dialect().quote(QualifiedName{table.schema, {"sqlite_master"}})),
         .parameters = {table.object.name}});
    exist.push_back(!found.rows.empty());
  }
  return exist;
}

// As Alembic creates it, so that either tool can go on from the other. A table that is not called
// as Alembic's is one b-tree instead of a table and an index: a page less to write for each
// revision.
std::vector<std::string> create_version_table(const QualifiedName& table, int width) {
  return {fmt::format(
      "CREATE TABLE {} (\n    version_num VARCHAR({}) NOT NULL,\n    CONSTRAINT {} "
      "PRIMARY KEY (version_num)\n){}",
      dialect().quote(table), width, dialect().quote(Identifier{table.object.name + "_pkc"}),
      table.object.name == "alembic_version" ? "" : " WITHOUT ROWID")};
}

std::vector<std::string> create_journal_table(const QualifiedName& table) {
  return {fmt::format(R"(CREATE TABLE {} (
    id INTEGER PRIMARY KEY,
    version_table TEXT NOT NULL,
    run_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    revision TEXT,
    direction TEXT NOT NULL,
    step INTEGER,
    hash TEXT,
    outcome TEXT NOT NULL,
    affected INTEGER,
    cursor TEXT,
    sqlstate TEXT,
    message TEXT,
    os_user TEXT,
    host TEXT,
    database_user TEXT,
    tool_version TEXT,
    backend_pid INTEGER,
    backend_started TEXT,
    started_at TEXT NOT NULL,
    finished_at TEXT
))",
                      dialect().quote(table))};
}

std::vector<Identifier> primary_key(Connection& connection, const std::string& table_as_written) {
  constexpr std::size_t most_tokens = 4;
  TokenReader reader(table_as_written, most_tokens, false);
  const std::optional<QualifiedName> table = reader.name();
  if (!table) return {};
  // NULL stands for the schema in which an unqualified name would be found.
  const Value schema = table->schema.name.empty() ? Value{} : Value{table->schema.name};
  const ResultSet found = connection.query(
      {.sql = "SELECT name FROM pragma_table_info($1, $2) WHERE pk > 0 ORDER BY pk",
       .parameters = {table->object.name, schema}});
  std::vector<Identifier> key;
  for (const Row& row : found.rows) key.push_back({text_of(row.at(0))});
  return key;
}

}  // namespace limbeck::sqlite
