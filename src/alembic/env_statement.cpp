#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "alembic/env_machine.h"

namespace limbeck::alembic {
namespace {

constexpr std::size_t most_rounds = 200;
constexpr int most_unbounded_rounds = 20;

// The modules that Limbeck knows something about, or that decide nothing about a database.
bool is_known_module(std::string_view module) {
  constexpr std::array<std::string_view, 43> modules{
      "os",         "sys",       "re",           "logging",     "urllib",     "pathlib",
      "asyncio",    "typing",    "alembic",      "sqlalchemy",  "contextlib", "collections",
      "json",       "time",      "warnings",     "__future__",  "dotenv",     "sqlmodel",
      "functools",  "itertools", "importlib",    "inspect",     "datetime",   "types",
      "subprocess", "traceback", "string",       "copy",        "tempfile",   "threading",
      "socket",     "textwrap",  "configparser", "dataclasses", "enum",       "concurrent",
      "urllib3",    "random",    "uuid",         "platform",    "argparse",   "shutil",
      "operator"};
  const std::string_view first = module.substr(0, module.find('.'));
  return std::find(modules.begin(), modules.end(), first) != modules.end();
}

// What else Python's "except" of that name catches.
bool is_error_below(std::string_view error, std::string_view handler) {
  struct Family {
    std::string_view parent;
    std::array<std::string_view, 3> children;
  };
  constexpr std::array<Family, 4> families{
      {{"LookupError", {"KeyError", "IndexError", ""}},
       {"ImportError", {"ModuleNotFoundError", "", ""}},
       {"OSError", {"FileNotFoundError", "PermissionError", ""}},
       {"ValueError", {"UnicodeDecodeError", "JSONDecodeError", ""}}}};
  if (error == handler || handler == "BaseException") return true;
  if (handler == "Exception") return error != "SystemExit" && error != "KeyboardInterrupt";
  return std::any_of(families.begin(), families.end(), [&](const Family& it) {
    return it.parent == handler &&
           std::find(it.children.begin(), it.children.end(), error) != it.children.end();
  });
}

}  // namespace

EnvMachine::Flow EnvMachine::run_all(const std::vector<Statement>& statements) {
  const EnvDepth depth(depth_);
  for (const Statement& statement : statements) {
    line_ = statement.line;
    const Flow flow = run_one(statement);
    if (flow != Flow::on) return flow;
  }
  return Flow::on;
}

EnvMachine::Flow EnvMachine::run_one(const Statement& statement) {
  using Of = Statement::Kind;
  count_step();
  reached_.insert(statement.line);
  const auto first = [&] {
    return statement.first.empty() ? none() : evaluate(statement.first.front());
  };
  switch (statement.kind) {
    case Of::unknown:
    case Of::nothing:
      return Flow::on;
    case Of::expression: {
      Value* value = first();
      if (statement.is_generator && frame_->yielded != nullptr) frame_->yielded->push_back(value);
      return Flow::on;
    }
    case Of::assignment:
      run_assignment(statement);
      return Flow::on;
    case Of::deletion:
      run_deletion(statement);
      return Flow::on;
    case Of::condition:
      return run_condition(statement);
    case Of::for_loop:
      return run_for(statement);
    case Of::while_loop:
      return run_while(statement);
    case Of::with:
      return run_with(statement);
    case Of::attempt:
      return run_attempt(statement);
    case Of::match:
      return run_match(statement);
    case Of::function:
    case Of::class_type:
      define(statement);
      return Flow::on;
    case Of::leave:
      returned_ = first();
      return Flow::leave;
    case Of::raise: {
      if (statement.first.empty())
        throw handled_.empty() ? EnvError{"", statement.line, false} : handled_.back();
      const Expression& raised = statement.first.front();
      const bool is_call = raised.kind == Expression::Kind::call;
      const Expression& type = is_call ? raised.parts.front() : raised;
      const bool is_again = !is_call && !handled_.empty() && look_up(type.text) != nullptr;
      if (is_again) throw handled_.back();
      end_itself(type.text);
      return Flow::on;
    }
    case Of::import:
      run_import(statement);
      return Flow::on;
    case Of::global:
      for (const std::string& name : statement.names)
        if (frame_ != module_) frame_->globals.insert(name);
      return Flow::on;
    case Of::leave_loop:
      return Flow::leave_loop;
    case Of::next_round:
      return Flow::next_round;
    case Of::assertion:
      if (known_truth(first()) == false) throw EnvError{"AssertionError", statement.line, false};
      return Flow::on;
  }
  return Flow::on;
}

EnvMachine::Flow EnvMachine::run_condition(const Statement& statement) {
  Value* condition = evaluate(statement.first.front());
  const bool holds = is_true(condition);
  return run_all(holds ? statement.body : statement.otherwise);
}

EnvMachine::Flow EnvMachine::run_for(const Statement& statement) {
  Value* iterated = evaluate(statement.second.front());
  std::vector<Value*> items = items_of(iterated);
  const bool is_open =
      iterated->is(Kind::list) || iterated->is(Kind::dictionary) ? iterated->is_open : true;
  // Once is as good as many times, of what is not known.
  if (is_open && decide(statement.second.front().source)) items.push_back(unknown_of({iterated}));
  if (items.size() > most_rounds) throw EnvTooLong();
  for (Value* item : items) {
    assign(statement.first.front(), item);
    const Flow flow = run_all(statement.body);
    if (flow == Flow::leave) return flow;
    if (flow == Flow::leave_loop) return Flow::on;
  }
  return run_all(statement.otherwise);
}

EnvMachine::Flow EnvMachine::run_while(const Statement& statement) {
  for (int round = 0; round < most_unbounded_rounds; ++round) {
    Value* condition = evaluate(statement.first.front());
    const auto known = known_truth(condition);
    if (known == false || (!known && (round > 0 || !decide(statement.first.front().source))))
      return run_all(statement.otherwise);
    const Flow flow = run_all(statement.body);
    if (flow == Flow::leave) return flow;
    if (flow == Flow::leave_loop) return Flow::on;
  }
  throw EnvTooLong();
}

EnvMachine::Flow EnvMachine::run_with(const Statement& statement) {
  bool is_suppressing = false;
  for (std::size_t at = 0; at < statement.first.size(); ++at) {
    Value* manager = evaluate(statement.first[at]);
    if (manager->is(Kind::library) && manager->text == "contextlib.suppress()")
      is_suppressing = true;
    if (manager->is(Kind::object)) {
      Value* enter = class_attribute(manager->self, "__enter__");
      if (enter == nullptr) enter = class_attribute(manager->self, "__aenter__");
      EnvArguments self;
      self.values.push_back(manager);
      manager = enter == nullptr ? unknown() : invoke(enter, std::move(self), {});
    } else if (manager->is(Kind::list) && !manager->items.empty()) {
      manager = manager->items.front();  // of a generator that is a context manager
    }
    if (statement.second[at].kind != Expression::Kind::none) assign(statement.second[at], manager);
  }
  if (!is_suppressing) return run_all(statement.body);
  const std::size_t attempts = attempts_.size();
  attempts_.push_back(false);
  Flow flow = Flow::on;
  try {
    flow = run_all(statement.body);
  } catch (const EnvError&) {
    // which error it is about is seldom another one
  }
  attempts_.resize(attempts);
  return flow;
}

EnvMachine::Flow EnvMachine::run_attempt(const Statement& statement) {
  Flow flow = Flow::on;
  const std::size_t attempts = attempts_.size();
  const auto run_last = [&](Flow before) {
    Value* returned = std::exchange(returned_, nullptr);
    const Flow last = run_all(statement.last);
    if (last == Flow::on) returned_ = returned;
    return last == Flow::on ? before : last;
  };
  try {
    if (!statement.branches.empty()) attempts_.push_back(false);
    flow = run_all(statement.body);
    attempts_.resize(attempts);
    if (flow == Flow::on) flow = run_all(statement.otherwise);
  } catch (const EnvError& error) {
    attempts_.resize(attempts);
    try {
      flow = run_handler(statement, error);
    } catch (const EnvError&) {
      const Flow last = run_all(statement.last);
      if (last == Flow::on) throw;
      flow = last;
    }
    return run_last(flow);
  }
  return run_last(flow);
}

bool EnvMachine::catches(const Statement::Branch& branch, const EnvError& error) {
  if (!branch.pattern || error.type.empty()) return true;
  const auto catches_one = [&](const Expression& type) {
    return is_error_below(error.type, type.text);
  };
  if (branch.pattern->kind == Expression::Kind::tuple)
    return std::any_of(branch.pattern->parts.begin(), branch.pattern->parts.end(), catches_one);
  return catches_one(*branch.pattern);
}

EnvMachine::Flow EnvMachine::run_handler(const Statement& statement, const EnvError& error) {
  for (const Statement::Branch& branch : statement.branches) {
    if (!catches(branch, error)) continue;
    if (!branch.name.empty()) assign_name(branch.name, unknown());
    handled_.push_back(error);
    const Flow flow = run_all(branch.body);
    handled_.pop_back();
    return flow;
  }
  throw error;
}

std::optional<bool> EnvMachine::matches(const Expression& pattern, Value* subject) {
  if (pattern.kind == Expression::Kind::name) {
    if (pattern.text != "_") assign_name(pattern.text, subject);
    return true;
  }
  if (pattern.kind == Expression::Kind::operation && pattern.text == "|") {
    const auto left = matches(pattern.parts[0], subject);
    if (left == true) return true;
    const auto right = matches(pattern.parts[1], subject);
    return left && right ? std::optional(*right) : right == true ? right : std::nullopt;
  }
  const bool is_value =
      pattern.kind == Expression::Kind::text || pattern.kind == Expression::Kind::none ||
      pattern.kind == Expression::Kind::truth || pattern.kind == Expression::Kind::number ||
      pattern.kind == Expression::Kind::attribute;
  return is_value ? same(subject, evaluate(pattern)) : std::nullopt;
}

EnvMachine::Flow EnvMachine::run_match(const Statement& statement) {
  Value* subject = evaluate(statement.first.front());
  for (const Statement::Branch& branch : statement.branches) {
    const auto known = matches(*branch.pattern, subject);
    const bool is_it = known
                           ? *known
                           : decide(fmt::format("{} matches {}", static_cast<const void*>(subject),
                                                branch.pattern->source));
    if (!is_it) continue;
    if (!branch.name.empty()) assign_name(branch.name, subject);
    if (branch.guard && !is_true(evaluate(*branch.guard))) continue;
    return run_all(branch.body);
  }
  return Flow::on;
}

void EnvMachine::run_import(const Statement& statement) {
  for (const PythonImport& import : statement.imports) {
    const bool is_known = is_known_module(import.module);
    if (!is_known) may_fail(import.module, "ImportError");
    if (import.module == "typing" && import.member == "TYPE_CHECKING") {
      assign_name(import.name, truth_value(false));
      continue;
    }
    if (import.member == "*" && !is_known) leave_to_others();
    if (import.member == "*") continue;  // its names are unknown where they are used
    std::string path = import.module;
    if (!import.member.empty()) path += "." + import.member;
    Value* value = is_known ? library(path) : unknown();
    value->text = path;
    if (!is_known) {
      value->variable = url_variable(import.member);
      leave_to_others();
    }
    assign_name(import.name, value);
  }
}

void EnvMachine::run_assignment(const Statement& statement) {
  Value* value = evaluate(statement.second.front());
  if (statement.text == "=") {
    for (const Expression& target : statement.first) assign(target, value);
    return;
  }
  const Expression& target = statement.first.front();
  Value* before = evaluate(target);
  if (statement.text == "|=" && before->is(Kind::dictionary)) {
    merge(before, value);
    return;
  }
  const bool is_list = before->is(Kind::list) && value->is(Kind::list);
  if (statement.text == "+=" && is_list) {
    before->items.insert(before->items.end(), value->items.begin(), value->items.end());
    before->is_open = before->is_open || value->is_open;
    return;
  }
  assign(target, statement.text == "+=" ? added(before, value) : unknown_of({before, value}));
}

void EnvMachine::run_deletion(const Statement& statement) {
  for (const Expression& target : statement.first) {
    if (target.kind == Expression::Kind::name) frame_->names.erase(target.text);
    if (target.kind != Expression::Kind::item) continue;
    Value* of = evaluate(target.parts[0]);
    const Value* key = evaluate(target.parts[1]);
    if (of->is(Kind::dictionary) && key->is(Kind::text)) of->remove(key->text);
    if (of->is(Kind::library) && of->text == "os.environ" && key->is(Kind::text))
      environment_[key->text] = nullptr;
  }
}

void EnvMachine::define(const Statement& statement) {
  const bool is_function = statement.kind == Statement::Kind::function;
  Value* value = make(is_function ? Kind::function : Kind::class_type);
  value->text = statement.text;
  value->definition = &statement;
  value->frame = frame_;
  for (const Expression& decorator : statement.first) {
    const Value* by = evaluate(decorator);  // which changes nothing else that is known here
    if (decorator.kind == Expression::Kind::name && is_function)
      value->keys.push_back(decorator.text);
    static_cast<void>(by);
  }
  if (is_function) {
    for (const PythonParameter& parameter : statement.parameters)
      if (parameter.otherwise) value->attributes[parameter.name] = evaluate(*parameter.otherwise);
  } else {
    for (const Expression& base : statement.second) value->items.push_back(evaluate(base));
    EnvFrame& frame = frames_.emplace_back();
    frame.parent = frame_;
    frame.is_class = true;
    {
      const EnvFrameSwitch within(frame_, &frame);
      run_all(statement.body);
    }
    for (const auto& [name, attribute] : frame.names) value->attributes[name] = attribute;
  }
  assign_name(statement.text, value);
}

void EnvMachine::assign(const Expression& target, Value* value) {
  switch (target.kind) {
    case Expression::Kind::name:
      return assign_name(target.text, value);
    case Expression::Kind::tuple:
    case Expression::Kind::list:
      return assign_parts(target, value);
    case Expression::Kind::star:
      return assign(target.parts.front(), value);
    case Expression::Kind::attribute:
      return set_attribute(evaluate(target.parts.front()), target.text, value);
    case Expression::Kind::item:
      break;
    default:
      return;
  }
  Value* of = evaluate(target.parts[0]);
  const Value* key = evaluate(target.parts[1]);
  if (of->is(Kind::library) && of->text == "os.environ") {
    if (!key->is(Kind::text)) open_environment();
    if (key->is(Kind::text)) environment_[key->text] = value;
  } else if (of->is(Kind::dictionary) && key->is(Kind::text)) {
    of->set(key->text, value);
  } else if (of->is(Kind::dictionary) || of->is(Kind::list)) {
    of->is_open = true;
    for (Value*& item : of->items) item = unknown_of({item, value});
  } else if (of->is(Kind::library) && of->text.starts_with("alembic.context.config.file_config.")) {
    // config.file_config["section"]["name"] = value
    set_option(text(of->text.substr(of->text.rfind('.') + 1)), copied(key), value);
  }
}

void EnvMachine::assign_parts(const Expression& target, Value* value) {
  const bool has_star = std::any_of(target.parts.begin(), target.parts.end(), [](const auto& it) {
    return it.kind == Expression::Kind::star;
  });
  const bool fits = value->is(Kind::list) && !value->is_open && !has_star &&
                    value->items.size() == target.parts.size();
  for (std::size_t at = 0; at < target.parts.size(); ++at)
    assign(target.parts[at], fits ? value->items[at] : unknown_of({value}));
}

}  // namespace limbeck::alembic
