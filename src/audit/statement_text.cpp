#include "audit/statement_text.h"

#include "dialect/tokens.h"

namespace limbeck {
namespace {

constexpr std::size_t most_tokens = 40;

RelationName relation(const QualifiedName& name) {
  return {name.schema.name, name.object.name};
}

std::optional<RelationName> read_name(TokenReader& reader) {
  const auto name = reader.name();
  if (!name) return std::nullopt;
  return relation(*name);
}

std::optional<RelationName> indexed_table(TokenReader& reader) {
  reader.accept("CONCURRENTLY");
  reader.accept("IF NOT EXISTS");
  if (!reader.accept("ON")) {
    if (!reader.name() || !reader.accept("ON")) return std::nullopt;
  }
  reader.accept("ONLY");
  return read_name(reader);
}

}  // namespace

std::optional<CreatedTable> created_table(const sql::Statement& statement, bool fold) {
  TokenReader reader(statement.text, most_tokens, fold);
  const bool creates = reader.accept("CREATE TABLE") || reader.accept("CREATE UNLOGGED TABLE") ||
                       reader.accept("CREATE FOREIGN TABLE") ||
                       reader.accept("CREATE VIRTUAL TABLE");
  if (!creates) return std::nullopt;
  CreatedTable result{.if_not_exists = reader.accept("IF NOT EXISTS")};
  auto name = read_name(reader);
  if (!name) return std::nullopt;
  result.table = *std::move(name);
  return result;
}

std::optional<RenamedTable> renamed_table(const sql::Statement& statement, bool fold) {
  TokenReader reader(statement.text, most_tokens, fold);
  if (!reader.accept("ALTER TABLE")) return std::nullopt;
  reader.accept("IF EXISTS");
  const auto from = read_name(reader);
  if (!from || !reader.accept("RENAME TO")) return std::nullopt;
  const auto to = read_name(reader);
  if (!to) return std::nullopt;
  return RenamedTable{*from, {from->schema, to->name}};
}

std::vector<RelationName> dropped_tables(const sql::Statement& statement, bool fold) {
  std::vector<RelationName> dropped;
  TokenReader reader(statement.text, most_tokens, fold);
  if (!reader.accept("DROP TABLE")) return dropped;
  reader.accept("IF EXISTS");
  do {
    const auto name = read_name(reader);
    if (!name) break;
    dropped.push_back(*name);
  } while (reader.accept_symbol(','));
  return dropped;
}

std::optional<RelationName> table_of(const sql::Statement& statement, bool fold) {
  if (const auto created = created_table(statement, fold)) return created->table;
  TokenReader reader(statement.text, most_tokens, fold);
  if (reader.accept("CREATE INDEX") || reader.accept("CREATE UNIQUE INDEX"))
    return indexed_table(reader);
  if (reader.accept("ALTER TABLE")) {
    reader.accept("IF EXISTS");
    reader.accept("ONLY");
    return read_name(reader);
  }
  if (reader.accept("COMMENT ON TABLE")) return read_name(reader);
  if (!reader.accept("COMMENT ON COLUMN")) return std::nullopt;
  const auto column = reader.name();  // "table.column"; of three parts, "schema.table"
  if (!column) return std::nullopt;
  if (reader.accept_symbol('.')) return relation(*column);
  return RelationName{"", column->schema.name};
}

}  // namespace limbeck
