// What holds for every text that can be split, by the rules of any database.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/text_place.h"
#include "sql/splitter.h"

namespace limbeck {

inline void require(bool holds) {
  if (!holds) std::abort();
}

// Splits text and checks the result: each statement is a slice of the text at its place, in order
// and without a blank at either end; and the statements, joined and split again, are the same
// statements. A text that is refused is refused with a place.
inline void check_split(std::string_view text, const sql::LexicalRules& rules) {
  std::vector<sql::Statement> statements;
  try {
    statements = sql::split(text, rules, {.file = "f", .line = 1, .column = 1});
  } catch (const Error& error) {
    require(error.code() == ExitCode::invalid_project && error.report().place &&
            error.report().place->line > 0 && error.report().place->column > 0);
    return;
  }
  std::string joined = "\n";
  std::size_t offset = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  PlaceFinder places(text, {.file = "f", .line = 1, .column = 1});
  for (const sql::Statement& statement : statements) {
    require(!statement.text.empty() && !statement.words.empty());
    require(statement.words.size() <= sql::Statement::max_words);
    // Statements come in order, so the one at this place is found by walking on to it.
    while (offset < text.size() && places.at(offset) != statement.place) ++offset;
    require(text.substr(offset, statement.text.size()) == statement.text);
    offset += statement.text.size();
    joined += statement.text + ";\n";
    if (statement.copy_data) {
      require(text.substr(offset).find(*statement.copy_data) != std::string_view::npos);
      joined += *statement.copy_data + "\\.\n";
    }
  }
  const std::vector<sql::Statement> again = sql::split(joined, rules, {});
  require(again.size() == statements.size());
  for (std::size_t i = 0; i < again.size(); ++i) {
    require(again[i].text == statements[i].text && again[i].words == statements[i].words &&
            again[i].copy_data == statements[i].copy_data);
  }
  sql::find_comment(text, "limbeck:", rules, {});
}

}  // namespace limbeck
