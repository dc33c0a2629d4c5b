#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "alembic/env_machine.h"

namespace limbeck::alembic {
namespace {

constexpr std::size_t most_rounds = 5000;
constexpr int most_unbounded_rounds = 1000;

// print(), logger.info(), pass
bool changes_nothing(const PythonStatement& statement) {
  using Of = PythonStatement::Kind;
  using Part = PythonExpression::Kind;
  if (statement.kind == Of::nothing) return true;
  if (statement.kind != Of::expression || statement.is_generator || statement.first.empty())
    return false;
  const PythonExpression& call = statement.first.front();
  if (call.kind == Part::text) return true;
  if (call.kind != Part::call) return false;
  const bool is_plain = std::none_of(call.parts.begin() + 1, call.parts.end(), [](const auto& it) {
    return it.kind == Part::call || it.kind == Part::assignment;
  });
  const PythonExpression& function = call.parts.front();
  if (function.kind == Part::name) return is_plain && function.text == "print";
  constexpr auto names = std::to_array<std::string_view>(
      {"debug", "info", "warning", "error", "exception", "critical", "setLevel"});
  return is_plain && function.kind == Part::attribute &&
         function.parts.front().kind == Part::name &&
         std::find(names.begin(), names.end(), function.text) != names.end();
}

bool changes_nothing(const std::vector<PythonStatement>& body) {
  return std::all_of(body.begin(), body.end(),
                     [](const PythonStatement& it) { return changes_nothing(it); });
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
    case Of::expression:
      run_expression(statement);
      return Flow::on;
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
      return run_with(statement, 0);
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
    case Of::raise:
      raise(statement);
      return Flow::on;
    case Of::import:
      run_import(statement);
      return Flow::on;
    case Of::global:
      for (const std::string& name : statement.names)
        if (frame_ != module_)
          (statement.text == "global" ? frame_->globals : frame_->outer).insert(name);
      return Flow::on;
    case Of::leave_loop:
      return Flow::leave_loop;
    case Of::next_round:
      return Flow::next_round;
    case Of::assertion: {
      const Expression& all = statement.first.front();  // with its message
      const bool has_message = all.kind == Expression::Kind::tuple && !all.parts.empty();
      const Value* said = evaluate(has_message ? all.parts.front() : all);
      if (known_truth(said) == false) throw EnvError{"AssertionError", statement.line, false};
      return Flow::on;
    }
  }
  return Flow::on;
}

EnvMachine::Flow EnvMachine::run_condition(const Statement& statement) {
  Value* condition = evaluate(statement.first.front());
  // Nobody has to know whether something is printed: each way more doubles their number.
  if (!known_truth(condition) && changes_nothing(statement.body) &&
      changes_nothing(statement.otherwise))
    return Flow::on;
  const bool holds = is_true(condition);
  return run_all(holds ? statement.body : statement.otherwise);
}

// yield, and anything else
void EnvMachine::run_expression(const Statement& statement) {
  Value* value = statement.first.empty() ? none() : evaluate(statement.first.front());
  if (statement.is_generator) yield(value, statement.yields_all);
}

EnvMachine::Flow EnvMachine::run_for(const Statement& statement) {
  Value* iterated = evaluate(statement.second.front());
  return iterated->is(Kind::generator) ? run_for_generated(statement, iterated)
                                       : run_rounds(statement, iterated);
}

EnvMachine::Flow EnvMachine::run_rounds(const Statement& statement, Value* iterated) {
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
    const std::size_t decided = decision_;
    Value* condition = evaluate(statement.first.front());
    // Once is as good as many times, of what is not known.
    const bool is_over = round > 0 && decision_ != decided;
    const auto known = known_truth(condition);
    if (is_over || known == false ||
        (!known && (round > 0 || !decide(statement.first.front().source))))
      return run_all(statement.otherwise);
    const Flow flow = run_all(statement.body);
    if (flow == Flow::leave) return flow;
    if (flow == Flow::leave_loop) return Flow::on;
  }
  throw EnvTooLong();
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

void EnvMachine::run_assignment(const Statement& statement) {
  Value* value = evaluate(statement.second.front());
  if (statement.is_generator) {  // what it is sent
    yield(value, statement.yields_all);
    value = statement.yields_all ? unknown() : none();
  }
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
  if (statement.text == "|=" && before->is(Kind::library) && before->text == "os.environ") {
    update_environment(value);
    return;
  }
  const bool is_list = before->is(Kind::list) && value->is(Kind::list);
  if (statement.text == "+=" && is_list) {
    extend(before, value);
    return;
  }
  assign(target, statement.text == "+=" ? added(before, value) : unknown_of({before, value}));
}

void EnvMachine::run_deletion(const Statement& statement) {
  for (const Expression& target : statement.first) {
    if (target.kind == Expression::Kind::name) frame_of(target.text)->names.erase(target.text);
    if (target.kind != Expression::Kind::item) continue;
    Value* of = evaluate(target.parts[0]);
    const Value* key = evaluate(target.parts[1]);
    if (of->is(Kind::dictionary) && key->is(Kind::text)) of->remove(key->text);
    if (of->is(Kind::library) && of->text == "os.environ" && key->is(Kind::text))
      environment_[key->text] = nullptr;
  }
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
  } else if (of->is(Kind::section)) {
    set_option(text(of->text), copied(key), value);
  } else if (of->is(Kind::library) && of->text.starts_with("alembic.context.config")) {
    options_are_open_ = true;  // a whole section
  } else if (of->is(Kind::library) && of->text == "builtins.globals()") {
    if (key->is(Kind::text)) module_->names[key->text] = value;
    if (!key->is(Kind::text)) forget_names();
  }
}

void EnvMachine::assign_parts(const Expression& target, Value* value) {
  force(value);
  const bool has_star = std::any_of(target.parts.begin(), target.parts.end(), [](const auto& it) {
    return it.kind == Expression::Kind::star;
  });
  const bool fits = value->is(Kind::list) && !value->is_open && !has_star &&
                    value->items.size() == target.parts.size();
  for (std::size_t at = 0; at < target.parts.size(); ++at)
    assign(target.parts[at], fits ? value->items[at] : unknown_of({value}));
}

}  // namespace limbeck::alembic
