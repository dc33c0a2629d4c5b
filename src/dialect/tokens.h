// The first tokens of a statement, for questions that need the names in it: which index does this
// DROP INDEX name?
//
// It never fails: what is not closed ends with the text. It never looks further than it is asked
// to.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/identifier.h"

namespace limbeck {

struct Token {
  enum class Kind { word, quoted_name, string, symbol };
  Kind kind = Kind::symbol;
  std::string text = {};  // a quoted name or string without its quotes; else as it stands

  bool operator==(const Token&) const = default;
};

// At most limit tokens. Comments are skipped. "x", `x` and [x] are quoted names, 'x' and E'x'
// strings. Anything else is a symbol of one character.
std::vector<Token> first_tokens(std::string_view sql, std::size_t limit);

// The first word in upper case, after comments and opening parentheses; "" when the text begins
// with something else.
std::string leading_word(std::string_view sql);

// Whether text holds part, which is given in lower case, in whatever case.
bool contains_ignoring_case(std::string_view text, std::string_view part);

// Reads tokens from left to right.
class TokenReader {
 public:
  // fold: whether unquoted names mean their lower-case form, as in PostgreSQL.
  TokenReader(std::string_view sql, std::size_t limit, bool fold);

  bool at_end() const { return next_ == tokens_.size(); }
  // Skips the words when they are next, given in upper case and separated by one space: accept("IF
  // NOT EXISTS").
  bool accept(std::string_view words);
  // Skips the symbol when it is next.
  bool accept_symbol(char symbol);
  // The next name, perhaps with a schema; nothing, and nothing is skipped, when there is none.
  std::optional<QualifiedName> name();
  // The next string constant.
  std::optional<std::string> string();
  // Skips a parenthesised list when one is next.
  void skip_parentheses();

 private:
  std::optional<Identifier> identifier();

  std::vector<Token> tokens_;
  std::size_t next_ = 0;
  bool fold_;
};

}  // namespace limbeck
