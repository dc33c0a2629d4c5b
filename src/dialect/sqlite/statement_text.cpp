#include "dialect/sqlite/statement_text.h"

#include <string_view>
#include <vector>

#include "dialect/sqlite/sql_text.h"
#include "dialect/tokens.h"
#include "sql/lexer.h"
#include "sql/lexical_rules.h"

namespace limbeck::sqlite {
namespace {

constexpr std::size_t beginning_tokens = 400;

}  // namespace

std::string without_with(const std::string& sql) {
  if (leading_word(sql) != "WITH") return sql;
  sql::Lexer lexer(sql, sql::sqlite_rules, {});
  int depth = 0;
  for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    const std::string_view text = lexer.text(token);
    if (text == "(") ++depth;
    if (text == ")") --depth;
    if (depth != 0 || token.kind != sql::TokenKind::word) continue;
    const std::string word = folded(text);
    for (const std::string_view verb : {"select", "insert", "replace", "update", "delete"})
      if (word == verb) return sql.substr(token.begin);
  }
  return sql;
}

std::optional<std::size_t> query_of_table(const sql::Statement& statement) {
  TokenReader reader(statement.text, beginning_tokens, false);
  if (!reader.accept("CREATE")) return std::nullopt;
  if (!reader.accept("TEMP")) reader.accept("TEMPORARY");
  if (!reader.accept("TABLE")) return std::nullopt;
  reader.accept("IF NOT EXISTS");
  if (!reader.name() || !reader.accept("AS")) return std::nullopt;
  sql::Lexer lexer(statement.text, sql::sqlite_rules, statement.place);
  for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    const std::string_view text = lexer.text(token);
    if (token.kind == sql::TokenKind::word && text.size() == 2 &&
        contains_ignoring_case(text, "as"))
      return token.end;
  }
  return std::nullopt;
}

}  // namespace limbeck::sqlite
