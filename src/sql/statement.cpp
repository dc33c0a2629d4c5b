#include "sql/statement.h"

#include "sql/lexer.h"

namespace limbeck::sql {

bool starts_with(const Statement& statement, std::string_view words) {
  if (words.empty()) return true;
  for (const std::string& word : statement.words) {
    if (!words.starts_with(word)) return false;
    words.remove_prefix(word.size());
    if (words.empty()) return true;
    if (words.front() != ' ') return false;
    words.remove_prefix(1);
  }
  return false;
}

std::string beginning(const Statement& statement, const LexicalRules& rules, std::size_t tokens) {
  Lexer lexer(statement.text, rules, statement.place);
  std::string text;
  for (std::size_t end = 0; tokens > 0;) {
    const Token token = lexer.next();
    if (token.kind == TokenKind::end) break;
    if (token.kind == TokenKind::line_comment || token.kind == TokenKind::block_comment) continue;
    if (!text.empty() && token.begin > end) text += ' ';
    text += lexer.text(token);
    end = token.end;
    --tokens;
  }
  return text;
}

}  // namespace limbeck::sql
