#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include "alembic/env_machine.h"

namespace limbeck::alembic {
namespace {

struct ErrorFamily {
  std::string_view parent;
  std::array<std::string_view, 5> children;
};

constexpr std::array<ErrorFamily, 12> error_families{
    {{"LookupError", {"KeyError", "IndexError"}},
     {"ArithmeticError", {"ZeroDivisionError", "OverflowError"}},
     {"ImportError", {"ModuleNotFoundError"}},
     {"NameError", {"UnboundLocalError"}},
     {"RuntimeError", {"NotImplementedError", "RecursionError"}},
     {"OSError", {"FileNotFoundError", "PermissionError", "ConnectionError", "TimeoutError"}},
     {"IOError", {"OSError", "FileNotFoundError", "PermissionError", "ConnectionError"}},
     {"EnvironmentError", {"OSError", "FileNotFoundError", "PermissionError"}},
     {"ValueError", {"UnicodeError", "UnicodeDecodeError", "JSONDecodeError"}},
     {"Error", {"NoSectionError", "NoOptionError", "InterpolationError"}},
     {"SQLAlchemyError", {"ArgumentError"}},
     {"CommandError", {}}}};

std::string last_part(std::string_view path) {
  return std::string(path.substr(path.rfind('.') + 1));
}

// What else Python's "except" of that name catches.
bool is_error_below(std::string_view error, std::string_view handler) {
  if (error == handler || handler == "BaseException") return true;
  if (handler == "Exception")
    return error != "SystemExit" && error != "KeyboardInterrupt" && error != "GeneratorExit";
  return std::any_of(error_families.begin(), error_families.end(), [&](const ErrorFamily& it) {
    return it.parent == handler &&
           std::find(it.children.begin(), it.children.end(), error) != it.children.end();
  });
}

// Python raises it; no application makes an error of its own below it.
bool is_of_python_itself(std::string_view error) {
  return error == "NameError" || error == "ImportError" || error == "ModuleNotFoundError" ||
         error == "AttributeError";
}

bool is_ended(const EnvValue* type) {
  return type == nullptr || type->text.empty();
}

}  // namespace

bool is_builtin_error(std::string_view name) {
  constexpr std::array<std::string_view, 12> others{
      "Exception",      "BaseException", "SystemExit",    "KeyboardInterrupt",
      "GeneratorExit",  "OSError",       "StopIteration", "StopAsyncIteration",
      "AssertionError", "TypeError",     "EOFError",      "AttributeError"};
  return std::find(others.begin(), others.end(), name) != others.end() ||
         std::any_of(error_families.begin(), error_families.begin() + 9, [&](const auto& it) {
           return !name.empty() &&
                  (it.parent == name ||
                   std::find(it.children.begin(), it.children.end(), name) != it.children.end());
         });
}

// Nothing when it is not known.
std::optional<bool> EnvMachine::is_error_of(const EnvError& error, const Value* type) const {
  if (type != nullptr && type->is(Kind::list)) {
    std::optional<bool> any = false;
    for (const Value* one : type->items) {
      const auto is_it = is_error_of(error, one);
      if (is_it == true) return true;
      if (!is_it) any = std::nullopt;
    }
    return any;
  }
  if (is_ended(type)) return std::nullopt;
  const std::string handler = last_part(type->text);
  if (error.of != nullptr) return is_class_below(error.of, type);
  if (handler == "Exception" || handler == "BaseException")
    return is_error_below(error.type, handler);
  if (error.type.empty()) return std::nullopt;
  if (type->is(Kind::class_type)) return false;
  if (is_error_below(error.type, handler) || is_of_python_itself(handler))
    return is_error_below(error.type, handler);
  return is_builtin_error(error.type) || !is_builtin_error(handler) ? std::optional(false)
                                                                    : std::nullopt;
}

std::optional<bool> EnvMachine::is_class_below(const Value* type, const Value* other,
                                               int depth) const {
  if (type == other) return true;
  if (depth > 20) return std::nullopt;
  if (!type->is(Kind::class_type)) {
    if (type->text.empty()) return std::nullopt;
    const std::string name = last_part(type->text);
    if (!other->is(Kind::class_type) && is_error_below(name, last_part(other->text))) return true;
    return type->is(Kind::library) ? std::optional(false) : std::nullopt;
  }
  bool is_sure = true;
  for (const Value* base : type->items) {
    const auto is_below = is_class_below(base, other, depth + 1);
    if (is_below == true) return true;
    is_sure = is_sure && is_below;
  }
  return is_sure ? std::optional(false) : std::nullopt;
}

void EnvMachine::raise(const Statement& statement) {
  const int line = statement.line;
  if (statement.first.empty()) throw handled_.empty() ? EnvError{"", line, false} : handled_.back();
  const Expression& raised = statement.first.front();
  const bool is_call = raised.kind == Expression::Kind::call;
  const Expression& type = is_call ? raised.parts.front() : raised;
  Value* value = evaluate(type);
  EnvError error{type.text, line, false, true, {}};
  if (value->is(Kind::class_type)) {
    error.of = value;
  } else if (value->is(Kind::object) && !is_call) {
    error.of = value->self;
  } else if (!is_call && value->is(Kind::unknown) && !handled_.empty()) {
    throw handled_.back();  // what it was caught as
  } else if (!value->text.empty()) {
    error.type = last_part(value->text);
  }
  if (error.of != nullptr && is_call) evaluate(raised);  // its __init__()
  if (!passed_.contains(line)) throw error;              // as exit(): end_itself()
}

EnvMachine::Flow EnvMachine::run_last(const Statement& statement, Flow before) {
  if (statement.last.empty()) return before;
  Value* returned = std::exchange(returned_, nullptr);
  const Flow last = run_all(statement.last);
  if (last == Flow::on) returned_ = returned;
  return last == Flow::on ? before : last;
}

// try: import it; except ImportError: it = None. Whether it is there or not, nobody knows what it
// is, and each way more doubles their number. False: it is not as plain.
bool EnvMachine::run_plain_import(const Statement& statement) {
  using Of = Statement::Kind;
  const bool is_import =
      std::all_of(statement.body.begin(), statement.body.end(), [](const Statement& it) {
        return it.kind == Of::import &&
               std::none_of(it.imports.begin(), it.imports.end(),
                            [](const PythonImport& each) { return each.member == "*"; });
      });
  bool is_plain = is_import && !statement.branches.empty() && statement.otherwise.empty() &&
                  statement.last.empty();
  std::vector<std::string> names;
  for (const Statement::Branch& branch : statement.branches)
    for (const Statement& each : branch.body) {
      const bool is_none = each.kind == Of::assignment && each.text == "=" &&
                           each.first.size() == 1 &&
                           each.first.front().kind == Expression::Kind::name &&
                           each.second.front().kind == Expression::Kind::none;
      is_plain = is_plain && (is_none || each.kind == Of::nothing);
      if (is_none) names.push_back(each.first.front().text);
    }
  if (!is_plain) return false;
  attempts_.push_back(true);
  run_all(statement.body);
  attempts_.pop_back();
  for (const std::string& name : names)
    if (const Value* known = look_up(name); known == nullptr || !known->is(Kind::library))
      if (known == nullptr || !known->is(Kind::unknown)) assign_name(name, unknown());
  return true;
}

EnvMachine::Flow EnvMachine::run_attempt(const Statement& statement) {
  if (run_plain_import(statement)) return Flow::on;
  const std::size_t attempts = attempts_.size();
  const std::size_t handled = handled_.size();
  Flow flow = Flow::on;
  try {
    flow = run_handled(statement);
  } catch (const EnvError&) {
    attempts_.resize(attempts);
    handled_.resize(handled);
    const Flow last = run_last(statement, Flow::on);
    if (last == Flow::on) throw;
    return last;  // which takes the error away
  }
  return run_last(statement, flow);
}

EnvMachine::Flow EnvMachine::run_handled(const Statement& statement) {
  const std::size_t attempts = attempts_.size();
  std::optional<EnvError> error;
  Flow flow = Flow::on;
  try {
    if (!statement.branches.empty()) attempts_.push_back(false);
    flow = run_all(statement.body);
  } catch (const EnvError& it) {
    error = it;
  }
  attempts_.resize(attempts);
  if (!error) return flow == Flow::on ? run_all(statement.otherwise) : flow;
  return run_handler(statement, *error);
}

bool EnvMachine::catches(const Statement::Branch& branch, const EnvError& error, bool is_last) {
  if (!branch.pattern) return true;
  Value* type = evaluate(*branch.pattern);
  const auto known = is_error_of(error, type);
  if (known) return *known;
  // An error that goes on ends this way, which is the same as not to look.
  return is_last || decide(fmt::format("{}: except {}", line_, branch.pattern->source));
}

EnvMachine::Flow EnvMachine::run_handler(const Statement& statement, const EnvError& error) {
  for (const Statement::Branch& branch : statement.branches) {
    if (!catches(branch, error, &branch == &statement.branches.back())) continue;
    if (!branch.name.empty()) assign_name(branch.name, unknown());
    handled_.push_back(error);
    const Flow flow = run_all(branch.body);
    handled_.pop_back();
    return flow;
  }
  throw error;
}

}  // namespace limbeck::alembic
