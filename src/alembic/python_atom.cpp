#include <algorithm>
#include <array>
#include <utility>

#include "alembic/python_expression.h"

namespace limbeck::alembic {
namespace {

using Expression = PythonExpression;
using ExpressionKind = PythonExpression::Kind;

bool is_keyword(std::string_view name) {
  constexpr std::array<std::string_view, 30> words{
      "if",    "else",  "elif", "or",     "and",    "not",   "in",      "is",     "for",    "with",
      "as",    "while", "try",  "except", "return", "yield", "lambda",  "await",  "async",  "def",
      "class", "raise", "del",  "pass",   "global", "break", "finally", "import", "assert", "from"};
  return std::find(words.begin(), words.end(), name) != words.end();
}

}  // namespace

Expression PythonExpressionReader::lambda() {
  const std::size_t begin = at_;
  ++at_;
  Expression result;
  result.kind = ExpressionKind::lambda;
  result.parameters = read_parameters(":");
  if (!take_op(":")) return fail();
  result.parts.push_back(choice());
  set_source(result, begin);
  return result;
}

std::vector<PythonParameter> PythonExpressionReader::read_parameters(std::string_view close) {
  std::vector<PythonParameter> result;
  bool is_by_name = false;
  while (!at_end() && !at_op(close)) {
    PythonParameter parameter;
    while (take_op("*")) ++parameter.stars;
    parameter.is_by_name = is_by_name;
    is_by_name = is_by_name || parameter.stars > 0;
    const bool is_sign = take_op("/");
    parameter.name = take_name();
    if (close != ":" && take_op(":")) choice();  // its type
    if (take_op("=")) parameter.otherwise = choice();
    if (!parameter.name.empty()) result.push_back(std::move(parameter));
    if (!take_op(",") && !at_op(close) && !is_sign) {
      fail();
      break;
    }
  }
  return result;
}

Expression PythonExpressionReader::primary() {
  const std::size_t begin = at_;
  while (take_word("await")) {
  }
  Expression value = atom();
  for (;;) {
    Expression next;
    if (take_op("(")) {
      next.kind = ExpressionKind::call;
      next.parts.push_back(std::move(value));
      read_arguments(next);
    } else if (take_op("[")) {
      next.kind = ExpressionKind::item;
      next.parts.push_back(std::move(value));
      next.parts.push_back(key());
    } else if (take_op(".")) {
      next.kind = ExpressionKind::attribute;
      next.parts.push_back(std::move(value));
      next.text = take_name();
      if (next.text.empty()) return fail();
    } else if (at_op("*") && at_ + 1 < tokens_.size() && tokens_[at_ + 1].is("*")) {
      at_ += 2;  // a power, whose value nobody needs
      sign();
      return made(ExpressionKind::unknown, begin);
    } else {
      return value;
    }
    set_source(next, begin);
    value = std::move(next);
  }
}

void PythonExpressionReader::read_arguments(Expression& call) {
  call.names.emplace_back();  // of the function
  while (!at_end() && !take_op(")")) {
    std::string name;
    while (take_op("*")) name += '*';
    const bool is_named = !at_end() && tokens_[at_].kind == PythonToken::Kind::name &&
                          at_ + 1 < tokens_.size() && tokens_[at_ + 1].is("=");
    if (is_named) {
      name = tokens_[at_].text;
      at_ += 2;
    }
    Expression value = choice();
    if (at_word("for") || at_word("async")) {
      Expression comprehension;
      comprehension.parts.push_back(std::move(value));
      read_comprehension(comprehension, ")");
      comprehension.text = "(";
      call.names.emplace_back();
      call.parts.push_back(std::move(comprehension));
      return;
    }
    call.names.push_back(std::move(name));
    call.parts.push_back(std::move(value));
    if (!take_op(",") && !at_op(")")) {
      fail();
      return;
    }
  }
}

Expression PythonExpressionReader::choice_or_tuple() {
  const std::size_t begin = at_;
  Expression first = choice();
  if (!at_op(",")) return first;
  Expression tuple;
  tuple.kind = ExpressionKind::tuple;
  tuple.parts.push_back(std::move(first));
  while (take_op(",") && !at_op("]")) tuple.parts.push_back(choice());
  set_source(tuple, begin);
  return tuple;
}

// Behind "[".
Expression PythonExpressionReader::key() {
  const std::size_t begin = at_;
  std::vector<Expression> pieces(1);
  pieces.back().kind = ExpressionKind::none;
  bool is_slice = false;
  while (!at_end() && !take_op("]")) {
    if (take_op(":")) {
      is_slice = true;
      pieces.emplace_back().kind = ExpressionKind::none;
    } else {
      pieces.back() = choice_or_tuple();
    }
  }
  if (!is_slice) return std::move(pieces.front());
  Expression result = made(ExpressionKind::slice, begin);
  result.parts = std::move(pieces);
  return result;
}

// Behind the opening bracket of a tuple, a list, or an expression in parentheses.
Expression PythonExpressionReader::bracket(std::string_view close) {
  const std::size_t begin = at_ - 1;
  Expression result;
  result.kind = close == ")" ? ExpressionKind::tuple : ExpressionKind::list;
  bool has_comma = false;
  while (!at_end() && !take_op(close)) {
    const bool is_star = take_op("*");
    if (take_word("yield")) take_word("from");
    Expression value = at_op(close) ? Expression() : choice();
    if (at_word("for") || at_word("async")) {
      Expression comprehension;
      comprehension.parts.push_back(std::move(value));
      read_comprehension(comprehension, close);
      comprehension.text = close == ")" ? "(" : "[";
      set_source(comprehension, begin);
      return comprehension;
    }
    if (is_star) {
      Expression star;
      star.kind = ExpressionKind::star;
      star.parts.push_back(std::move(value));
      value = std::move(star);
    }
    result.parts.push_back(std::move(value));
    const bool is_separated = take_op(",");
    has_comma = has_comma || is_separated;
    if (!is_separated && !at_op(close)) return fail();
  }
  if (close == ")" && result.parts.size() == 1 && !has_comma) {
    Expression inner = std::move(result.parts.front());
    set_source(inner, begin);
    return inner;
  }
  set_source(result, begin);
  return result;
}

// Behind "{".
Expression PythonExpressionReader::braces() {
  const std::size_t begin = at_ - 1;
  Expression result;
  result.kind = ExpressionKind::dictionary;
  bool is_set = false;
  while (!at_end() && !take_op("}")) {
    if (at_op("*")) {
      ++at_;
      const bool is_merged = take_op("*");
      Expression star;
      star.kind = ExpressionKind::star;
      if (is_merged) {
        result.parts.push_back(std::move(star));
        result.parts.push_back(operation(0));
      } else {  // of a set: as in a list
        star.parts.push_back(operation(0));
        result.parts.push_back(std::move(star));
        is_set = true;
      }
    } else {
      Expression key = choice();
      Expression value;
      if (take_op(":")) {
        value = choice();
      } else {
        is_set = true;
      }
      if (at_word("for") || at_word("async")) {
        Expression element;
        element.kind = is_set ? key.kind : ExpressionKind::tuple;
        if (is_set) {
          element = std::move(key);
        } else {
          element.parts.push_back(std::move(key));
          element.parts.push_back(std::move(value));
        }
        Expression comprehension;
        comprehension.parts.push_back(std::move(element));
        read_comprehension(comprehension, "}");
        comprehension.text = is_set ? "set" : "{";
        set_source(comprehension, begin);
        return comprehension;
      }
      result.parts.push_back(std::move(key));
      if (!is_set) result.parts.push_back(std::move(value));
    }
    if (!take_op(",") && !at_op("}")) return fail();
  }
  if (is_set) result.kind = ExpressionKind::set;
  set_source(result, begin);
  return result;
}

// At "for". Of one loop; what has two is not known.
void PythonExpressionReader::read_comprehension(Expression& around, std::string_view close) {
  around.kind = ExpressionKind::comprehension;
  take_word("async");
  take_word("for");
  around.parts.push_back(read_targets());
  if (!take_word("in")) {
    fail();
    return;
  }
  around.parts.push_back(either());
  while (!at_end() && !take_op(close)) {
    if (take_word("if")) {
      around.parts.push_back(either());
    } else if (at_word("for") || at_word("async")) {
      around.kind = ExpressionKind::unknown;
      take_word("async");
      take_word("for");
      read_targets();
      if (!take_word("in")) fail();
      either();
    } else {
      fail();
    }
  }
}

Expression PythonExpressionReader::atom() {
  if (at_end() || ++depth_ > max_nesting_) return fail();
  const std::size_t begin = at_;
  const PythonToken& token = tokens_[at_];
  Expression result;
  if (token.kind == PythonToken::Kind::string) {
    result = texts();
  } else if (token.kind == PythonToken::Kind::number) {
    ++at_;
    result = made(ExpressionKind::number, begin);
    result.text = token.text;
  } else if (token.kind == PythonToken::Kind::name) {
    if (is_keyword(token.text)) return fail();
    ++at_;
    const bool is_truth = token.text == "True" || token.text == "False";
    result = made(token.text == "None" ? ExpressionKind::none
                  : is_truth           ? ExpressionKind::truth
                                       : ExpressionKind::name,
                  begin);
    result.text = token.text;
  } else if (take_op("(")) {
    result = bracket(")");
  } else if (take_op("[")) {
    result = bracket("]");
  } else if (take_op("{")) {
    result = braces();
  } else if (take_op(".")) {  // "..."
    while (take_op(".")) {
    }
    result = made(ExpressionKind::none, begin);
  } else {
    return fail();
  }
  --depth_;
  return result;
}

// Strings beside each other are one.
Expression PythonExpressionReader::texts() {
  const std::size_t begin = at_;
  Expression result;
  result.kind = ExpressionKind::f_string;
  for (; !at_end() && tokens_[at_].kind == PythonToken::Kind::string; ++at_) {
    const PythonToken& token = tokens_[at_];
    if (auto plain = python_string(token.text)) {
      Expression& text = result.parts.emplace_back();
      text.kind = ExpressionKind::text;
      text.text = *std::move(plain);
    } else {
      result.parts.push_back(f_string(token));
    }
  }
  if (result.parts.size() == 1) {
    Expression only = std::move(result.parts.front());  // which goes with the rest otherwise
    result = std::move(only);
  }
  set_source(result, begin);
  return result;
}

// Nested quotes, formats and conversions make it unknown.
Expression PythonExpressionReader::f_string(const PythonToken& token) {
  const PythonStringParts parts = python_string_parts(token.text);
  if (parts.prefix.find('f') == std::string::npos) return {};
  const bool is_raw = parts.prefix.find('r') != std::string::npos;
  Expression result;
  result.kind = ExpressionKind::f_string;
  std::string text;
  const auto end_text = [&] {
    const auto plain = unescaped_python(text, is_raw);
    Expression& piece = result.parts.emplace_back();
    if (!plain) return;
    piece.kind = ExpressionKind::text;
    piece.text = *plain;
    text.clear();
  };
  const std::string_view body = parts.body;
  for (std::size_t at = 0; at < body.size(); ++at) {
    const char c = body[at];
    if ((c == '{' || c == '}') && body.substr(at + 1, 1) == std::string_view(&c, 1)) {
      text += c;
      ++at;
    } else if (c != '{') {
      text += c;
    } else {
      end_text();
      int depth = 0;
      const std::size_t inside = at + 1;
      for (++at; at < body.size() && (depth > 0 || body[at] != '}'); ++at)
        depth += (body[at] == '(' || body[at] == '[' || body[at] == '{') -
                 (body[at] == ')' || body[at] == ']' || body[at] == '}');
      std::string_view written = body.substr(inside, at - inside);
      if (written.ends_with("!s")) written.remove_suffix(2);
      PythonLexer lexer(written);
      std::vector<PythonToken> tokens;
      for (PythonToken next = lexer.next();
           next.kind != PythonToken::Kind::line_end && next.kind != PythonToken::Kind::end &&
           next.kind != PythonToken::Kind::wrong && next.kind != PythonToken::Kind::unfinished;
           next = lexer.next())
        tokens.push_back(next);
      PythonExpressionReader reader(tokens);
      reader.depth_ = depth_;
      Expression value = reader.read_all();
      const bool is_read = reader.at_end() && !reader.failed() && !tokens.empty();
      result.parts.push_back(is_read ? std::move(value) : Expression());
    }
  }
  end_text();
  return result;
}

}  // namespace limbeck::alembic
