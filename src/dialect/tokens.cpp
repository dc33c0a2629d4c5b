#include "dialect/tokens.h"

#include <algorithm>

#include "base/letter_case.h"

namespace limbeck {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

bool starts_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80U;
}

bool continues_word(char c) {
  return starts_word(c) || (c >= '0' && c <= '9') || c == '$';
}

bool equals_word(const Token& token, std::string_view word) {
  return token.kind == Token::Kind::word &&
         std::equal(token.text.begin(), token.text.end(), word.begin(), word.end(),
                    [](char a, char b) { return upper_case(a) == b; });
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::optional<Token> next() {
    skip_blanks_and_comments();
    if (at_ == text_.size()) return std::nullopt;
    const char c = text_[at_];
    if ((c == 'e' || c == 'E') && peek(1) == '\'')
      return ++at_, quoted('\'', Token::Kind::string, true);
    if (c == '\'') return quoted(c, Token::Kind::string, false);
    if (c == '"' || c == '`') return quoted(c, Token::Kind::quoted_name, false);
    if (c == '[') return quoted(']', Token::Kind::quoted_name, false);
    if (!starts_word(c)) return Token{Token::Kind::symbol, std::string(1, text_[at_++])};
    const std::size_t start = at_;
    while (at_ < text_.size() && continues_word(text_[at_])) ++at_;
    return Token{Token::Kind::word, std::string(text_.substr(start, at_ - start))};
  }

 private:
  char peek(std::size_t ahead) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void skip_blanks_and_comments() {
    while (at_ < text_.size()) {
      if (is_blank(text_[at_])) {
        ++at_;
      } else if (text_[at_] == '-' && peek(1) == '-') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (text_[at_] == '/' && peek(1) == '*') {
        skip_block_comment();
      } else {
        return;
      }
    }
  }

  void skip_block_comment() {
    int depth = 0;
    do {
      if (text_[at_] == '/' && peek(1) == '*') {
        ++depth;
        at_ += 2;
      } else if (text_[at_] == '*' && peek(1) == '/') {
        --depth;
        at_ += 2;
      } else {
        ++at_;
      }
    } while (depth > 0 && at_ < text_.size());
  }

  // A doubled closing character stands for itself.
  Token quoted(char close, Token::Kind kind, bool escapes) {
    Token token{kind, {}};
    for (++at_; at_ < text_.size(); ++at_) {
      if (escapes && text_[at_] == '\\' && at_ + 1 < text_.size()) {
        ++at_;
      } else if (text_[at_] == close) {
        if (peek(1) != close || close == ']') break;
        ++at_;
      }
      token.text += text_[at_];
    }
    if (at_ < text_.size()) ++at_;
    return token;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Token> first_tokens(std::string_view sql, std::size_t limit) {
  std::vector<Token> tokens;
  Scanner scanner(sql);
  while (tokens.size() < limit) {
    std::optional<Token> token = scanner.next();
    if (!token) break;
    tokens.push_back(std::move(*token));
  }
  return tokens;
}

std::string leading_word(std::string_view sql) {
  Scanner scanner(sql);
  std::optional<Token> token = scanner.next();
  // A semicolon here ends an empty statement.
  while (token && token->kind == Token::Kind::symbol && (token->text == "(" || token->text == ";"))
    token = scanner.next();
  if (!token || token->kind != Token::Kind::word) return {};
  return upper_case(token->text);
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char a, char b) { return lower_case(a) == b; }) != text.end();
}

TokenReader::TokenReader(std::string_view sql, std::size_t limit, bool fold)
    : tokens_(first_tokens(sql, limit)), fold_(fold) {}

bool TokenReader::accept(std::string_view words) {
  std::size_t token = next_;
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    words.remove_prefix(std::min(word.size() + 1, words.size()));
    if (token == tokens_.size() || !equals_word(tokens_[token], word)) return false;
    ++token;
  }
  next_ = token;
  return true;
}

bool TokenReader::accept_symbol(char symbol) {
  if (at_end() || tokens_[next_] != Token{Token::Kind::symbol, std::string(1, symbol)}) {
    return false;
  }
  ++next_;
  return true;
}

std::optional<Identifier> TokenReader::identifier() {
  if (at_end()) return std::nullopt;
  const Token& token = tokens_[next_];
  if (token.kind == Token::Kind::quoted_name) return ++next_, Identifier{token.text};
  if (token.kind != Token::Kind::word) return std::nullopt;
  std::string name = token.text;
  if (fold_) name = lower_case(name);
  ++next_;
  return Identifier{std::move(name)};
}

std::optional<QualifiedName> TokenReader::name() {
  std::optional<Identifier> first = identifier();
  if (!first) return std::nullopt;
  const Token dot{Token::Kind::symbol, "."};
  if (at_end() || tokens_[next_] != dot) return QualifiedName{{}, std::move(*first)};
  ++next_;
  std::optional<Identifier> second = identifier();
  if (!second) return std::nullopt;
  return QualifiedName{std::move(*first), std::move(*second)};
}

std::optional<std::string> TokenReader::string() {
  if (at_end() || tokens_[next_].kind != Token::Kind::string) return std::nullopt;
  return tokens_[next_++].text;
}

void TokenReader::skip_parentheses() {
  const Token open{Token::Kind::symbol, "("};
  const Token close{Token::Kind::symbol, ")"};
  if (at_end() || tokens_[next_] != open) return;
  int depth = 0;
  while (!at_end()) {
    depth += tokens_[next_] == open ? 1 : tokens_[next_] == close ? -1 : 0;
    ++next_;
    if (depth == 0) return;
  }
}

}  // namespace limbeck
