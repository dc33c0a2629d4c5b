// What became of a statement whose runner died, from the catalog.
#include <array>
#include <fmt/format.h>
#include <utility>

#include "dialect/postgres/dialect.h"
#include "dialect/tokens.h"

namespace limbeck::postgres {
namespace {

using State = ProbeResult::State;

constexpr std::size_t statement_tokens = 48;

ProbeResult unknown(std::string found) {
  return {.state = State::unknown, .found = std::move(found)};
}

std::string quote(const QualifiedName& name) {
  return dialect().quote(name);
}

// "a.b" for people, not for SQL.
std::string display(const QualifiedName& name) {
  return name.schema.name.empty() ? name.object.name : name.schema.name + '.' + name.object.name;
}

struct CreateIndexNames {
  bool unique = false;
  QualifiedName index;
  QualifiedName table;
};

std::optional<CreateIndexNames> create_index_names(TokenReader& reader) {
  CreateIndexNames names;
  if (!reader.accept("CREATE")) return std::nullopt;
  names.unique = reader.accept("UNIQUE");
  if (!reader.accept("INDEX CONCURRENTLY")) return std::nullopt;
  reader.accept("IF NOT EXISTS");
  // Without a name the server makes one up.
  if (reader.accept("ON")) return std::nullopt;
  std::optional<QualifiedName> index = reader.name();
  if (!index || !reader.accept("ON")) return std::nullopt;
  reader.accept("ONLY");
  std::optional<QualifiedName> table = reader.name();
  if (!table) return std::nullopt;
  names.index = std::move(*index);
  names.table = std::move(*table);
  return names;
}

ProbeResult probe_create_index(Connection& connection, TokenReader reader) {
  const std::optional<CreateIndexNames> names = create_index_names(reader);
  if (!names) return unknown("the statement does not name its index");
  // An index lives in the schema of its table.
  const ResultSet found = connection.query(
      {.sql =
           "SELECT n.nspname::pg_catalog.text, i.indisvalid, i.indisunique, i.indrelid "
           "OPERATOR(pg_catalog.=) t.oid, (SELECT p.pid FROM "
           "pg_catalog.pg_stat_progress_create_index "
           "p WHERE p.index_relid OPERATOR(pg_catalog.=) c.oid LIMIT 1) FROM pg_catalog.pg_class t "
           "JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) t.relnamespace JOIN "
           "pg_catalog.pg_class c ON c.relnamespace OPERATOR(pg_catalog.=) n.oid AND c.relname "
           "OPERATOR(pg_catalog.=) $2::pg_catalog.name LEFT JOIN pg_catalog.pg_index i ON "
           "i.indexrelid OPERATOR(pg_catalog.=) c.oid WHERE t.oid OPERATOR(pg_catalog.=) "
           "pg_catalog.to_regclass($1)",
       .parameters = {quote(names->table), names->index.object.name}});
  if (found.rows.empty()) {
    return {.state = State::not_done,
            .found = fmt::format("there is no index {}", display(names->index))};
  }
  const Row& row = found.rows.front();
  const QualifiedName index{{text_of(row.at(0))}, names->index.object};
  if (is_null(row.at(1))) return unknown(display(index) + " is there, but is not an index");
  if (integer_of(row.at(3)) == 0) {
    return unknown(fmt::format("index {} is there, but on another table", display(index)));
  }
  if (!is_null(row.at(4))) {
    return unknown(fmt::format("index {} is being built by process {}", display(index),
                               integer_of(row.at(4))));
  }
  if (integer_of(row.at(1)) == 0) {
    return {.state = State::debris,
            .found = fmt::format("index {} is there, but invalid", display(index)),
            .cleanup = {"DROP INDEX CONCURRENTLY " + quote(index)}};
  }
  if ((integer_of(row.at(2)) != 0) != names->unique) {
    return unknown(fmt::format("index {} is there, but is {}unique", display(index),
                               names->unique ? "not " : ""));
  }
  return {.state = State::done,
          .found = fmt::format("index {} is there and valid", display(index))};
}

ProbeResult probe_drop_index(Connection& connection, TokenReader reader) {
  if (!reader.accept("DROP INDEX CONCURRENTLY")) return unknown({});
  reader.accept("IF EXISTS");
  const std::optional<QualifiedName> index = reader.name();
  if (!index) return unknown({});
  const ResultSet found = connection.query(
      {.sql = "SELECT pg_catalog.to_regclass($1)::pg_catalog.oid", .parameters = {quote(*index)}});
  if (is_null(found.rows.at(0).at(0))) {
    return {.state = State::done, .found = fmt::format("there is no index {}", display(*index))};
  }
  return {.state = State::not_done, .found = fmt::format("index {} is there", display(*index))};
}

// An interrupted REINDEX CONCURRENTLY leaves the new index or the old one behind, invalid, under a
// name of the server's.
ProbeResult probe_reindex(Connection& connection, TokenReader reader, std::string_view text) {
  reader.accept("REINDEX");
  const bool in_options = contains_ignoring_case(text.substr(0, text.find(')')), "(concurrently");
  reader.skip_parentheses();
  const bool one = reader.accept("INDEX") || reader.accept("TABLE");
  for (const std::string_view kind : {"SCHEMA", "DATABASE", "SYSTEM"}) {
    if (!one && reader.accept(kind)) break;
  }
  if (!reader.accept("CONCURRENTLY") && !in_options) {
    return {.state = State::not_done, .found = "rebuilding an index again does no harm"};
  }
  const std::optional<QualifiedName> name = reader.name();
  Command command{
      .sql =
          "SELECT n.nspname::pg_catalog.text, c.relname::pg_catalog.text FROM pg_catalog.pg_index "
          "i "
          "JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) i.indexrelid JOIN "
          "pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE NOT "
          "i.indisvalid AND c.relname OPERATOR(pg_catalog.~) '_cc(new|old)[0-9]*$'"};
  if (one && name) {
    // The target is a table or an index; leftovers hang on that table or on its TOAST table.
    command.sql +=
        " AND i.indrelid OPERATOR(pg_catalog.=) ANY (SELECT t.oid FROM pg_catalog.pg_class t WHERE "
        "t.oid "
        "OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1) UNION ALL SELECT t.reltoastrelid FROM "
        "pg_catalog.pg_class t WHERE t.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1) UNION "
        "ALL "
        "SELECT x.indrelid FROM pg_catalog.pg_index x WHERE x.indexrelid OPERATOR(pg_catalog.=) "
        "pg_catalog.to_regclass($1))";
    command.parameters = {quote(*name)};
  }
  ProbeResult result{.state = State::not_done, .found = "it left no invalid index behind"};
  for (const Row& row : connection.query(command).rows) {
    const QualifiedName index{{text_of(row.at(0))}, {text_of(row.at(1))}};
    if (result.cleanup.empty())
      result = {.state = State::debris, .found = "it left behind, invalid:"};
    result.found += ' ' + display(index);
    result.cleanup.push_back("DROP INDEX CONCURRENTLY " + quote(index));
  }
  return result;
}

ProbeResult probe_alter_table(Connection& connection, TokenReader reader) {
  if (!reader.accept("ALTER TABLE")) return unknown({});
  reader.accept("IF EXISTS");
  reader.accept("ONLY");
  const std::optional<QualifiedName> parent = reader.name();
  if (!parent || !reader.accept("DETACH PARTITION")) return unknown({});
  const std::optional<QualifiedName> partition = reader.name();
  if (!partition) return unknown({});
  const ResultSet found = connection.query(
      {.sql =
           "SELECT (SELECT pg_catalog.bool_or(i.inhdetachpending) FROM pg_catalog.pg_inherits i "
           "WHERE "
           "i.inhrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass($2) AND i.inhparent "
           "OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1)), pg_catalog.to_regclass($2) IS NULL",
       .parameters = {quote(*parent), quote(*partition)}});
  const Row& row = found.rows.at(0);
  const std::string name = display(*partition);
  if (integer_of(row.at(1)) != 0) return unknown(fmt::format("there is no table {}", name));
  if (is_null(row.at(0))) {
    return {.state = State::done, .found = fmt::format("{} is no partition any more", name)};
  }
  if (integer_of(row.at(0)) == 0) {
    return {.state = State::not_done, .found = fmt::format("{} is still attached", name)};
  }
  if (reader.accept("FINALIZE")) {
    return {.state = State::not_done, .found = fmt::format("{} is being detached", name)};
  }
  // Nothing leads back: the way on is to finish what was begun, after which the catalog says that
  // it is done.
  return {.state = State::debris,
          .found = fmt::format("{} is half detached", name),
          .cleanup = {fmt::format("ALTER TABLE {} DETACH PARTITION {} FINALIZE", quote(*parent),
                                  quote(*partition))}};
}

// ALTER TYPE ... ADD VALUE [IF NOT EXISTS] 'label'.
ProbeResult probe_alter_type(Connection& connection, TokenReader reader) {
  if (!reader.accept("ALTER TYPE")) return unknown({});
  const std::optional<QualifiedName> type = reader.name();
  if (!type || !reader.accept("ADD VALUE")) return unknown({});
  reader.accept("IF NOT EXISTS");
  const std::optional<std::string> label = reader.string();
  if (!label) return unknown({});
  const ResultSet found = connection.query(
      {.sql =
           "SELECT 1 FROM pg_catalog.pg_enum e WHERE e.enumtypid OPERATOR(pg_catalog.=) "
           "pg_catalog.to_regtype($1) AND e.enumlabel OPERATOR(pg_catalog.=) $2::pg_catalog.name",
       .parameters = {quote(*type), *label}});
  const bool there = !found.rows.empty();
  return {
      .state = there ? State::done : State::not_done,
      .found = fmt::format("{} has {} value '{}'", display(*type), there ? "the" : "no", *label)};
}

// Objects of the whole server that are either there or not.
struct ServerObject {
  std::string_view kind;    // in the statement
  std::string_view exists;  // a query for its name; its column is true when it is whole
};

constexpr std::array<ServerObject, 3> server_objects{{
    // A DROP DATABASE that was cut off leaves a database that nobody can use, marked with -2.
    {"DATABASE",
     "SELECT d.datconnlimit OPERATOR(pg_catalog.<>) -2 FROM pg_catalog.pg_database d WHERE "
     "d.datname "
     "OPERATOR(pg_catalog.=) $1::pg_catalog.name"},
    {"TABLESPACE",
     "SELECT true FROM pg_catalog.pg_tablespace t WHERE t.spcname OPERATOR(pg_catalog.=) "
     "$1::pg_catalog.name"},
    {"SUBSCRIPTION",
     "SELECT true FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d ON d.oid "
     "OPERATOR(pg_catalog.=) s.subdbid WHERE d.datname OPERATOR(pg_catalog.=) "
     "pg_catalog.current_database() AND s.subname OPERATOR(pg_catalog.=) $1::pg_catalog.name"},
}};

ProbeResult probe_server_object(Connection& connection, TokenReader reader) {
  const bool creates = reader.accept("CREATE");
  if (!creates && !reader.accept("DROP")) return unknown({});
  for (const ServerObject& object : server_objects) {
    if (!reader.accept(object.kind)) continue;
    reader.accept("IF EXISTS");
    const std::optional<QualifiedName> name = reader.name();
    if (!name) return unknown({});
    const ResultSet rows =
        connection.query({.sql = std::string(object.exists), .parameters = {name->object.name}});
    const bool there = !rows.rows.empty();
    const std::string found =
        fmt::format("{} {} is {}", object.kind, name->object.name, there ? "there" : "not there");
    if (creates && there && integer_of(rows.rows.at(0).at(0)) == 0) {
      return unknown(found + ", but was half dropped");
    }
    return {.state = there == creates ? State::done : State::not_done, .found = found};
  }
  return unknown({});
}

ProbeResult repeatable() {
  return {.state = State::not_done, .found = "running it again does no harm"};
}

}  // namespace

ProbeResult probe(Connection& connection, const sql::Statement& statement) {
  TokenReader reader(statement.text, statement_tokens, true);
  const auto is = [&](std::string_view words) { return sql::starts_with(statement, words); };
  if (is("CREATE INDEX CONCURRENTLY") || is("CREATE UNIQUE INDEX CONCURRENTLY")) {
    return probe_create_index(connection, std::move(reader));
  }
  if (is("DROP INDEX CONCURRENTLY")) return probe_drop_index(connection, std::move(reader));
  if (is("REINDEX")) return probe_reindex(connection, std::move(reader), statement.text);
  if (is("ALTER TABLE")) return probe_alter_table(connection, std::move(reader));
  if (is("ALTER TYPE")) return probe_alter_type(connection, std::move(reader));
  for (const std::string_view words :
       {"VACUUM", "ANALYZE", "ANALYSE", "CLUSTER", "ALTER SYSTEM", "CHECKPOINT"}) {
    if (is(words)) return repeatable();
  }
  return probe_server_object(connection, std::move(reader));
}

}  // namespace limbeck::postgres
