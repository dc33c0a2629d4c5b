#include "lint/copies.h"

#include <string_view>
#include <vector>

#include "base/letter_case.h"
#include "dialect/tokens.h"
#include "lint/copied_tables.h"

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
  for (const std::string& source : copied_tables(tokens)) {
    Taken& known = taken_[source];
    known.words.insert(taken.words.begin(), taken.words.end());
    known.everything = known.everything || taken.everything;
  }
}

}  // namespace limbeck
