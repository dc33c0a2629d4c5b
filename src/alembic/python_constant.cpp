#include "alembic/python_constant.h"

#include <utility>

namespace limbeck::alembic {
namespace {

using Kind = PythonToken::Kind;
using Value = std::optional<PythonConstant>;

constexpr int max_depth = 40;
constexpr std::size_t max_text = std::size_t{1024} * 1024;  // a = a + a, forty times

PythonConstant text_constant(std::string text) {
  PythonConstant constant;
  constant.kind = PythonConstant::Kind::text;
  constant.text = std::move(text);
  return constant;
}

class ConstantEvaluator {
 public:
  ConstantEvaluator(std::span<const PythonToken> tokens, const PythonConstants& names)
      : tokens_(tokens), names_(names) {}

  Value read() {
    Value value = expressions();
    return at_ == tokens_.size() ? std::move(value) : std::nullopt;
  }

 private:
  bool at_op(std::string_view op) const { return at_ < tokens_.size() && tokens_[at_].is(op); }
  bool take_op(std::string_view op) {
    const bool found = at_op(op);
    if (found) ++at_;
    return found;
  }

  Value expressions();  // one, or a tuple without parentheses
  Value sum();
  Value atom();
  Value texts();
  Value name(std::string_view name) const;
  Value collection(std::string_view close);
  Value f_string(std::string_view token) const;

  std::span<const PythonToken> tokens_;
  const PythonConstants& names_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

Value ConstantEvaluator::expressions() {
  Value first = sum();
  if (!first || !at_op(",")) return first;
  PythonConstant tuple;
  tuple.kind = PythonConstant::Kind::collection;
  tuple.items.push_back(std::move(*first));
  while (take_op(",")) {
    if (at_ == tokens_.size()) break;
    Value item = sum();
    if (!item) return std::nullopt;
    tuple.items.push_back(std::move(*item));
  }
  return tuple;
}

Value ConstantEvaluator::sum() {
  Value value = atom();
  while (value && take_op("+")) {
    Value right = atom();
    if (!right || right->kind != value->kind || !value->keys.empty()) return std::nullopt;
    if (value->kind == PythonConstant::Kind::text) {
      if (value->text.size() + right->text.size() > max_text) return std::nullopt;
      value->text += right->text;
    } else if (value->kind == PythonConstant::Kind::collection) {
      for (PythonConstant& item : right->items) value->items.push_back(std::move(item));
    } else {
      return std::nullopt;
    }
  }
  return value;
}

Value ConstantEvaluator::atom() {
  if (at_ == tokens_.size() || depth_ > max_depth) return std::nullopt;
  const PythonToken& token = tokens_[at_];
  if (token.kind == Kind::string) return texts();
  if (token.kind == Kind::name) {
    ++at_;
    return name(token.text);
  }
  if (token.kind == Kind::number) {
    ++at_;
    PythonConstant number;
    number.kind = PythonConstant::Kind::number;
    number.text = token.text;
    return number;
  }
  if (take_op("(")) return collection(")");
  if (take_op("[")) return collection("]");
  if (take_op("{")) return collection("}");
  return std::nullopt;
}

// Strings beside each other are one.
Value ConstantEvaluator::texts() {
  std::string text;
  for (; at_ < tokens_.size() && tokens_[at_].kind == Kind::string; ++at_) {
    if (const auto plain = python_string(tokens_[at_].text)) {
      text += *plain;
    } else if (const Value filled = f_string(tokens_[at_].text)) {
      text += filled->text;
    } else {
      return std::nullopt;
    }
  }
  return text_constant(std::move(text));
}

Value ConstantEvaluator::f_string(std::string_view token) const {
  std::string text;
  const bool known = read_f_string(
      token, [&](const std::string& piece) { text += piece; },
      [&](std::string_view expression) {
        while (expression.starts_with(' ')) expression.remove_prefix(1);
        while (expression.ends_with(' ')) expression.remove_suffix(1);
        const Value value = name(expression);
        if (!value || value->kind != PythonConstant::Kind::text) return false;
        text += value->text;
        return true;
      });
  return known ? Value(text_constant(std::move(text))) : std::nullopt;
}

Value ConstantEvaluator::name(std::string_view name) const {
  PythonConstant constant;
  if (name == "None") return constant;
  if (name == "True" || name == "False") {
    constant.kind = PythonConstant::Kind::truth;
    constant.text = name;
    return constant;
  }
  const auto found = names_.find(name);
  return found == names_.end() ? std::nullopt : Value(found->second);
}

// Behind the opening bracket. One value in parentheses without a comma is that value.
Value ConstantEvaluator::collection(std::string_view close) {
  PythonConstant result;
  result.kind = PythonConstant::Kind::collection;
  result.ordered = close != "}";
  bool comma = false;
  ++depth_;
  while (!take_op(close)) {
    if (!result.items.empty() && !comma) return std::nullopt;
    Value item = sum();
    if (!item) return std::nullopt;
    if (close == "}" && take_op(":")) {
      if (item->kind != PythonConstant::Kind::text) return std::nullopt;
      result.keys.push_back(std::move(item->text));
      result.ordered = true;
      item = sum();
      if (!item) return std::nullopt;
    }
    result.items.push_back(std::move(*item));
    comma = take_op(",");
  }
  --depth_;
  if (!result.keys.empty() && result.keys.size() != result.items.size()) return std::nullopt;
  if (close == "}" && result.items.empty()) result.ordered = true;
  if (close == ")" && result.items.size() == 1 && !comma) return std::move(result.items.front());
  return result;
}

}  // namespace

std::optional<PythonConstant> evaluate_python(std::span<const PythonToken> expression,
                                              const PythonConstants& names) {
  return ConstantEvaluator(expression, names).read();
}

}  // namespace limbeck::alembic
