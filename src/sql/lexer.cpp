#include "sql/lexer.h"

#include <algorithm>
#include <utility>

#include "base/letter_case.h"
#include "base/text_place.h"

namespace limbeck::sql {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Bytes above 0x7F belong to names in every database.
bool begins_word(char c) {
  const char letter = upper_case(c);
  return (letter >= 'A' && letter <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool in_tag(char c) {
  return begins_word(c) || is_digit(c);
}
bool in_word(char c) {
  return in_tag(c) || c == '$';
}

}  // namespace

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return upper_case(x) == upper_case(y); });
}

Lexer::Lexer(std::string_view text, const LexicalRules& rules, const Place& start)
    : text_(text), rules_(rules), start_(start) {
  if (text.starts_with(byte_order_mark)) position_ = byte_order_mark.size();
}

Error Lexer::fault(std::size_t offset, std::string message, std::string hint) const {
  return fault_at(text_, offset, start_, std::move(message), std::move(hint));
}

char Lexer::peek(std::size_t ahead) const {
  return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0';
}

void Lexer::skip_blanks() {
  while (position_ < text_.size() && is_blank(text_[position_])) ++position_;
}

Token Lexer::next() {
  skip_blanks();
  begin_ = position_;
  if (position_ == text_.size()) return {TokenKind::end, begin_, begin_};
  const TokenKind kind = token();
  return {kind, begin_, position_};
}

TokenKind Lexer::token() {
  const char c = peek();
  if (c == '-' && peek(1) == '-') {
    line_comment();
    return TokenKind::line_comment;
  }
  if (c == '/' && peek(1) == '*') {
    block_comment();
    return TokenKind::block_comment;
  }
  TokenKind kind = TokenKind::symbol;
  if (quoted_token(c, kind)) return kind;
  if (begins_word(c)) {
    word();
    return TokenKind::word;
  }
  if (is_digit(c) || (c == '$' && is_digit(peek(1)))) {
    ++position_;
    // Letters belong to a number (1e5, 0x1F, 1_000); a $ never does, so that 1$a$..$a$ is a number
    // and a string.
    while (c == '$' ? is_digit(peek()) : in_tag(peek()) || peek() == '.') ++position_;
    return TokenKind::number;
  }
  ++position_;
  return c == '\\' ? TokenKind::backslash : TokenKind::symbol;
}

bool Lexer::quoted_token(char c, TokenKind& kind) {
  kind = TokenKind::name;
  if (c == '"' || (c == '`' && rules_.backtick_names)) {
    quoted(c, false);
    return true;
  }
  if (c == '[' && rules_.bracket_names) {
    const std::size_t close = text_.find(']', position_);
    if (close == std::string_view::npos) {
      throw fault(begin_, "this [name is not closed", "add the missing ]");
    }
    position_ = close + 1;
    return true;
  }
  kind = TokenKind::string;
  if (c == '\'') {
    string(!rules_.standard_strings);
    return true;
  }
  if (c == '$' && rules_.dollar_quotes && dollar_quote()) return true;
  if (!begins_word(c) || !prefixed_quote()) return false;
  if (text_[position_ - 1] == '"') kind = TokenKind::name;
  return true;
}

// E'..', U&'..', U&"..", N'..', B'..', X'..': a prefix that touches its quote is part of the token.
bool Lexer::prefixed_quote() {
  const char letter = upper_case(peek());
  if (letter == 'U' && peek(1) == '&' && (peek(2) == '\'' || peek(2) == '"')) {
    position_ += 2;
    quoted(peek(), false);
    return true;
  }
  if (peek(1) != '\'') return false;
  const bool escapes = letter == 'E' && rules_.escape_strings;
  if (!escapes && letter != 'N' && letter != 'B' && letter != 'X') return false;
  ++position_;
  string(escapes || (letter == 'N' && !rules_.standard_strings));
  return true;
}

// A string and, where escapes matter, the pieces that continue it: the next piece of an E'..' is
// read by the rules of the first.
void Lexer::string(bool backslash_escapes) {
  quoted('\'', backslash_escapes);
  while (backslash_escapes && continues()) quoted('\'', backslash_escapes);
}

// Moves to the quote that continues a string: blanks and comments with a line end among them may
// stand before it.
bool Lexer::continues() {
  const std::size_t closed = position_;
  bool line_end = false;
  while (position_ < text_.size()) {
    if (is_blank(peek())) {
      line_end = line_end || peek() == '\n' || peek() == '\r';
      ++position_;
    } else if (peek() == '-' && peek(1) == '-') {
      line_comment();
    } else {
      break;
    }
  }
  if (line_end && peek() == '\'') return true;
  position_ = closed;
  return false;
}

// REQUIRES: the opening quote is next. A doubled quote inside does not close.
void Lexer::quoted(char quote, bool backslash_escapes) {
  ++position_;
  while (position_ < text_.size()) {
    const char c = text_[position_++];
    if (c == '\\' && backslash_escapes && position_ < text_.size()) {
      ++position_;
    } else if (c == quote) {
      if (peek() != quote) return;
      ++position_;
    }
  }
  throw fault(begin_,
              quote == '\'' ? "this string is not closed" : "this quoted name is not closed",
              std::string("add the missing ") + quote + "; a quote inside is written twice");
}

bool Lexer::dollar_quote() {
  std::size_t end = position_ + 1;
  if (end < text_.size() && begins_word(text_[end])) {
    while (end < text_.size() && in_tag(text_[end])) ++end;
  }
  if (end == text_.size() || text_[end] != '$') return false;
  const std::string_view tag = text_.substr(position_, end + 1 - position_);
  const std::size_t close = text_.find(tag, end + 1);
  if (close == std::string_view::npos) {
    throw fault(begin_, "this dollar quote is not closed",
                "add the missing " + std::string(tag) + ", in the same upper and lower case");
  }
  position_ = close + tag.size();
  return true;
}

void Lexer::word() {
  while (position_ < text_.size() && in_word(text_[position_])) ++position_;
}

void Lexer::line_comment() {
  const std::string_view ends = rules_.carriage_return_ends_comment ? "\r\n" : "\n";
  position_ = std::min(text_.find_first_of(ends, position_), text_.size());
  // The CR of CRLF is part of the line end under either rule.
  if (text_[position_ - 1] == '\r') --position_;
}

void Lexer::block_comment() {
  position_ += 2;
  std::size_t depth = 1;
  while (position_ < text_.size()) {
    if (peek() == '*' && peek(1) == '/') {
      position_ += 2;
      if (--depth == 0) return;
    } else if (rules_.nested_comments && peek() == '/' && peek(1) == '*') {
      position_ += 2;
      ++depth;
    } else {
      ++position_;
    }
  }
  throw fault(begin_, "this comment is not closed",
              rules_.nested_comments
                  ? "add the missing */; comments nest: each /* inside needs its own"
                  : "add the missing */");
}

}  // namespace limbeck::sql
