#include "alembic/python_expression.h"

#include <algorithm>
#include <array>
#include <utility>

namespace limbeck::alembic {
namespace {

using Expression = PythonExpression;
using ExpressionKind = PythonExpression::Kind;

constexpr int operation_levels = 3;

}  // namespace

bool PythonExpressionReader::take_op(std::string_view op) {
  const bool found = at_op(op);
  if (found) ++at_;
  return found;
}

bool PythonExpressionReader::take_word(std::string_view word) {
  const bool found = at_word(word);
  if (found) ++at_;
  return found;
}

std::string PythonExpressionReader::take_name() {
  const bool found = !at_end() && tokens_[at_].kind == PythonToken::Kind::name;
  return found ? std::string(tokens_[at_++].text) : std::string();
}

void PythonExpressionReader::set_source(Expression& expression, std::size_t begin) const {
  if (begin >= at_ || at_ > tokens_.size()) return;
  const std::string_view first = tokens_[begin].text;
  const std::string_view last = tokens_[at_ - 1].text;
  expression.source = {first.data(),
                       static_cast<std::size_t>(last.data() + last.size() - first.data())};
}

Expression PythonExpressionReader::made(ExpressionKind kind, std::size_t begin) const {
  Expression result;
  result.kind = kind;
  set_source(result, begin);
  return result;
}

Expression PythonExpressionReader::fail() {
  failed_ = true;
  at_ = tokens_.size();
  return {};
}

Expression PythonExpressionReader::read_all() {
  const std::size_t begin = at_;
  const auto one = [&] {
    if (!take_op("*")) return choice();
    Expression star = made(ExpressionKind::star, at_ - 1);
    star.parts.push_back(operation(0));
    return star;
  };
  Expression first = one();
  if (at_op(",")) {
    Expression tuple;
    tuple.kind = ExpressionKind::tuple;
    tuple.parts.push_back(std::move(first));
    while (take_op(",") && !at_end() && !at_op("=") && !at_op(":")) tuple.parts.push_back(one());
    set_source(tuple, begin);
    first = std::move(tuple);
  }
  return failed_ ? fail() : std::move(first);
}

Expression PythonExpressionReader::read_targets() {
  const std::size_t begin = at_;
  const auto one = [&] {
    const bool is_star = take_op("*");
    Expression target = primary();
    if (!is_star) return target;
    Expression star = made(ExpressionKind::star, begin);
    star.parts.push_back(std::move(target));
    return star;
  };
  Expression first = one();
  if (!at_op(",")) return first;
  Expression tuple;
  tuple.kind = ExpressionKind::tuple;
  tuple.parts.push_back(std::move(first));
  while (take_op(",") && !at_end() && !at_word("in") && !at_op("=")) tuple.parts.push_back(one());
  set_source(tuple, begin);
  return tuple;
}

// a if condition else b
Expression PythonExpressionReader::choice() {
  if (++depth_ > max_nesting_) return fail();
  const std::size_t begin = at_;
  Expression first = at_word("lambda") ? lambda() : either();
  if (take_op(":=")) {
    Expression assignment;
    assignment.kind = ExpressionKind::assignment;
    assignment.text = first.text;
    assignment.parts.push_back(choice());
    set_source(assignment, begin);
    first = std::move(assignment);
  } else if (take_word("if")) {
    Expression result;
    result.kind = ExpressionKind::choice;
    result.parts.push_back(std::move(first));
    result.parts.push_back(either());
    if (!take_word("else")) return fail();
    result.parts.push_back(choice());
    set_source(result, begin);
    first = std::move(result);
  }
  --depth_;
  return first;
}

Expression PythonExpressionReader::joined(std::string_view word, ExpressionKind kind, Part part) {
  const std::size_t begin = at_;
  Expression first = (this->*part)();
  if (!at_word(word)) return first;
  Expression result;
  result.kind = kind;
  result.parts.push_back(std::move(first));
  while (take_word(word)) result.parts.push_back((this->*part)());
  set_source(result, begin);
  return result;
}

Expression PythonExpressionReader::either() {
  return joined("or", ExpressionKind::either, &PythonExpressionReader::both);
}

Expression PythonExpressionReader::both() {
  return joined("and", ExpressionKind::both, &PythonExpressionReader::negation);
}

Expression PythonExpressionReader::negation() {
  const std::size_t begin = at_;
  bool is_negated = false;
  bool is_any = false;
  while (take_word("not")) {
    is_negated = !is_negated;
    is_any = true;
  }
  Expression value = comparison();
  for (int i = 0; i < (is_any ? (is_negated ? 1 : 2) : 0); ++i) {
    Expression result;
    result.kind = ExpressionKind::negation;
    result.parts.push_back(std::move(value));
    set_source(result, begin);
    value = std::move(result);
  }
  return value;
}

// Takes it; empty when there is none.
std::string PythonExpressionReader::comparison_operator() {
  for (const std::string_view op : {"==", "!=", "<=", ">=", "<", ">"})
    if (take_op(op)) return std::string(op);
  if (take_word("in")) return "in";
  if (take_word("is")) return take_word("not") ? "is not" : "is";
  const bool is_not_in =
      at_word("not") && at_ + 1 < tokens_.size() && tokens_[at_ + 1].text == "in";
  if (!is_not_in) return {};
  at_ += 2;
  return "not in";
}

Expression PythonExpressionReader::comparison() {
  const std::size_t begin = at_;
  Expression first = operation(0);
  std::string op = comparison_operator();
  if (op.empty()) return first;
  Expression result;
  result.kind = ExpressionKind::comparison;
  result.parts.push_back(std::move(first));
  for (; !op.empty(); op = comparison_operator()) {
    result.names.push_back(std::move(op));
    result.parts.push_back(operation(0));
  }
  set_source(result, begin);
  return result;
}

// Takes it; empty when there is none. The levels: "|" and the like, sums, products.
std::string PythonExpressionReader::operation_at(int level) {
  constexpr std::array<std::array<std::string_view, 4>, operation_levels> operators{
      {{"|", "&", "^", ""}, {"+", "-", "", ""}, {"*", "/", "%", "@"}}};
  for (const std::string_view op : operators[static_cast<std::size_t>(level)]) {
    if (op.empty() || !take_op(op)) continue;
    if ((op == "*" || op == "/") && take_op(op)) return std::string(op) + std::string(op);
    return std::string(op);
  }
  return {};
}

Expression PythonExpressionReader::operation(int level) {
  if (level == operation_levels) return sign();
  const std::size_t begin = at_;
  Expression left = operation(level + 1);
  for (std::string op = operation_at(level); !op.empty(); op = operation_at(level)) {
    Expression result;
    result.kind = ExpressionKind::operation;
    result.text = std::move(op);
    result.parts.push_back(std::move(left));
    result.parts.push_back(operation(level + 1));
    set_source(result, begin);
    left = std::move(result);
  }
  return left;
}

Expression PythonExpressionReader::sign() {
  const std::size_t begin = at_;
  std::string signs;
  while (at_op("-") || at_op("+") || at_op("~")) signs += tokens_[at_++].text;
  Expression value = primary();
  if (signs.empty()) return value;
  Expression result = made(ExpressionKind::operation, begin);
  const bool is_negative = std::count(signs.begin(), signs.end(), '-') % 2 == 1;
  result.text = signs.find('~') != std::string::npos ? "~" : is_negative ? "sign" : "plus";
  result.parts.push_back(std::move(value));
  return result;
}

}  // namespace limbeck::alembic
