#include "plan/backfill.h"

#include <array>
#include <fmt/format.h>

#include "sql/lexer.h"

namespace limbeck {
namespace {

using sql::TokenKind;

// Reads the tokens of a statement that are outside of all parentheses.
class TopLevel {
 public:
  TopLevel(std::string_view text, const sql::LexicalRules& rules) : lexer_(text, rules, {}) {
    advance();
  }

  const sql::Token& token() const { return token_; }
  std::string_view text() const { return lexer_.text(token_); }
  bool at_end() const { return token_.kind == TokenKind::end; }
  bool is(std::string_view word) const {
    return token_.kind == TokenKind::word && sql::same_word(text(), word);
  }
  bool is_symbol(char symbol) const {
    return token_.kind == TokenKind::symbol && text()[0] == symbol;
  }
  bool is_name() const { return token_.kind == TokenKind::word || token_.kind == TokenKind::name; }
  bool accept(std::string_view word) {
    if (!is(word)) return false;
    advance();
    return true;
  }
  std::size_t last_end() const { return last_end_; }

  void advance() {
    last_end_ = token_.end;
    do {
      token_ = lexer_.next();
      if (token_.kind == TokenKind::symbol && text()[0] == '(') skip_parentheses();
    } while (token_.kind == TokenKind::line_comment || token_.kind == TokenKind::block_comment);
  }

 private:
  // Makes one token of the parentheses and all that is in them.
  void skip_parentheses() {
    const std::size_t begin = token_.begin;
    int depth = 1;
    while (depth > 0) {
      token_ = lexer_.next();
      if (token_.kind == TokenKind::end) return;
      if (token_.kind != TokenKind::symbol) continue;
      if (text()[0] == '(') ++depth;
      if (text()[0] == ')') --depth;
    }
    token_.begin = begin;
  }

  sql::Lexer lexer_;
  sql::Token token_;
  std::size_t last_end_ = 0;
};

// schema.table, as written.
std::optional<std::string> qualified_name(TopLevel& tokens, std::string_view text) {
  if (!tokens.is_name()) return std::nullopt;
  const std::size_t begin = tokens.token().begin;
  tokens.advance();
  while (tokens.is_symbol('.')) {
    tokens.advance();
    if (!tokens.is_name()) return std::nullopt;
    tokens.advance();
  }
  return std::string(text.substr(begin, tokens.last_end() - begin));
}

bool ends_alias(const TopLevel& tokens) {
  constexpr std::array<std::string_view, 8> words = {"SET",     "USING", "WHERE", "RETURNING",
                                                     "INDEXED", "NOT",   "ORDER", "LIMIT"};
  if (!tokens.is_name()) return true;
  for (const std::string_view word : words) {
    if (tokens.is(word)) return true;
  }
  return false;
}

}  // namespace

std::optional<BatchShape> batch_shape(const sql::Statement& statement,
                                      const sql::LexicalRules& rules) {
  TopLevel tokens(statement.text, rules);
  if (tokens.accept("DELETE")) {
    if (!tokens.accept("FROM")) return std::nullopt;
  } else if (!tokens.accept("UPDATE")) {
    return std::nullopt;
  }
  tokens.accept("ONLY");
  const auto table = qualified_name(tokens, statement.text);
  if (!table) return std::nullopt;
  if (tokens.is_symbol('*')) tokens.advance();

  BatchShape shape{.table = *table, .alias = *table};
  if (tokens.accept("AS") || !ends_alias(tokens)) {
    shape.alias = std::string(tokens.text());
    tokens.advance();
  }
  shape.condition = shape.end = statement.text.size();
  for (; !tokens.at_end(); tokens.advance()) {
    if (tokens.is("ORDER") || tokens.is("LIMIT")) return std::nullopt;
    if (tokens.is("WHERE") && !shape.has_condition) {
      shape.has_condition = true;
      shape.condition = tokens.token().end;
    } else if (tokens.is("CURRENT") && shape.has_condition) {
      return std::nullopt;
    } else if (tokens.is("RETURNING")) {
      shape.end = tokens.token().begin;
      break;
    }
  }
  if (!shape.has_condition) shape.condition = shape.end;
  return shape;
}

std::optional<std::string> backfill_fault(const sql::Statement& statement,
                                          const BackfillOptions& options,
                                          const sql::LexicalRules& rules) {
  const auto shape = batch_shape(statement, rules);
  if (!shape) return "this statement cannot be run in batches";
  if (!sql::same_word(shape->table, options.table)) {
    return fmt::format("the marker says table={}, but the statement changes {}", options.table,
                       shape->table);
  }
  return std::nullopt;
}

std::string restricted(const sql::Statement& statement, const BatchShape& shape,
                       std::string_view condition) {
  const std::string_view text = statement.text;
  // A line end before what is added: the author's last line may end in a comment.
  if (!shape.has_condition) {
    return fmt::format("{}\nWHERE {}\n{}", text.substr(0, shape.end), condition,
                       text.substr(shape.end));
  }
  return fmt::format("{} ({}\n) AND {}\n{}", text.substr(0, shape.condition),
                     text.substr(shape.condition, shape.end - shape.condition), condition,
                     text.substr(shape.end));
}

}  // namespace limbeck
