#include "alembic/python_statement.h"

#include <array>
#include <string_view>
#include <utility>

#include "alembic/python_expression.h"

namespace limbeck::alembic {
namespace {

using Statement = PythonStatement;
using StatementKind = PythonStatement::Kind;
using Reader = PythonExpressionReader;
using LineTokens = std::span<const PythonToken>;

std::string dotted_name(LineTokens tokens, std::size_t& at) {
  std::string name;
  while (at < tokens.size() && (tokens[at].is(".") || tokens[at].kind == PythonToken::Kind::name)) {
    if (tokens[at].text == "import" || tokens[at].text == "as") break;
    name += tokens[at++].text;
  }
  return name;
}

void read_imports(Statement& result, LineTokens tokens) {
  std::size_t at = 1;
  const bool is_from = tokens.front().text == "from";
  const std::string from = is_from ? dotted_name(tokens, at) : std::string();
  if (is_from) ++at;  // "import"
  while (at < tokens.size()) {
    if (tokens[at].is("(") || tokens[at].is(")") || tokens[at].is(",")) {
      ++at;
      continue;
    }
    PythonImport import;
    if (tokens[at].is("*")) {
      import = {from, "*", ""};
      ++at;
    } else {
      const std::string name = dotted_name(tokens, at);
      if (name.empty()) return;
      import = {is_from ? from : name, is_from ? name : "", name.substr(0, name.find('.'))};
      // "import a.b as c" gives the inner one, "import a.b" the outer one.
      const bool is_renamed = at + 1 < tokens.size() && tokens[at].text == "as";
      if (!is_renamed && !is_from) import.module = import.name;
      if (is_renamed) import.name = tokens[at + 1].text;
      if (is_renamed) at += 2;
    }
    result.imports.push_back(std::move(import));
  }
}

std::size_t assignment_at(LineTokens tokens) {
  int depth = 0;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (tokens[at].text == "lambda") break;  // what has defaults
    if (tokens[at].kind != PythonToken::Kind::op) continue;
    const std::string_view text = tokens[at].text;
    const char c = text.front();
    depth += (c == '(' || c == '[' || c == '{') - (c == ')' || c == ']' || c == '}');
    const bool is_comparison = text == "==" || text == "!=" || text == "<=" || text == ">=";
    if (depth == 0 && text.ends_with('=') && text != ":=" && !is_comparison) return at;
  }
  return tokens.size();
}

void read_assignment(Statement& result, LineTokens tokens, std::size_t sign) {
  result.kind = StatementKind::assignment;
  result.text = tokens[sign].text;
  LineTokens rest = tokens;
  for (; sign < rest.size(); sign = assignment_at(rest)) {
    // "a: str = ..."; "//=" is two tokens.
    Reader target(rest.first(sign));
    result.first.push_back(target.read_targets());
    rest = rest.subspan(sign + 1);
  }
  Reader value(rest);
  if (value.take_word("yield")) result.yields_all = value.take_word("from");
  PythonExpression read = value.read_all();
  result.second.push_back(value.at_end() && !value.failed() ? std::move(read) : PythonExpression());
}

}  // namespace

PythonStatement simple_statement(std::span<const PythonToken> tokens) {
  Statement result;
  const std::string_view word =
      tokens.front().kind == PythonToken::Kind::name ? tokens.front().text : std::string_view();
  const auto read_rest = [&] {
    if (tokens.size() < 2) return;
    Reader reader(tokens.subspan(1));
    PythonExpression value = reader.read_all();
    const bool goes_on = reader.at_word("from");  // "raise a from b"
    const bool is_read = !reader.failed() && (reader.at_end() || goes_on);
    result.first.push_back(is_read ? std::move(value) : PythonExpression());
  };
  struct Word {
    std::string_view text;
    StatementKind kind;
  };
  constexpr std::array<Word, 7> words{{{"return", StatementKind::leave},
                                       {"raise", StatementKind::raise},
                                       {"del", StatementKind::deletion},
                                       {"assert", StatementKind::assertion},
                                       {"pass", StatementKind::nothing},
                                       {"break", StatementKind::leave_loop},
                                       {"continue", StatementKind::next_round}}};
  for (const Word& known : words) {
    if (known.text != word) continue;
    result.kind = known.kind;
    read_rest();
    return result;
  }
  if (word == "import" || word == "from") {
    result.kind = StatementKind::import;
    read_imports(result, tokens);
  } else if (word == "global" || word == "nonlocal") {
    result.kind = StatementKind::global;
    result.text = word;
    for (const PythonToken& token : tokens.subspan(1))
      if (token.kind == PythonToken::Kind::name) result.names.emplace_back(token.text);
  } else if (const std::size_t sign = assignment_at(tokens); sign < tokens.size()) {
    read_assignment(result, tokens, sign);
  } else {
    result.kind = StatementKind::expression;
    Reader reader(tokens);
    if (reader.take_word("yield")) result.yields_all = reader.take_word("from");
    if (reader.at_end()) return result;  // a yield of nothing
    PythonExpression value = reader.read_all();
    const bool is_annotation = reader.at_op(":") && value.kind == PythonExpression::Kind::name;
    if (is_annotation) {
      result.kind = StatementKind::nothing;
    } else {
      result.first.push_back(reader.failed() || !reader.at_end() ? PythonExpression()
                                                                 : std::move(value));
    }
  }
  return result;
}

}  // namespace limbeck::alembic
