// The token level under the splitter: where the words, strings, names and comments of SQL text
// begin and end.
//
// It never interprets a token and knows no statement. It is told a database's rules as data. Every
// byte is read a bounded number of times, and nothing recurses.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "limbeck/error.h"

#include "sql/splitter.h"

namespace limbeck::sql {

enum class TokenKind {
  end,            // of the text
  word,           // a keyword or a name without quotes
  name,           // "name", `name`, [name], U&"name"
  string,         // 'x', E'x', U&'x', N'x', B'x', X'x', $tag$x$tag$
  number,         // also a parameter: $1
  symbol,         // one byte of anything else: an operator of two bytes is two of them
  backslash,      // outside of everything
  line_comment,   // -- to the end of the line, without it
  block_comment,  // /* ... */
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t begin = 0;
  std::size_t end = 0;
};

class Lexer {
 public:
  // text must outlive the lexer. start: the place of its first byte, for errors.
  Lexer(std::string_view text, const LexicalRules& rules, const Place& start);

  // The next token, comments included; blanks are passed over. Throws Error
  // (ExitCode::invalid_project) at the place where something was opened that is never closed.
  Token next();

  std::string_view text(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }
  std::string_view text() const { return text_; }
  std::size_t position() const { return position_; }
  void move_to(std::size_t position) { position_ = position; }

  // An error at an offset of the text.
  Error fault(std::size_t offset, std::string message, std::string hint) const;

 private:
  char peek(std::size_t ahead = 0) const;
  void skip_blanks();
  void line_comment();
  void block_comment();
  bool dollar_quote();
  bool prefixed_quote();
  bool continues();
  void quoted(char quote, bool backslash_escapes);
  void string(bool backslash_escapes);
  void word();
  TokenKind token();
  bool quoted_token(char c, TokenKind& kind);

  std::string_view text_;
  LexicalRules rules_;
  Place start_;
  std::size_t begin_ = 0;  // of the token that is being read
  std::size_t position_ = 0;
};

// Whether two texts are equal, upper and lower case ASCII letters counting as the same.
bool same_word(std::string_view a, std::string_view b);

}  // namespace limbeck::sql
