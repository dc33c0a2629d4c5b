#include "plan/backfill.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>
#include <vector>

#include "base/text_place.h"
#include "plan/step_builder.h"
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

// Whether "Id" is another column than id. Where ` quotes names too (SQLite, MariaDB), it never is.
bool has_exact_names(const sql::LexicalRules& rules) {
  return !rules.backtick_names;
}

// A name without its quotes; one without quotes as the database reads it.
std::string name_text(std::string_view written, const sql::LexicalRules& rules) {
  if (written.size() > 2 && written[1] == '&') written.remove_prefix(2);  // U&"name"
  const bool quoted = written.size() >= 2 &&
                      std::string_view("\"`['").find(written.front()) != std::string_view::npos;
  std::string text(written);
  if (quoted) {
    const char quote = written.back();
    text.clear();
    for (std::size_t i = 1; i + 1 < written.size(); ++i) {
      text += written[i];
      if (written[i] == quote && written[i + 1] == quote) ++i;
    }
    if (has_exact_names(rules)) return text;
  }
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

bool is_same_name(std::string_view a, std::string_view b, const sql::LexicalRules& rules) {
  return name_text(a, rules) == name_text(b, rules);
}

// A column as SQLite takes it too: 'name'.
bool is_column(const TopLevel& tokens, const sql::LexicalRules& rules) {
  return tokens.is_name() || (tokens.token().kind == TokenKind::string && !has_exact_names(rules));
}

// What an item of a SET list begins with: a column, or several in parentheses.
std::vector<KeyAssignment> columns_at(const TopLevel& tokens, const sql::LexicalRules& rules) {
  const std::size_t begin = tokens.token().begin;
  if (is_column(tokens, rules)) return {{std::string(tokens.text()), begin}};
  if (!tokens.is_symbol('(')) return {};
  const std::string_view inside = tokens.text().substr(1);
  std::vector<KeyAssignment> columns;
  bool begins_item = true;
  for (TopLevel list(inside, rules); !list.at_end(); list.advance()) {
    if (begins_item && is_column(list, rules)) {
      columns.push_back({std::string(list.text()), begin + 1 + list.token().begin});
    }
    begins_item = list.is_symbol(',');
  }
  return columns;
}

// Whether a "=" follows the columns; also those that are "column.field" or "column[1]".
bool is_assigned(TopLevel tokens) {
  int brackets = 0;
  for (tokens.advance(); !tokens.at_end(); tokens.advance()) {
    if (tokens.is_symbol('[')) ++brackets;
    if (brackets > 0) {
      if (tokens.is_symbol(']')) --brackets;
    } else if (tokens.is_symbol('.')) {
      tokens.advance();
    } else {
      return tokens.is_symbol('=');
    }
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

std::optional<KeyAssignment> assigned_key(const sql::Statement& statement,
                                          std::span<const std::string> key,
                                          const sql::LexicalRules& rules) {
  TopLevel tokens(statement.text, rules);
  if (!tokens.is("UPDATE")) return std::nullopt;
  while (!tokens.at_end() && !tokens.is("SET")) tokens.advance();
  // No end at FROM, which "IS DISTINCT FROM" holds too: nothing in a list of tables has a "="
  // behind its first name.
  int brackets = 0;
  bool begins_item = true;
  for (tokens.advance(); !tokens.at_end(); tokens.advance()) {
    if (tokens.is("WHERE") || tokens.is("RETURNING")) break;
    if (tokens.is_symbol('[')) ++brackets;
    if (tokens.is_symbol(']')) --brackets;
    if (!begins_item || brackets > 0) {
      begins_item = brackets == 0 && tokens.is_symbol(',');
      continue;
    }
    begins_item = false;
    std::vector<KeyAssignment> columns = columns_at(tokens, rules);
    for (KeyAssignment& column : columns) {
      const auto is_it = [&](const std::string& name) {
        return is_same_name(name, column.column, rules);
      };
      if (std::none_of(key.begin(), key.end(), is_it)) continue;
      if (is_assigned(tokens)) return std::move(column);
    }
  }
  return std::nullopt;
}

void check_key_is_kept(const RevisionFile& file, const sql::Statement& statement,
                       std::span<const std::string> key, const sql::LexicalRules& rules) {
  const auto assigned = assigned_key(statement, key, rules);
  if (!assigned) return;
  sql::Statement there = statement;
  there.place = place_at(statement.text, assigned->offset, statement.place);
  refuse(
      file, there,
      fmt::format("this backfill assigns to {}, the key that its batches go by", assigned->column),
      "rows with a new key would come again in a later batch; name other unique columns to go by "
      "in the marker: key=column,column; or change the key in a section that is one transaction");
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
