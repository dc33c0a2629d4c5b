#include <algorithm>
#include <array>

#include "alembic/env_machine.h"

namespace limbeck::alembic {
namespace {

// What their decorators make of a function gives what the function gives.
bool keeps_functions(std::string_view module) {
  constexpr std::array<std::string_view, 6> modules{"tenacity", "backoff",           "retry",
                                                    "retrying", "typing_extensions", "flask"};
  const std::string_view first = module.substr(0, module.find_first_of(".("));
  return std::find(modules.begin(), modules.end(), first) != modules.end();
}

bool is_property(const EnvValue* value) {
  return std::any_of(value->keys.begin(), value->keys.end(), [](const std::string& it) {
    return it == "property" || it == "cached_property";
  });
}

}  // namespace

EnvValue* EnvMachine::decorated(const Expression& decorator, Value* by, Value* value) {
  // @functools.lru_cache(maxsize=None)
  const bool is_call = decorator.kind == Expression::Kind::call;
  const Value* maker = is_call ? evaluate(decorator.parts.front()) : by;
  if (maker->is(Kind::library)) {
    if (!is_call) value->keys.push_back(maker->text.substr(maker->text.rfind('.') + 1));
    return value;
  }
  const bool is_of_property = by->is(Kind::method) && by->self->is(Kind::function);
  if (is_of_property && is_property(by->self)) {  // @url.setter
    by->self->keys.emplace_back("setter");
    return by->self;
  }
  if (by->is(Kind::unknown)) {
    if (keeps_functions(by->text)) return value;
    if (value->is(Kind::class_type)) value->items.push_back(by);
    if (value->is(Kind::function)) value->keys.emplace_back(wrapped_function);
    return value;
  }
  EnvArguments arguments;
  arguments.values = {value};
  return invoke(by, std::move(arguments), decorator.source);
}

void EnvMachine::define(const Statement& statement) {
  const bool is_function = statement.kind == Statement::Kind::function;
  Value* value = make(is_function ? Kind::function : Kind::class_type);
  value->text = statement.text;
  value->definition = &statement;
  value->frame = frame_;
  std::vector<Value*> decorators;
  for (const Expression& decorator : statement.first) decorators.push_back(evaluate(decorator));
  if (is_function) {
    take_defaults(value, statement.parameters);
  } else {
    for (const Expression& base : statement.second) value->items.push_back(evaluate(base));
    EnvFrame& frame = frames_.emplace_back();
    frame.parent = frame_;
    frame.is_class = true;
    frame.names["__class__"] = value;
    {
      const EnvFrameSwitch within(frame_, &frame);
      run_all(statement.body);
    }
    for (const auto& [name, attribute] : frame.names) value->attributes[name] = attribute;
    const bool is_made =
        std::any_of(statement.second.begin(), statement.second.end(),
                    [](const Expression& base) { return base.kind == Expression::Kind::unknown; });
    if (is_made) value = unknown();
  }
  for (std::size_t at = decorators.size(); at > 0; --at)
    value = decorated(statement.first[at - 1], decorators[at - 1], value);
  assign_name(statement.text, value);
}

}  // namespace limbeck::alembic
