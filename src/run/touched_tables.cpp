#include "run/touched_tables.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/letter_case.h"
#include "dialect/schema_dialect.h"
#include "dialect/tokens.h"

namespace limbeck {
namespace {

using Words = std::set<std::string, std::less<>>;
using Tables = std::set<RelationName>;

// What they change stands in no name.
constexpr std::array<std::string_view, 13> opaque_statements{
    "SELECT",         "WITH",    "(",       "VALUES",  "CALL",           "DO",
    "COPY (",         "EXPLAIN", "PREPARE", "EXECUTE", "DROP EXTENSION", "DROP OWNED",
    "ALTER EXTENSION"};
constexpr std::array<std::string_view, 2> schema_statements{"DROP SCHEMA", "ALTER SCHEMA"};
constexpr std::array<std::string_view, 4> type_statements{"DROP TYPE", "DROP DOMAIN", "ALTER TYPE",
                                                          "ALTER DOMAIN"};
constexpr int max_depth = 3;  // of SQL in strings: EXECUTE 'UPDATE t SET a = ''...'''

// U&"..." and U&'...': what they hold is not what they show.
bool has_escaped_name(std::string_view sql) {
  return sql.find("U&") != std::string_view::npos || sql.find("u&") != std::string_view::npos;
}

// Every name that the text may hold, also in strings that are executed.
void collect(std::string_view sql, Words& words, int depth = 0) {
  for (const Token& token : first_tokens(sql, sql.size())) {
    switch (token.kind) {
      case Token::Kind::word:
        words.insert(lower_case(token.text));
        break;
      case Token::Kind::quoted_name:
        words.insert(token.text);
        break;
      case Token::Kind::string:
        if (depth < max_depth) collect(token.text, words, depth + 1);
        break;
      case Token::Kind::symbol:
        break;
    }
  }
}

template <std::size_t size>
bool begins_with_any(const sql::Statement& statement,
                     const std::array<std::string_view, size>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(), [&](std::string_view beginning) {
    return sql::starts_with(statement, beginning);
  });
}

RelationName table_of(const ObjectId& id) {
  return {id.schema, id.name};
}

bool shares_a_word(std::string_view text, const Words& words) {
  Words of_text;
  collect(text, of_text);
  return std::any_of(of_text.begin(), of_text.end(),
                     [&](const std::string& word) { return words.contains(word); });
}

struct Names {
  Words any;      // in any statement
  Words schemas;  // in those about schemas
  Words types;    // in those about types
};

Tables named(const Schema& schema, const Names& names) {
  Tables tables;
  for (const auto& [id, object] : schema.objects) {
    const bool by_name = id.kind == Kind::table &&
                         (names.any.contains(id.name) || names.schemas.contains(id.schema));
    const bool by_type = id.kind == Kind::column && !names.types.empty() &&
                         shares_a_word(as<Column>(object).type, names.types);
    if (by_name || by_type) tables.insert(table_of(id));
  }
  return tables;
}

// The tables whose rows go or change with those of this one. every_key: and those whose rows only
// refer to them, which TRUNCATE ... CASCADE empties, too.
bool hangs_on(const Object& object, const Tables& tables, bool every_key) {
  if (object.id.kind == Kind::table) {
    const auto& table = as<Table>(object);
    if (table.partition_of && tables.contains(table.partition_of->parent)) return true;
    return std::any_of(table.inherits.begin(), table.inherits.end(),
                       [&](const RelationName& parent) { return tables.contains(parent); });
  }
  if (object.id.kind != Kind::constraint) return false;
  const auto& key = as<Constraint>(object).foreign_key;
  const auto acts = [every_key](const std::string& action) {
    return every_key || (action != "NO ACTION" && action != "RESTRICT");
  };
  return key && tables.contains(key->table) && (acts(key->on_delete) || acts(key->on_update));
}

void add_what_hangs_on(const Schema& schema, Tables& tables, bool every_key) {
  for (std::size_t before = 0; before != tables.size();) {
    before = tables.size();
    for (const auto& [id, object] : schema.objects) {
      if (hangs_on(object, tables, every_key)) tables.insert(table_of(id));
    }
  }
}

// Whether something writes where no name says so.
bool acts_beyond(const Schema& schema, const Tables& tables, const Words& words) {
  return std::any_of(schema.objects.begin(), schema.objects.end(), [&](const auto& entry) {
    const ObjectId& id = entry.first;
    if (id.kind == Kind::view) return words.contains(id.name);
    return (id.kind == Kind::trigger || id.kind == Kind::rule) && tables.contains(table_of(id));
  });
}

}  // namespace

std::optional<std::vector<QualifiedName>> touched_tables(const Schema& schema,
                                                         const PlannedStatements& planned) {
  if (!planned.all_known) return std::nullopt;
  Names names;
  bool empties_what_refers = false;
  for (const sql::Statement* statement : planned.statements) {
    if (begins_with_any(*statement, opaque_statements) || has_escaped_name(statement->text))
      return std::nullopt;
    if (sql::starts_with(*statement, "TRUNCATE")) {
      Words words;
      collect(statement->text, words);
      empties_what_refers = empties_what_refers || words.contains("cascade");
    }
    collect(statement->text, names.any);
    if (begins_with_any(*statement, schema_statements)) collect(statement->text, names.schemas);
    if (begins_with_any(*statement, type_statements)) collect(statement->text, names.types);
  }
  Tables tables = named(schema, names);
  add_what_hangs_on(schema, tables, empties_what_refers);
  if (acts_beyond(schema, tables, names.any)) return std::nullopt;
  std::vector<QualifiedName> result;
  result.reserve(tables.size());
  for (const RelationName& table : tables) result.push_back({{table.schema}, {table.name}});
  return result;
}

std::optional<std::vector<QualifiedName>> touched_tables(TargetDatabase& database,
                                                         const PlannedStatements& planned) {
  if (!planned.all_known) return std::nullopt;
  IntrospectionOptions options;
  for (const QualifiedName& table : {database.version_table, database.journal_table})
    options.without.push_back({table.schema.name, table.object.name});
  const Schema schema =
      schema_dialect_named(database.dialect->name()).introspect(*database.connection, options);
  return touched_tables(schema, planned);
}

}  // namespace limbeck
