#include "dialect/sqlite/sql_text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/letter_case.h"
#include "dialect/quoting.h"
#include "sql/lexical_rules.h"

namespace limbeck::sqlite {
namespace {

using sql::TokenKind;

// Those of SQLite 3.40 and of later versions, sorted.
constexpr std::array<std::string_view, 151> keywords{"ABORT",
                                                     "ACTION",
                                                     "ADD",
                                                     "AFTER",
                                                     "ALL",
                                                     "ALTER",
                                                     "ALWAYS",
                                                     "ANALYZE",
                                                     "AND",
                                                     "AS",
                                                     "ASC",
                                                     "ATTACH",
                                                     "AUTOINCREMENT",
                                                     "BEFORE",
                                                     "BEGIN",
                                                     "BETWEEN",
                                                     "BY",
                                                     "CASCADE",
                                                     "CASE",
                                                     "CAST",
                                                     "CHECK",
                                                     "COLLATE",
                                                     "COLUMN",
                                                     "COMMIT",
                                                     "CONFLICT",
                                                     "CONSTRAINT",
                                                     "CREATE",
                                                     "CROSS",
                                                     "CURRENT",
                                                     "CURRENT_DATE",
                                                     "CURRENT_TIME",
                                                     "CURRENT_TIMESTAMP",
                                                     "DATABASE",
                                                     "DEFAULT",
                                                     "DEFERRABLE",
                                                     "DEFERRED",
                                                     "DELETE",
                                                     "DESC",
                                                     "DETACH",
                                                     "DISTINCT",
                                                     "DO",
                                                     "DROP",
                                                     "EACH",
                                                     "ELSE",
                                                     "END",
                                                     "ESCAPE",
                                                     "EXCEPT",
                                                     "EXCLUDE",
                                                     "EXCLUSIVE",
                                                     "EXISTS",
                                                     "EXPLAIN",
                                                     "FAIL",
                                                     "FALSE",
                                                     "FILTER",
                                                     "FIRST",
                                                     "FOLLOWING",
                                                     "FOR",
                                                     "FOREIGN",
                                                     "FROM",
                                                     "FULL",
                                                     "GENERATED",
                                                     "GLOB",
                                                     "GROUP",
                                                     "GROUPS",
                                                     "HAVING",
                                                     "IF",
                                                     "IGNORE",
                                                     "IMMEDIATE",
                                                     "IN",
                                                     "INDEX",
                                                     "INDEXED",
                                                     "INITIALLY",
                                                     "INNER",
                                                     "INSERT",
                                                     "INSTEAD",
                                                     "INTERSECT",
                                                     "INTO",
                                                     "IS",
                                                     "ISNULL",
                                                     "JOIN",
                                                     "KEY",
                                                     "LAST",
                                                     "LEFT",
                                                     "LIKE",
                                                     "LIMIT",
                                                     "MATCH",
                                                     "MATERIALIZED",
                                                     "NATURAL",
                                                     "NO",
                                                     "NOT",
                                                     "NOTHING",
                                                     "NOTNULL",
                                                     "NULL",
                                                     "NULLS",
                                                     "OF",
                                                     "OFFSET",
                                                     "ON",
                                                     "OR",
                                                     "ORDER",
                                                     "OTHERS",
                                                     "OUTER",
                                                     "OVER",
                                                     "PARTITION",
                                                     "PLAN",
                                                     "PRAGMA",
                                                     "PRECEDING",
                                                     "PRIMARY",
                                                     "QUERY",
                                                     "RAISE",
                                                     "RANGE",
                                                     "RECURSIVE",
                                                     "REFERENCES",
                                                     "REGEXP",
                                                     "REINDEX",
                                                     "RELEASE",
                                                     "RENAME",
                                                     "REPLACE",
                                                     "RESTRICT",
                                                     "RETURNING",
                                                     "RIGHT",
                                                     "ROLLBACK",
                                                     "ROW",
                                                     "ROWS",
                                                     "SAVEPOINT",
                                                     "SELECT",
                                                     "SET",
                                                     "STORED",
                                                     "STRICT",
                                                     "TABLE",
                                                     "TEMP",
                                                     "TEMPORARY",
                                                     "THEN",
                                                     "TIES",
                                                     "TO",
                                                     "TRANSACTION",
                                                     "TRIGGER",
                                                     "TRUE",
                                                     "UNBOUNDED",
                                                     "UNION",
                                                     "UNIQUE",
                                                     "UPDATE",
                                                     "USING",
                                                     "VACUUM",
                                                     "VALUES",
                                                     "VIEW",
                                                     "VIRTUAL",
                                                     "WHEN",
                                                     "WHERE",
                                                     "WINDOW",
                                                     "WITH",
                                                     "WITHOUT"};
static_assert(std::is_sorted(keywords.begin(), keywords.end()));

bool is_keyword(std::string_view word) {
  return std::binary_search(keywords.begin(), keywords.end(), std::string_view(upper_case(word)));
}

// Keywords that end a value, so that a sign after them has two sides.
bool ends_value(std::string_view word) {
  constexpr std::array<std::string_view, 7> words{
      "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "END", "FALSE", "NULL", "TRUE"};
  return std::find(words.begin(), words.end(), std::string_view(upper_case(word))) != words.end();
}

bool is_plain(std::string_view name) {
  const auto letter = [](char c) {
    return (lower_case(c) >= 'a' && lower_case(c) <= 'z') || c == '_';
  };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

// Whether a symbol of one byte goes on in the next.
bool joins(std::string_view sql, std::size_t begin, std::size_t length) {
  constexpr std::array<std::string_view, 10> operators{
      "!=", "->", "->>", "<<", "<=", "<>", "==", ">=", ">>", "||"};
  return begin + length < sql.size() && std::find(operators.begin(), operators.end(),
                                                  sql.substr(begin, length + 1)) != operators.end();
}

bool touches(const std::vector<SqlToken>& tokens, const SqlToken& token) {
  return !tokens.empty() && tokens.back().end == token.begin;
}

// 1e-5 and .5 come from the lexer in pieces.
bool continues_number(const std::vector<SqlToken>& tokens, const SqlToken& token) {
  if (!touches(tokens, token)) return false;
  const SqlToken& last = tokens.back();
  if (last.kind == TokenKind::number) {
    const bool hexadecimal = last.text.size() > 1 && lower_case(last.text[1]) == 'x';
    const bool exponent = !hexadecimal && lower_case(last.text.back()) == 'e';
    const bool sign = last.text.back() == '+' || last.text.back() == '-';
    if (exponent && (token.text == "+" || token.text == "-")) return true;
    return sign && token.kind == TokenKind::number;
  }
  if (last.text != "." || token.kind != TokenKind::number) return false;
  return tokens.size() < 2 || tokens[tokens.size() - 2].end != last.begin ||
         tokens[tokens.size() - 2].kind == TokenKind::symbol;
}

class Writer {
 public:
  Writer(std::span<const SqlToken> tokens, std::span<const std::string> names)
      : tokens_(tokens), names_(names) {}

  std::string run() {
    for (std::size_t at = 0; at < tokens_.size(); ++at) {
      if (at > 0 && blank_before(at)) text_ += ' ';
      text_ += written(at);
    }
    return std::move(text_);
  }

 private:
  bool symbol(std::size_t at, std::string_view texts) const {
    return tokens_[at].kind == TokenKind::symbol && tokens_[at].text.size() == 1 &&
           texts.find(tokens_[at].text[0]) != std::string_view::npos;
  }
  bool keyword(std::size_t at) const {
    return tokens_[at].kind == TokenKind::word && is_keyword(tokens_[at].text) &&
           column(tokens_[at]) == nullptr;
  }
  bool unary(std::size_t at) const {
    if (!symbol(at, "+-~")) return false;
    if (at == 0) return true;
    if (tokens_[at - 1].kind == TokenKind::symbol) return !symbol(at - 1, ")");
    return keyword(at - 1) && !ends_value(tokens_[at - 1].text);
  }
  bool blank_before(std::size_t at) const {
    if (symbol(at, ",);.") || symbol(at - 1, "(.")) return false;
    if (symbol(at, "(")) return keyword(at - 1) || symbol(at - 1, ",") || is_operator(at - 1);
    // Two signs would begin a comment.
    if (unary(at - 1)) return tokens_[at].text == tokens_[at - 1].text;
    return true;
  }
  bool is_operator(std::size_t at) const {
    return tokens_[at].kind == TokenKind::symbol && !unary(at);
  }

  // Whether only a name can stand there.
  bool names_something(std::size_t at) const {
    constexpr std::array<std::string_view, 6> words{"AS", "FROM", "INTO", "JOIN", "OF", "UPDATE"};
    if (at + 1 < tokens_.size() && symbol(at + 1, ".")) return true;
    if (at == 0) return false;
    return symbol(at - 1, ".") ||
           (tokens_[at - 1].kind == TokenKind::word &&
            std::any_of(words.begin(), words.end(),
                        [&](std::string_view word) { return tokens_[at - 1].is(word); }));
  }

  const std::string* column(const SqlToken& token) const {
    const std::string name = name_of(token);
    for (const std::string& candidate : names_) {
      if (same_name(candidate, name)) return &candidate;
    }
    return nullptr;
  }

  std::string written(std::size_t at) const {
    const SqlToken& token = tokens_[at];
    const bool call = at + 1 < tokens_.size() && symbol(at + 1, "(");
    if (token.kind == TokenKind::word) {
      const std::string* name = call ? nullptr : column(token);
      if (name != nullptr) return name_sql(*name);
      if (is_keyword(token.text)) return upper_case(token.text);
      return call ? folded(token.text) : std::string(token.text);
    }
    if (token.kind == TokenKind::name) {
      const std::string* name = column(token);
      if (name != nullptr) return name_sql(*name);
      // "x" is a string where no x is known; everything else in quotes is a name.
      const bool sure = token.text.front() != '"' || names_something(at);
      return sure ? name_sql(name_of(token)) : quoted_name(name_of(token));
    }
    if (token.kind == TokenKind::string && lower_case(token.text[0]) == 'x')
      return upper_case(token.text);
    return std::string(token.text);
  }

  std::span<const SqlToken> tokens_;
  std::span<const std::string> names_;
  std::string text_;
};

}  // namespace

bool SqlToken::is(std::string_view word) const {
  if (kind == TokenKind::symbol) return text == word;
  return kind == TokenKind::word && sql::same_word(text, word);
}

std::vector<SqlToken> tokens_of(std::string_view sql) {
  std::vector<SqlToken> tokens;
  sql::Lexer lexer(sql, sql::sqlite_rules, {});
  for (sql::Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    if (token.kind == TokenKind::line_comment || token.kind == TokenKind::block_comment) continue;
    std::size_t end = token.end;
    if (token.kind == TokenKind::symbol) {
      while (joins(sql, token.begin, end - token.begin)) ++end;
      lexer.move_to(end);
    }
    const SqlToken next{token.kind, sql.substr(token.begin, end - token.begin), token.begin, end};
    if (continues_number(tokens, next)) {
      SqlToken& last = tokens.back();
      last = {TokenKind::number, sql.substr(last.begin, end - last.begin), last.begin, end};
    } else {
      tokens.push_back(next);
    }
  }
  while (!tokens.empty() && tokens.back().text == ";") tokens.pop_back();
  return tokens;
}

bool can_be_name(const SqlToken& token) {
  return token.kind == TokenKind::word || token.kind == TokenKind::name ||
         (token.kind == TokenKind::string && token.text.front() == '\'');
}

std::string name_of(const SqlToken& token) {
  if (token.kind != TokenKind::name && token.kind != TokenKind::string)
    return std::string(token.text);
  const char quote = token.text.back();
  const std::string_view inside = token.text.substr(1, token.text.size() - 2);
  std::string name;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    name += inside[i];
    if (inside[i] == quote && quote != ']') ++i;
  }
  return name;
}

std::string folded(std::string_view name) {
  return lower_case(name);
}

bool same_name(std::string_view left, std::string_view right) {
  return sql::same_word(left, right);
}

std::string canonical(std::span<const SqlToken> tokens, std::span<const std::string> names) {
  return Writer(tokens, names).run();
}

std::string canonical(std::string_view sql, std::span<const std::string> names) {
  return canonical(tokens_of(sql), names);
}

std::vector<std::string> mentioned(std::string_view sql, std::span<const std::string> names) {
  std::vector<std::string> seen;
  for (const SqlToken& token : tokens_of(sql)) {
    if (can_be_name(token)) seen.push_back(folded(name_of(token)));
  }
  std::sort(seen.begin(), seen.end());
  std::vector<std::string> found;
  for (const std::string& name : names) {
    if (std::binary_search(seen.begin(), seen.end(), folded(name))) found.push_back(name);
  }
  return found;
}

std::string name_sql(std::string_view name) {
  return is_plain(name) && !is_keyword(name) ? std::string(name) : quoted_name(name);
}

std::string quoted_name(std::string_view name) {
  // SQLite alone has names without a letter.
  return in_quotes(name, '"');
}

std::string list_sql(std::span<const std::string> names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name_sql(name);
  return list;
}

}  // namespace limbeck::sqlite
