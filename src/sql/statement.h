// A statement: one SQL statement as its author wrote it, and where it stands.
//
// It never holds rewritten SQL: what is run is the author's own bytes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "limbeck/error.h"

namespace limbeck::sql {

struct LexicalRules;

struct Statement {
  std::string
      text;     // without the final semicolon, without leading and trailing blanks and comments
  Place place;  // of the first character of text; without its source line, which text holds
  // The rows of COPY ... FROM STDIN, up to and without the "\." line; only where the text is such a
  // COPY.
  std::optional<std::string> copy_data = {};
  // The first tokens of the text, at most max_words of them: keywords and unquoted names in upper
  // case, anything else as it stands. Enough to tell what kind of statement it is without parsing
  // it again.
  std::vector<std::string> words = {};

  static constexpr std::size_t max_words = 12;
};

// Whether the statement's first tokens are these words, given in upper case and separated by one
// space: "CREATE INDEX".
bool starts_with(const Statement& statement, std::string_view words);

// The first tokens as their author wrote them, for people: one line, without comments.
std::string beginning(const Statement& statement, const LexicalRules& rules, std::size_t tokens);

}  // namespace limbeck::sql
