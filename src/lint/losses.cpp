#include "lint/losses.h"

#include <algorithm>
#include <array>

#include "dialect/tokens.h"
#include "lint/words.h"

namespace limbeck {
namespace {

// The others that lose data lose no rows of a table that they name: where a sequence stands, and
// rows of other tables, which the runner keeps by leaving foreign keys off.
constexpr std::array row_rules =
    std::to_array<std::string_view>({"drop-table", "truncate", "delete-all-rows", "drop-schema",
                                     "drop-column", "type-change-loses-values"});

constexpr std::array unseen_rules =
    std::to_array<std::string_view>({"drop-database", "drop-owned"});

constexpr std::array rowless = std::to_array<std::string_view>(
    {"DROP INDEX", "DROP VIEW", "DROP TRIGGER", "DROP FUNCTION", "DROP PROCEDURE", "DROP POLICY",
     "DROP RULE", "DROP SEQUENCE", "DROP MATERIALIZED VIEW"});

// In the order of how often they stand in such code.
constexpr std::array taking_words =
    std::to_array<std::string_view>({"drop", "delete", "truncate", "execute", "perform", "call"});

constexpr std::array carriers =
    std::to_array<std::string_view>({"WITH", "MERGE", "EXPLAIN", "COPY", "PREPARE"});

constexpr std::array may_have_a_with =
    std::to_array<std::string_view>({"INSERT", "CREATE", "UPDATE", "SELECT", "("});

// What ALTER TABLE drops that holds no values.
constexpr std::array valueless = std::to_array<std::string_view>({"constraint", "default", "not"});

template <std::size_t size>
bool is_any(std::string_view word, const std::array<std::string_view, size>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool reads_as(const Token& token, std::string_view word) {
  return token.kind == Token::Kind::word && contains_ignoring_case(token.text, word) &&
         token.text.size() == word.size();
}

std::ptrdiff_t harmless_drops_in(const std::string& text) {
  const std::vector<Token> tokens = first_tokens(text, text.size());
  std::ptrdiff_t count = 0;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i)
    if (reads_as(tokens[i], "drop") &&
        std::any_of(valueless.begin(), valueless.end(),
                    [&](std::string_view word) { return reads_as(tokens[i + 1], word); }))
      ++count;
  return count;
}

// Every DROP must be seen to be harmless: a text that is not read rightly takes rows. A new type
// stands behind a second ALTER.
bool alter_may_take_rows(const std::string& text) {
  if (!contains_ignoring_case(text, "drop") && !contains_ignoring_case(text, "type")) return false;
  const std::vector<std::string> words = words_in(text);
  const auto times = [&](std::string_view word) {
    return std::count(words.begin(), words.end(), word);
  };
  return (times("type") > 0 && times("alter") > 1) || times("drop") > harmless_drops_in(text);
}

// DELETE FROM within another statement; ON DELETE is none.
bool holds_a_delete(const std::string& text) {
  if (!contains_ignoring_case(text, "delete")) return false;
  const std::vector<Token> tokens = first_tokens(text, text.size());
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i)
    if (reads_as(tokens[i], "delete") && reads_as(tokens[i + 1], "from")) return true;
  return false;
}

}  // namespace

bool takes_unseen_rows(const LintRule& rule, const Effect* effect) {
  if (is_any(rule.name, unseen_rules)) return true;
  // Columns of its types go with it.
  return rule.name == "drop-schema" && effect != nullptr && effect->object == "extension";
}

bool takes_rows(const LintRule& rule) {
  return takes_unseen_rows(rule, nullptr) || is_any(rule.name, row_rules);
}

std::vector<RelationName> tables_losing_rows(const LintRule& rule, const Effect& effect) {
  if (!takes_rows(rule)) return {};
  switch (effect.kind) {
    case EffectKind::truncate: {
      std::vector<RelationName> tables = effect.also;  // with CASCADE
      tables.insert(tables.begin(), effect.table);
      return tables;
    }
    case EffectKind::drop_object:
      // What goes with a function, a view or a sequence has no rows.
      if (effect.object != "schema" && effect.object != "type" && effect.object != "domain")
        return {};
      return effect.also;
    case EffectKind::drop_column:
      // A generated column holds nothing that the others do not. What CASCADE takes beside the
      // column or the table itself are views and keys, which have no rows.
      if (effect.has(Trait::stored) || rule.name == "drop-schema") return {};
      return {effect.table};
    case EffectKind::drop_table:
      if (rule.name == "drop-schema") return {};
      return {effect.table};
    default:
      return {effect.table};
  }
}

bool may_take_rows(const sql::Statement& statement) {
  if (statement.words.empty()) return false;
  const std::string& first = statement.words.front();
  if (first == "TRUNCATE" || first == "DELETE") return true;
  // EXPLAIN ANALYZE, COPY (...) TO and PREPARE carry either of these.
  if (is_any(first, carriers)) return contains_ignoring_case(statement.text, "delete");
  // Of a WITH further on.
  if (is_any(first, may_have_a_with)) return holds_a_delete(statement.text);
  // What goes with a type goes with CASCADE alone.
  if (sql::starts_with(statement, "DROP TYPE") || sql::starts_with(statement, "DROP DOMAIN"))
    return contains_ignoring_case(statement.text, "cascade");
  if (first == "DROP")
    return std::none_of(rowless.begin(), rowless.end(),
                        [&](std::string_view words) { return sql::starts_with(statement, words); });
  if (sql::starts_with(statement, "ALTER TYPE"))
    return contains_ignoring_case(statement.text, "attribute");
  return sql::starts_with(statement, "ALTER TABLE") && alter_may_take_rows(statement.text);
}

bool may_hide_losses(const sql::Statement& statement) {
  if (statement.words.empty()) return false;
  if (statement.words.front() == "CALL") return true;
  if (statement.words.front() != "DO") return false;
  const std::vector<std::string> words = words_in(statement.text);
  const auto said = [&](std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  return std::any_of(taking_words.begin(), taking_words.end(), said) ||
         (said("alter") && said("table"));
}

}  // namespace limbeck
