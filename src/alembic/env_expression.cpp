#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "alembic/env_machine.h"

namespace limbeck::alembic {
namespace {

constexpr std::size_t most_items = 1000;

bool is_builtin(std::string_view name) {
  constexpr auto names = std::to_array<std::string_view>(
      {"str",       "dict",   "list",     "tuple",    "set",          "int",         "bool",
       "len",       "print",  "getattr",  "hasattr",  "setattr",      "isinstance",  "exit",
       "quit",      "sorted", "reversed", "iter",     "next",         "super",       "frozenset",
       "object",    "open",   "any",      "all",      "map",          "filter",      "zip",
       "enumerate", "range",  "repr",     "property", "type",         "vars",        "globals",
       "callable",  "exec",   "eval",     "locals",   "staticmethod", "classmethod", "sum",
       "min",       "max",    "abs",      "float",    "bytes",        "anext"});
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

EnvValue* EnvMachine::evaluate(const Expression& expression) {
  const EnvDepth depth(depth_);
  count_step();
  return evaluate_now(expression);
}

EnvValue* EnvMachine::evaluate_now(const Expression& expression) {
  using Of = Expression::Kind;
  switch (expression.kind) {
    case Of::unknown:
    case Of::slice:
    case Of::star:
      return unknown();
    case Of::name:
      return named(expression.text);
    case Of::text:
      return text(expression.text);
    case Of::f_string:
      return f_string(expression);
    case Of::number: {
      auto written = number_text(expression.text);
      if (!written) return unknown();
      Value* value = make(Kind::number);
      value->text = *std::move(written);
      return value;
    }
    case Of::none:
      return none();
    case Of::truth:
      return truth_value(expression.text == "True");
    case Of::tuple:
    case Of::list:
      return collection(expression);
    case Of::set:
      return set_of(collection(expression));
    case Of::dictionary:
      return dictionary_of(expression);
    case Of::call:
      return call(expression);
    case Of::attribute:
      return attribute(evaluate(expression.parts.front()), expression.text);
    case Of::item:
      return item(evaluate(expression.parts[0]), expression.parts[1], expression);
    case Of::operation:
      return operation(expression);
    case Of::negation:
      return truth_value(!is_true(evaluate(expression.parts.front())));
    case Of::both:
    case Of::either:
      return first_that_decides(expression);
    case Of::comparison:
      return comparison(expression);
    case Of::choice: {
      const bool holds = is_true(evaluate(expression.parts[1]));
      return evaluate(expression.parts[holds ? 0 : 2]);
    }
    case Of::lambda: {
      Value* value = not_called_yet(Kind::function, expression);
      take_defaults(value, expression.parameters);
      return value;
    }
    case Of::comprehension: {
      Value* iterated = evaluate(expression.parts[2]);
      if (expression.text != "(") return comprehension(expression, iterated);
      Value* value = not_called_yet(Kind::generator, expression);
      value->items = {iterated};
      return value;
    }
    case Of::assignment: {
      Value* value = evaluate(expression.parts.front());
      assign_outside(expression.text, value);
      return value;
    }
  }
  return unknown();
}

EnvValue* EnvMachine::named(const std::string& name) {
  if (Value* known = look_up(name)) return known;
  if (is_builtin(name) || is_builtin_error(name)) return library("builtins." + name);
  Value* value = unknown();
  value->variable = url_variable(name);
  return module_->names[name] = value;
}

// "and", "or"
EnvValue* EnvMachine::first_that_decides(const Expression& expression) {
  Value* value = nullptr;
  for (const Expression& part : expression.parts) {
    value = evaluate(part);
    const bool is_last = &part == &expression.parts.back();
    if (!is_last && is_true(value) == (expression.kind == Expression::Kind::either)) return value;
  }
  return value;
}

EnvValue* EnvMachine::not_called_yet(Kind kind, const Expression& expression) {
  Value* value = make(kind);
  value->lambda = &expression;
  value->frame = frame_;
  return value;
}

EnvValue* EnvMachine::f_string(const Expression& expression) {
  std::string result;
  bool is_known = true;
  Value* not_known = unknown();
  for (const Expression& part : expression.parts) {
    const Value* value = evaluate(part);
    const auto piece = text_of_value(value);
    is_known = is_known && piece;
    derive(not_known, value);
    if (piece) result += *piece;
  }
  return is_known ? text(std::move(result)) : not_known;
}

EnvValue* EnvMachine::collection(const Expression& expression) {
  Value* result = make(Kind::list);
  for (const Expression& part : expression.parts) {
    if (part.kind != Expression::Kind::star || part.parts.empty()) {
      result->items.push_back(evaluate(part));
      continue;
    }
    Value* more = evaluate(part.parts.front());
    const std::vector<Value*> items = items_of(more);
    count_step(items.size());
    result->items.insert(result->items.end(), items.begin(), items.end());
    result->is_open = result->is_open || !more->is(Kind::list) || more->is_open;
  }
  return result;
}

EnvValue* EnvMachine::dictionary_of(const Expression& expression) {
  Value* result = make(Kind::dictionary);
  for (std::size_t at = 0; at + 1 < expression.parts.size(); at += 2) {
    const bool is_merged = expression.parts[at].kind == Expression::Kind::star;
    const Value* key = is_merged ? nullptr : evaluate(expression.parts[at]);
    Value* value = evaluate(expression.parts[at + 1]);
    if (is_merged) {
      merge(result, value);
    } else if (key->is(Kind::text)) {
      result->set(key->text, value);
    } else {
      result->is_open = result->is_open || key->is(Kind::unknown);
    }
  }
  return result;
}

// dict.update(from)
void EnvMachine::merge(Value* into, Value* from) {
  from = as_dictionary(from);
  force(from);
  see_x_arguments(from);
  if (from->is(Kind::dictionary)) {
    if (from->is_open) into->is_configured = into->is_configured || is_configured(from);
    // What is not known of it may be any of those that are there.
    if (from->is_open)
      for (Value*& item : into->items) item = unknown_of({item, from});
    if (from->is_open) into->text = from->text;
    for (std::size_t at = 0; at < from->keys.size(); ++at)
      into->set(from->keys[at], from->items[at]);
    into->is_open = into->is_open || from->is_open;
    return;
  }
  if (from->is(Kind::none)) return;
  if (from->is(Kind::list)) {  // of pairs
    for (const Value* pair : from->items) {
      const bool is_pair =
          pair->is(Kind::list) && pair->items.size() == 2 && pair->items.front()->is(Kind::text);
      if (is_pair) into->set(pair->items[0]->text, pair->items[1]);
      if (!is_pair) from->is_open = true;
    }
    if (!from->is_open) return;
  }
  for (Value*& item : into->items) item = unknown_of({item, from});
  into->is_open = true;
  into->text = origin_of(from);
  into->is_configured = into->is_configured || is_configured(from);
}

EnvValue* EnvMachine::operation(const Expression& expression) {
  Value* left = evaluate(expression.parts[0]);
  if (expression.text == "plus" && left->is(Kind::number)) return left;
  if (expression.text == "sign" || expression.text == "plus" || expression.text == "~") {
    const bool is_sign = expression.text == "sign" && left->is(Kind::number);
    if (!is_sign || left->text.starts_with('-')) return unknown();
    Value* result = make(Kind::number);
    result->text = "-" + left->text;
    return result;
  }
  Value* right = evaluate(expression.parts[1]);
  const bool is_formatted = expression.text == "%" && left->is(Kind::text);
  if (expression.text == "+" || is_formatted) {
    Value* result = is_formatted ? formatted(left, right) : added(left, right);
    derive(result, left);
    derive(result, right);
    return result;
  }
  if (expression.text == "*" || expression.text == "-" || expression.text == "//" ||
      expression.text == "%")
    return computed(expression.text, left, right);
  if (expression.text == "/" && left->is(Kind::path)) {
    EnvArguments arguments;
    arguments.values = {left, right};
    return call_system("pathlib.Path", arguments);
  }
  if (expression.text == "|" && left->is(Kind::dictionary)) {
    Value* result = copied(left);
    merge(result, right);
    return result;
  }
  return unknown_of({left, right});
}

EnvValue* EnvMachine::added(Value* left, Value* right) {
  if (left->is(Kind::text) && right->is(Kind::text)) return text(left->text + right->text);
  if (left->is(Kind::list) && right->is(Kind::list)) {
    Value* result = copied(left);
    extend(result, right);
    if (result->items.size() > most_items) throw EnvTooLong();
    return result;
  }
  if (left->is(Kind::number) && right->is(Kind::number)) {
    const auto a = whole_number(left->text);
    const auto b = whole_number(right->text);
    long long sum = 0;
    if (a && b && !__builtin_add_overflow(*a, *b, &sum)) return number(sum);
  }
  return unknown_of({left, right});
}

// Of whole numbers; and a text that is repeated.
EnvValue* EnvMachine::computed(std::string_view op, Value* left, Value* right) {
  if (op == "*" && right->is(Kind::text)) std::swap(left, right);
  constexpr long long most = 1'000'000'000;
  constexpr long long none_such = most + 1;
  const auto whole = [&](const Value* value) {
    if (!value->is(Kind::number)) return none_such;
    const long long known = whole_number(value->text).value_or(none_such);
    return known < -most || known > most ? none_such : known;
  };
  const long long a = whole(left);
  const long long b = whole(right);
  if (op == "*" && left->is(Kind::text) && b < 1000 && left->text.size() < 1000) {
    std::string result;
    for (long long i = 0; i < b; ++i) result += left->text;
    return text(std::move(result));
  }
  if (a == none_such || b == none_such) return unknown_of({left, right});
  if (op == "*") return number(a * b);
  if (op == "-") return number(a - b);
  if (b == 0) throw EnvError{"ZeroDivisionError", line_, false};
  if (a < 0 || b < 0) return unknown();  // Python rounds down
  return number(op == "%" ? a % b : a / b);
}

// "%s" % value
EnvValue* EnvMachine::formatted(Value* left, Value* right) {
  if (!left->is(Kind::text)) return unknown_of({left, right});
  std::string result;
  std::size_t next = 0;
  const std::vector<Value*> values =
      right->is(Kind::list) ? right->items : std::vector<Value*>{right};
  const std::string& format = left->text;
  for (std::size_t at = 0; at < format.size(); ++at) {
    if (format[at] != '%') {
      result += format[at];
      continue;
    }
    if (++at == format.size()) return unknown();
    if (format[at] == '%') {
      result += '%';
      continue;
    }
    const Value* value = nullptr;
    if (format[at] == '(') {
      const std::size_t close = format.find(')', at);
      if (close == std::string::npos || !right->is(Kind::dictionary)) return unknown_of({right});
      value = right->find(format.substr(at + 1, close - at - 1));
      at = std::min(close + 1, format.size() - 1);
    } else if (next < values.size()) {
      value = values[next++];
    }
    const auto piece = value == nullptr ? std::nullopt : text_of_value(value);
    if (!piece || (format[at] != 's' && format[at] != 'd')) return unknown_of({left, right});
    result += *piece;
  }
  return text(std::move(result));
}

// What is not known is decided here, so that it is the same whenever it is asked.
EnvValue* EnvMachine::comparison(const Expression& expression) {
  std::vector<Value*> values;
  for (const Expression& part : expression.parts) values.push_back(evaluate(part));
  for (std::size_t at = 0; at < expression.names.size(); ++at) {
    std::string op = expression.names[at];
    auto holds = compared(op, values[at], values[at + 1]);
    if (!holds) {
      const bool is_negated = op == "!=" || op == "is not" || op == "not in";
      if (op == "!=") op = "==";
      if (is_negated && op != "==") op = op == "is not" ? "is" : "in";
      const auto name = [](const Value* value) {
        return value->is(Kind::text)   ? "'" + value->text
               : value->is(Kind::none) ? std::string("None")
                                       : fmt::format("{}", static_cast<const void*>(value));
      };
      holds = decide(fmt::format("{} {} {}", name(values[at]), op, name(values[at + 1])));
      if (is_negated) holds = !*holds;
    }
    if (!*holds) return truth_value(false);
  }
  return truth_value(true);
}

std::optional<bool> EnvMachine::compared(const std::string& op, Value* left, Value* right) {
  const auto negated = [](std::optional<bool> value) {
    return value ? std::optional(!*value) : std::nullopt;
  };
  if (op == "==" || op == "is") return same(left, right);
  if (op == "!=" || op == "is not") return negated(same(left, right));
  if (op == "in") return contains(right, left);
  if (op == "not in") return negated(contains(right, left));
  if (left->is(Kind::library) && left->text == "sys.version_info") return is_version(op, right);
  if (!left->is(Kind::number) || !right->is(Kind::number)) return std::nullopt;
  const auto a = whole_number(left->text);
  const auto b = whole_number(right->text);
  if (!a || !b) return std::nullopt;
  if (op == "<") return *a < *b;
  if (op == ">") return *a > *b;
  return op == "<=" ? *a <= *b : *a >= *b;
}

// sys.version_info >= (3, 8): of the versions that SQLAlchemy runs on.
std::optional<bool> EnvMachine::is_version(std::string_view op, const Value* with) const {
  const bool is_tuple = with->is(Kind::list) && !with->items.empty() && !with->is_open;
  const auto major = is_tuple ? whole_number(with->items[0]->text) : std::nullopt;
  const auto minor = is_tuple && with->items.size() > 1 ? whole_number(with->items[1]->text)
                                                        : std::optional<long long>(0);
  if (!major || !minor || *major > 3 || (*major == 3 && *minor > 7)) return std::nullopt;
  return op == ">" || op == ">=";
}

std::optional<bool> EnvMachine::contains(Value* all, Value* one) {
  if (one->is(Kind::unknown)) return std::nullopt;
  if (all->is(Kind::library) && all->text == "alembic.context.config.file_config" &&
      one->is(Kind::text))
    return has_section(one->text);
  all = as_dictionary(all);
  force(all);
  if (all->is(Kind::list)) see_x_arguments(all);
  if (all->is(Kind::text) && one->is(Kind::text))
    return all->text.find(one->text) != std::string::npos;
  if (all->is(Kind::dictionary) && one->is(Kind::text)) {
    if (all->find(one->text) != nullptr) return true;
    return all->is_open ? std::nullopt : std::optional(false);
  }
  if (all->is(Kind::library) && all->text == "os.environ" && one->is(Kind::text)) {
    const Value* value = environment_variable(one->text);
    if (value == nullptr) return false;
    return value->is(Kind::unknown) ? std::nullopt : std::optional(true);
  }
  if (!all->is(Kind::list)) return std::nullopt;
  bool is_sure = !all->is_open;
  for (const Value* item : all->items) {
    const auto is_it = same(item, one);
    if (is_it == true) return true;
    is_sure = is_sure && is_it;
  }
  return is_sure ? std::optional(false) : std::nullopt;
}

}  // namespace limbeck::alembic
