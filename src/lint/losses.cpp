#include "lint/losses.h"

#include <algorithm>
#include <array>

#include "dialect/tokens.h"

namespace limbeck {
namespace {

// The others that lose data lose no rows of a table that they name: where a sequence stands, and
// rows of other tables, which the runner keeps by leaving foreign keys off.
constexpr std::array row_rules =
    std::to_array<std::string_view>({"drop-table", "truncate", "delete-all-rows", "drop-schema",
                                     "drop-column", "type-change-loses-values"});

constexpr std::array unseen_rules =
    std::to_array<std::string_view>({"drop-database", "drop-owned"});

constexpr std::array harmless_drops = std::to_array<std::string_view>(
    {"DROP INDEX", "DROP VIEW", "DROP TRIGGER", "DROP FUNCTION", "DROP PROCEDURE", "DROP POLICY",
     "DROP RULE", "DROP SEQUENCE", "DROP MATERIALIZED VIEW"});

// In the order of how often they stand in such code.
constexpr std::array taking_words =
    std::to_array<std::string_view>({"drop", "delete", "truncate", "execute", "perform", "call"});

// Of letters, digits and underlines alone; word is given in lower case.
bool has_word(std::string_view text, std::string_view word) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  const auto inside = [&](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
  };
  const auto same = [&](char a, char b) { return lower(a) == b; };
  for (auto at = text.begin();; ++at) {
    at = std::search(at, text.end(), word.begin(), word.end(), same);
    if (at == text.end()) return false;
    const auto end = at + static_cast<std::ptrdiff_t>(word.size());
    if ((at == text.begin() || !inside(at[-1])) && (end == text.end() || !inside(*end)))
      return true;
  }
}

}  // namespace

bool takes_unseen_rows(const LintRule& rule) {
  return std::find(unseen_rules.begin(), unseen_rules.end(), rule.name) != unseen_rules.end();
}

bool takes_rows(const LintRule& rule) {
  return takes_unseen_rows(rule) ||
         std::find(row_rules.begin(), row_rules.end(), rule.name) != row_rules.end();
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
  if (first == "TRUNCATE" || first == "DELETE" || first == "WITH") return true;
  if (first == "DROP")
    return std::none_of(harmless_drops.begin(), harmless_drops.end(),
                        [&](std::string_view words) { return sql::starts_with(statement, words); });
  return sql::starts_with(statement, "ALTER TABLE") &&
         (contains_ignoring_case(statement.text, "drop") ||
          contains_ignoring_case(statement.text, "type"));
}

bool may_hide_losses(const sql::Statement& statement) {
  if (statement.words.empty()) return false;
  if (statement.words.front() == "CALL") return true;
  if (statement.words.front() != "DO") return false;
  const auto said = [&](std::string_view word) { return has_word(statement.text, word); };
  return std::any_of(taking_words.begin(), taking_words.end(), said) ||
         (said("alter") && said("table"));
}

}  // namespace limbeck
