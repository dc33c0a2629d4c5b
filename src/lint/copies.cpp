#include "lint/copies.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "base/letter_case.h"
#include "dialect/tokens.h"

namespace limbeck {
namespace {

bool is_name(const Token& token) {
  return token.kind == Token::Kind::word || token.kind == Token::Kind::quoted_name;
}

bool is_word(const Token& token, std::string_view word) {
  return token.kind == Token::Kind::word && lower_case(token.text) == word;
}

bool is_symbol(const Token& token, std::string_view symbol) {
  return token.kind == Token::Kind::symbol && token.text == symbol;
}

bool is_any(const Token& token, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return is_word(token, word); });
}

// Whether perhaps not all rows are copied. What a subquery in place of a value leaves out is none
// of their number.
bool leaves_rows_out(const std::vector<Token>& tokens) {
  static constexpr std::array fewer = std::to_array<std::string_view>(
      {"limit", "fetch", "tablesample", "having", "except", "intersect"});
  static constexpr std::array before_a_query = std::to_array<std::string_view>(
      {"from", "join", "as", "materialized", "lateral", "union", "all"});
  struct Level {
    bool of_rows = true;
    bool behind_from = false;
  };
  std::vector<Level> levels(1);
  bool selected = false;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    Level& level = levels.back();
    if (is_word(token, "where") || (level.of_rows && is_any(token, fewer))) return true;
    selected = selected || is_word(token, "select");
    level.behind_from = level.behind_from || is_word(token, "from");
    if (is_symbol(token, "(")) {
      const bool query = !selected || is_any(tokens[i - 1], before_a_query) ||
                         is_symbol(tokens[i - 1], "(") ||
                         (is_symbol(tokens[i - 1], ",") && level.behind_from);
      levels.push_back({.of_rows = level.of_rows && query});
    } else if (is_symbol(token, ")") && levels.size() > 1) {
      levels.pop_back();
    }
  }
  return false;
}

// The names behind FROM and JOIN, without their schemas.
std::set<std::string> sources_in(const std::vector<Token>& tokens) {
  std::set<std::string> names;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (!is_word(tokens[i], "from") && !is_word(tokens[i], "join")) continue;
    std::size_t at = i + 1;
    while (at + 2 < tokens.size() && is_symbol(tokens[at + 1], ".")) at += 2;
    if (is_name(tokens[at])) names.insert(lower_case(tokens[at].text));
  }
  return names;
}

}  // namespace

void Copies::clear() {
  taken_.clear();
  filled_.clear();
}

void Copies::look_at(const sql::Statement& statement, StatementEffects& effects,
                     EffectReader& reader) {
  std::vector<Effect> lost;
  for (Effect& effect : effects.effects) {
    const bool copies = effect.has(Trait::as_query) && (effect.kind == EffectKind::insert_rows ||
                                                        effect.kind == EffectKind::create_table);
    if (copies) note_copy(statement, effect);
    if (effect.kind != EffectKind::drop_table) continue;
    const auto taken = taken_.find(lower_case(effect.table.name));
    if (taken == taken_.end()) continue;
    effect.traits.add(Trait::copied);
    if (taken->second.everything) continue;
    for (std::string& column : reader.columns(effect.table))
      if (taken->second.words.count(lower_case(column)) == 0)
        lost.push_back({.kind = EffectKind::drop_column,
                        .table = effect.table,
                        .name = std::move(column),
                        .traits = {Trait::copied}});
  }
  for (Effect& effect : lost) effects.effects.push_back(std::move(effect));
}

void Copies::note_copy(const sql::Statement& statement, const Effect& effect) {
  filled_.insert(effect.table);
  const std::vector<Token> tokens = first_tokens(statement.text, statement.text.size());
  if (leaves_rows_out(tokens)) return;
  Taken taken;
  bool selected = false;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    selected = selected || is_word(tokens[i], "select");
    if (!selected) continue;
    if (is_name(tokens[i])) taken.words.insert(lower_case(tokens[i].text));
    const bool all = is_symbol(tokens[i], "*") &&
                     (is_word(tokens[i - 1], "select") || is_symbol(tokens[i - 1], "."));
    taken.everything = taken.everything || all;
  }
  for (const std::string& source : sources_in(tokens)) {
    Taken& known = taken_[source];
    known.words.insert(taken.words.begin(), taken.words.end());
    known.everything = known.everything || taken.everything;
  }
}

}  // namespace limbeck
