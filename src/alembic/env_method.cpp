#include <algorithm>

#include "alembic/env_machine.h"

namespace limbeck::alembic {
EnvValue* EnvMachine::call_method(Value* self, const std::string& name, EnvArguments& arguments,
                                  std::string_view source) {
  switch (self->kind) {
    case Kind::text: {
      Value* result = text_method(self, name, arguments);
      derive(result, self);
      return result;
    }
    case Kind::list:
      return list_method(self, name, arguments);
    case Kind::dictionary:
      return dictionary_method(self, name, arguments);
    case Kind::engine:
      return engine_method(self, name, arguments, source);
    case Kind::url:
      return url_method(self, name, arguments);
    case Kind::path:
      return path_method(self, name, arguments);
    case Kind::section:
      return section_method(self, name, arguments);
    default:
      break;
  }
  Value* result = unknown_of(arguments);
  result->is_configured = result->is_configured || is_configured(self);
  return result;
}

EnvValue* EnvMachine::list_method(Value* self, const std::string& name, EnvArguments& arguments) {
  const bool has_one = arguments.values.size() == 1 && !arguments.is_open;
  if (name == "append" && has_one) {
    self->items.push_back(arguments.values[0]);
    return none();
  }
  if (name == "extend" && has_one) {
    extend(self, arguments.values[0]);
    return none();
  }
  if (name == "add" && has_one && self->is_set) {
    const auto is_there = contains(self, arguments.values[0]);
    if (!is_there) self->is_open = true;
    if (is_there == false) self->items.push_back(arguments.values[0]);
    return none();
  }
  if (name == "copy") return copied(self);
  if (name == "index" || name == "count") return unknown();
  self->is_open = true;  // insert, pop, remove, ...
  return unknown_of({self});
}

// By the arguments that have names.
void EnvMachine::update(Value* all, const EnvArguments& arguments) {
  if (arguments.is_open)  // any of those that are not known
    for (Value*& item : all->items) item = unknown(arguments.is_configured);
  for (const auto& [key, value] : arguments.named) all->set(key, value);
  all->is_open = all->is_open || arguments.is_open;
  if (arguments.is_open) all->text = arguments.origin;
}

EnvValue* EnvMachine::dictionary_method(Value* self, const std::string& name,
                                        EnvArguments& arguments) {
  Value* first = arguments.at(0, "key");
  Value* otherwise = arguments.at(1, "default");
  const bool has_key = first != nullptr && first->is(Kind::text);
  Value* found = has_key ? self->find(first->text) : nullptr;
  const bool asks_key = name == "get" || name == "pop" || name == "setdefault";
  if (!asks_key || !has_key) see_x_arguments(self);
  if (name == "get" || name == "pop" || name == "setdefault") {
    if (!has_key) {
      if (name != "get") self->is_open = true;
      return unknown_of({self, otherwise});
    }
    if (name == "pop") self->remove(first->text);
    if (found != nullptr) return found;
    Value* value = otherwise != nullptr ? otherwise : none();
    if (self->is_open) value = unknown(self->is_configured || is_configured(value));
    if (name == "setdefault") self->set(first->text, value);
    return value;
  }
  if (name == "update") {
    if (!arguments.values.empty()) merge(self, arguments.values.front());
    update(self, arguments);
    return none();
  }
  if (name == "copy") return copied(self);
  if (name == "clear") {
    self->keys.clear();
    self->items.clear();
    self->is_open = false;
    return none();
  }
  if (name == "items" || name == "keys" || name == "values") {
    Value* result = list_of({});
    for (std::size_t at = 0; at < self->keys.size(); ++at) {
      if (name == "items")
        result->items.push_back(list_of({text(self->keys[at]), self->items[at]}));
      if (name == "keys") result->items.push_back(text(self->keys[at]));
      if (name == "values") result->items.push_back(self->items[at]);
    }
    result->is_open = self->is_open;
    result->is_configured = self->is_configured;
    return result;
  }
  return unknown_of({self});
}

}  // namespace limbeck::alembic
