#include <array>
#include <fmt/format.h>
#include <utility>

#include "alembic/env_machine.h"

namespace limbeck::alembic {
namespace {

// A generator stands still, and never goes on.
struct EnvPause {};

}  // namespace

// Generators --------------------------------------------------------------------------------------

// What a generator gives is taken while it runs: the body of the loop, or of "with", runs within
// its yield.
void EnvMachine::yield(Value* value, bool is_all) {
  EnvFrame* frame = frame_;
  if (frame->on_yield == nullptr) return;
  if (!is_all) {
    (*frame->on_yield)(value);
    return;
  }
  for (Value* item : items_of(value)) (*frame->on_yield)(item);
}

void EnvMachine::run_generator(Value* generator, const EnvFrame::Yield& taken) {
  const EnvDepth depth(depth_);
  const Statement& definition = *generator->definition;
  EnvFrame& frame = *generator->frame;
  *generator = Value{.kind = Kind::list, .is_iterator = true};
  frame.on_yield = &taken;
  Value* returned = std::exchange(returned_, nullptr);
  const EnvFrameSwitch within(frame_, &frame);
  run_all(definition.body);
  returned_ = returned;
}

// A generator becomes the list of all that it gives.
void EnvMachine::force(Value* value) {
  if (!value->is(Kind::generator)) return;
  if (value->lambda != nullptr) {
    const Expression& expression = *value->lambda;
    EnvFrame* frame = value->frame;
    Value* iterated = value->items.front();
    *value = Value{.kind = Kind::list, .is_iterator = true};
    const EnvFrameSwitch within(frame_, frame);
    Value* all = comprehension(expression, iterated);
    all->is_iterator = true;
    *value = *all;
    return;
  }
  std::vector<Value*> items;
  run_generator(value, [&](Value* item) { items.push_back(item); });
  value->items = std::move(items);
}

// Null: there is no other.
EnvValue* EnvMachine::next_of(Value* value) {
  if (value->is(Kind::generator) && value->lambda == nullptr) {
    Value* first = nullptr;
    const std::size_t attempts = attempts_.size();
    const std::size_t handled = handled_.size();
    try {
      run_generator(value, [&](Value* item) {
        first = item;
        throw EnvPause();
      });
    } catch (const EnvPause&) {
      value->is_open = true;  // what follows nobody knows
      attempts_.resize(attempts);
      handled_.resize(handled);
    }
    return first;
  }
  force(value);
  if (!value->is(Kind::list) || !value->is_iterator) return unknown_of({value});
  if (value->items.empty()) return value->is_open ? unknown_of({value}) : nullptr;
  Value* first = value->items.front();
  value->items.erase(value->items.begin());
  return first;
}

EnvMachine::Flow EnvMachine::run_for_generated(const Statement& statement, Value* generator) {
  if (generator->lambda != nullptr) {
    force(generator);
    return run_rounds(statement, generator);
  }
  Flow flow = Flow::on;
  Value* returned = nullptr;
  EnvFrame* outside = frame_;
  bool is_closed = false;
  try {
    run_generator(generator, [&](Value* item) {
      const EnvFrameSwitch within(frame_, outside);
      assign(statement.first.front(), item);
      flow = run_all(statement.body);
      is_closed = flow == Flow::leave || flow == Flow::leave_loop;
      returned = std::exchange(returned_, nullptr);
      if (is_closed) throw EnvError{"GeneratorExit", line_, false};
    });
  } catch (const EnvError& error) {
    if (!is_closed || error.type != "GeneratorExit") throw;
  }
  if (flow == Flow::leave) returned_ = returned;
  if (is_closed) return flow == Flow::leave ? flow : Flow::on;
  return run_all(statement.otherwise);
}

// with --------------------------------------------------------------------------------------------

EnvMachine::Flow EnvMachine::run_with(const Statement& statement, std::size_t at) {
  if (at == statement.first.size()) return run_all(statement.body);
  Value* manager = evaluate(statement.first[at]);
  if (manager->is(Kind::generator)) return run_with_generator(statement, at, manager);
  if (manager->is(Kind::object)) return run_with_object(statement, at, manager);
  if (statement.second[at].kind != Expression::Kind::none) assign(statement.second[at], manager);
  const bool is_suppressing =
      manager->is(Kind::library) && manager->text == "contextlib.suppress()";
  if (!is_suppressing) {
    const Flow flow = run_with(statement, at + 1);
    if (manager->is(Kind::engine)) end_transaction(statement.first[at], manager);
    return flow;
  }
  const std::size_t attempts = attempts_.size();
  attempts_.push_back(false);
  Flow flow = Flow::on;
  try {
    flow = run_with(statement, at + 1);
  } catch (const EnvError& error) {
    Value* types = list_of(manager->items);
    if (is_error_of(error, types) == false) throw;
  }
  attempts_.resize(attempts);
  return flow;
}

// with engine.begin(): ...; a connection that is closed takes back what was not committed.
void EnvMachine::end_transaction(const Expression& manager, const Value* connection) {
  const bool is_call = manager.kind == Expression::Kind::call &&
                       manager.parts.front().kind == Expression::Kind::attribute;
  const std::string name = is_call ? manager.parts.front().text : std::string();
  if (name == "begin") execute(connection, "COMMIT");
  if (name == "connect") execute(connection, "ROLLBACK");
}

// @contextmanager
EnvMachine::Flow EnvMachine::run_with_generator(const Statement& statement, std::size_t at,
                                                Value* manager) {
  Flow flow = Flow::on;
  Value* returned = nullptr;
  EnvFrame* outside = frame_;
  run_generator(manager, [&](Value* item) {
    const EnvFrameSwitch within(frame_, outside);
    if (statement.second[at].kind != Expression::Kind::none) assign(statement.second[at], item);
    flow = run_with(statement, at + 1);
    returned = std::exchange(returned_, nullptr);
  });
  if (flow == Flow::leave) returned_ = returned;
  return flow;
}

EnvMachine::Flow EnvMachine::run_with_object(const Statement& statement, std::size_t at,
                                             Value* manager) {
  const auto call_own = [&](std::string_view name, std::vector<Value*> values) {
    Value* own = class_attribute(manager->self, "__" + std::string(name));
    if (own == nullptr) own = class_attribute(manager->self, "__a" + std::string(name));
    if (own == nullptr) return unknown();
    EnvArguments arguments;
    arguments.values = std::move(values);
    arguments.values.insert(arguments.values.begin(), manager);
    return invoke(own, std::move(arguments), {});
  };
  Value* entered = call_own("enter__", {});
  if (statement.second[at].kind != Expression::Kind::none) assign(statement.second[at], entered);
  Flow flow = Flow::on;
  std::optional<EnvError> error;
  const std::size_t attempts = attempts_.size();
  try {
    flow = run_with(statement, at + 1);
  } catch (const EnvError& it) {
    attempts_.resize(attempts);
    error = it;
  }
  Value* returned = std::exchange(returned_, nullptr);
  if (error) {
    const Value* is_handled = call_own("exit__", {unknown(), unknown(), unknown()});
    if (!is_true(is_handled)) throw *error;
    return Flow::on;
  }
  call_own("exit__", {none(), none(), none()});
  returned_ = returned;
  return flow;
}

}  // namespace limbeck::alembic
