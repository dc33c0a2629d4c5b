#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "alembic/env_machine.h"

namespace limbeck::alembic {

// Attributes --------------------------------------------------------------------------------------

bool EnvMachine::has_unknown_base(const Value* type, int depth) const {
  return depth > 20 || std::any_of(type->items.begin(), type->items.end(), [&](const Value* base) {
           if (base->is(Kind::class_type)) return has_unknown_base(base, depth + 1);
           return base->text != "builtins.object" && base->text != "typing.Protocol";
         });
}

// Null: it has none.
EnvValue* EnvMachine::class_attribute(Value* type, const std::string& name, int depth) {
  if (type == nullptr || depth > 20) return nullptr;
  const auto found = type->attributes.find(name);
  if (found != type->attributes.end()) return found->second;
  for (Value* base : type->items)
    if (base->is(Kind::class_type))
      if (Value* value = class_attribute(base, name, depth + 1)) return value;
  return nullptr;
}

// Of an object, or of a class itself.
EnvValue* EnvMachine::attribute_of_object(Value* of, const std::string& name) {
  Value* type = of->is(Kind::object) ? of->self : of;
  Value* found = class_attribute(type, name);
  if (found == nullptr) return of->attributes[name] = unknown();
  // The fields of a settings class are filled from the environment.
  if (!found->is(Kind::function)) {
    if (!has_unknown_base(type)) return found;
    Value* value = unknown();
    value->variable = url_variable(name);
    return of->attributes[name] = value;
  }
  const auto is_a = [&](std::string_view decorator) {
    return std::find(found->keys.begin(), found->keys.end(), decorator) != found->keys.end();
  };
  if (is_a("staticmethod")) return found;
  Value* bound = make(Kind::method);
  bound->self = is_a("classmethod") ? type : of;
  bound->items = {found};
  const bool is_called = is_a("property") || is_a("cached_property");
  if (of->is(Kind::class_type) && !is_a("classmethod")) return found;
  return is_called ? invoke(bound, {}, {}) : bound;
}

EnvValue* EnvMachine::attribute(Value* of, const std::string& name) {
  const auto own = of->attributes.find(name);
  if (own != of->attributes.end() && !of->is(Kind::function)) return own->second;
  switch (of->kind) {
    case Kind::unknown: {  // the same whenever it is asked for
      Value* value = unknown(of->is_configured);
      if (!of->text.empty()) value->text = of->text + "." + name;
      value->variable = url_variable(name);
      if (value->variable.empty()) value->variable = of->variable;
      return of->attributes[name] = value;
    }
    case Kind::library:
      return library_attribute(of, name);
    case Kind::object:
    case Kind::class_type:
      return attribute_of_object(of, name);
    case Kind::super:
      return super_attribute(of, name);
    case Kind::none:
      if (!name.starts_with("__")) return without("AttributeError", of->variable);
      break;
    case Kind::engine:
      if (name == "engine" || name == "sync_engine" || name == "bind" || name == "sync_connection")
        return of;
      if (name == "url") return url_of(of);
      break;
    case Kind::metadata:
      if (name == "schema") return of->self;
      if (name == "metadata") return of;
      return unknown();
    case Kind::path:
      if (name == "parent" || name == "name" || name == "stem" || name == "parents")
        return path_attribute(of, name);
      break;
    case Kind::url:
      if (!name.starts_with("render") && name != "set" && !name.starts_with("_replace") &&
          !name.starts_with("update") && !name.starts_with("difference"))
        return url_attribute(of, name);
      break;
    default:
      break;
  }
  Value* bound = make(Kind::method);
  bound->self = of;
  bound->text = name;
  return bound;
}

void EnvMachine::set_attribute(Value* of, const std::string& name, Value* value) {
  if (of->is(Kind::library)) {
    const bool is_of_config = of->text == "alembic.context.config";
    if (is_of_config && name == "config_ini_section" && value->is(Kind::text)) {
      section_ = value->text;
    } else if (is_of_config && name.starts_with("config_")) {
      options_are_open_ = true;  // another file, or nobody knows which section
    }
    patched_[of->text + "." + name] = value;
    return;
  }
  if (of->is(Kind::metadata) && name == "schema") of->self = value;
  of->attributes[name] = value;
}

// Calls -------------------------------------------------------------------------------------------

EnvArguments EnvMachine::arguments_of(const Expression& expression, const Value* function) {
  // Of all that context.configure() is given, no more is asked for.
  const bool is_configure =
      function->is(Kind::library) && function->text == "alembic.context.configure";
  const auto is_needed = [&](std::string_view name) {
    return !is_configure || name == "connection" || name.starts_with("version_table") ||
           name.find_first_not_of('*') == std::string_view::npos;
  };
  EnvArguments result;
  for (std::size_t at = 1; at < expression.parts.size(); ++at) {
    const std::string& name = expression.names[at];
    if (!is_needed(name)) continue;
    Value* value = evaluate(expression.parts[at]);
    if (name.empty()) {
      result.values.push_back(value);
    } else if (name == "*") {
      const std::vector<Value*> items = items_of(value);
      result.values.insert(result.values.end(), items.begin(), items.end());
      result.is_open = result.is_open || !value->is(Kind::list) || value->is_open;
    } else if (name == "**") {
      value = as_dictionary(value);
      see_x_arguments(value);
      if (value->is(Kind::dictionary))
        for (std::size_t i = 0; i < value->keys.size(); ++i)
          result.named[value->keys[i]] = value->items[i];
      result.is_open = result.is_open || !value->is(Kind::dictionary) || value->is_open;
      result.is_configured = result.is_configured || is_configured(value);
      if (!value->is(Kind::dictionary) || value->is_open) result.origin = origin_of(value);
    } else {
      result.named[name] = value;
    }
  }
  return result;
}

EnvValue* EnvMachine::call(const Expression& expression) {
  Value* function = evaluate(expression.parts.front());
  const int line = line_;
  EnvArguments arguments = arguments_of(expression, function);
  line_ = line;
  see_execution(expression.parts.front(), function, arguments);
  Value* result = invoke(function, std::move(arguments), expression.source);
  line_ = line;
  return result;
}

EnvValue* EnvMachine::invoke(Value* function, EnvArguments arguments, std::string_view source) {
  const EnvDepth depth(depth_);
  count_step();
  const bool takes_generators = function->is(Kind::function) || function->is(Kind::class_type) ||
                                function->text == "builtins.next" ||
                                (function->is(Kind::method) && !function->items.empty());
  if (!takes_generators)
    for (Value* value : arguments.values) force(value);
  switch (function->kind) {
    case Kind::function:
      return invoke_function(function, std::move(arguments));
    case Kind::class_type:
      return make_object(function, std::move(arguments));
    case Kind::method:
      if (!function->items.empty()) {  // of a class of env.py
        arguments.values.insert(arguments.values.begin(), function->self);
        return invoke(function->items.front(), std::move(arguments), source);
      }
      return call_method(function->self, function->text, arguments, source);
    case Kind::partial: {
      std::vector<Value*> values = function->items;
      values.insert(values.end(), arguments.values.begin(), arguments.values.end());
      arguments.values = std::move(values);
      for (const auto& [name, value] : function->attributes) arguments.named.emplace(name, value);
      return invoke(function->self, std::move(arguments), source);
    }
    case Kind::library:
      return call_library(function->text, arguments, source);
    case Kind::engine:  // Session()
      return function;
    case Kind::object: {
      Value* own = class_attribute(function->self, "__call__");
      if (own == nullptr || !own->is(Kind::function)) break;
      arguments.values.insert(arguments.values.begin(), function);
      return invoke(own, std::move(arguments), source);
    }
    default:
      break;
  }
  return invoke_unknown(function, arguments, source);
}

void EnvMachine::take_defaults(Value* function, const std::vector<PythonParameter>& parameters) {
  for (const PythonParameter& parameter : parameters)
    if (parameter.otherwise) function->attributes[parameter.name] = evaluate(*parameter.otherwise);
}

void EnvMachine::bind_parameters(EnvFrame& frame, const std::vector<PythonParameter>& parameters,
                                 Value* function, EnvArguments& arguments) {
  std::size_t position = 0;
  for (const PythonParameter& parameter : parameters) {
    if (parameter.stars == 1) {
      Value* rest = make(Kind::list);
      for (; position < arguments.values.size(); ++position)
        rest->items.push_back(arguments.values[position]);
      rest->is_open = arguments.is_open;
      frame.names[parameter.name] = rest;
    } else if (parameter.stars == 2) {
      Value* rest = make(Kind::dictionary);
      for (const auto& [name, value] : arguments.named) rest->set(name, value);
      rest->is_open = arguments.is_open;
      frame.names[parameter.name] = rest;
    } else {
      const auto named = arguments.named.find(parameter.name);
      const auto otherwise = function->attributes.find(parameter.name);
      Value* value = nullptr;
      if (!parameter.is_by_name && position < arguments.values.size()) {
        value = arguments.values[position++];
      } else if (named != arguments.named.end()) {
        value = named->second;
        arguments.named.erase(named);
      } else if (otherwise != function->attributes.end() && !arguments.is_open) {
        value = otherwise->second;
      }
      frame.names[parameter.name] = value == nullptr ? unknown(arguments.is_configured) : value;
    }
  }
}

EnvValue* EnvMachine::invoke_function(Value* function, EnvArguments arguments) {
  EnvFrame& frame = frames_.emplace_back();
  frame.parent = function->frame;
  if (function->lambda != nullptr) {
    bind_parameters(frame, function->lambda->parameters, function, arguments);
    const EnvFrameSwitch within(frame_, &frame);
    return evaluate(function->lambda->parts.front());
  }
  bind_parameters(frame, function->definition->parameters, function, arguments);
  if (!function->definition->parameters.empty())
    frame.self = frame.names[function->definition->parameters.front().name];
  const auto yields = [](const Statement& it) {
    const bool is_own =
        it.kind == Statement::Kind::function || it.kind == Statement::Kind::class_type;
    return it.is_generator && !is_own;
  };
  const auto& body = function->definition->body;
  if (std::any_of(body.begin(), body.end(), yields)) {
    Value* generator = make(Kind::generator);
    generator->definition = function->definition;
    generator->frame = &frame;
    return generator;
  }
  const EnvFrameSwitch within(frame_, &frame);
  const Flow flow = run_all(function->definition->body);
  const bool is_wrapped = std::find(function->keys.begin(), function->keys.end(),
                                    wrapped_function) != function->keys.end();
  if (is_wrapped) return unknown();
  Value* returned = flow == Flow::leave ? std::exchange(returned_, nullptr) : nullptr;
  return returned == nullptr ? none() : returned;
}

// Within a method: of the classes above the one that it stands in.
EnvValue* EnvMachine::super() {
  const EnvFrame* method = frame_;
  while (method != nullptr && (method->parent == nullptr || !method->parent->is_class))
    method = method->parent;
  const auto type = method == nullptr ? nullptr : method->parent->names.find("__class__")->second;
  if (type == nullptr || method->self == nullptr) return unknown();
  Value* result = make(Kind::super);
  result->self = method->self;
  result->items = {type};
  return result;
}

EnvValue* EnvMachine::super_attribute(const Value* of, const std::string& name) {
  for (Value* base : of->items.front()->items) {
    Value* found = base->is(Kind::class_type) ? class_attribute(base, name) : nullptr;
    if (found == nullptr) continue;
    if (!found->is(Kind::function)) return found;
    const bool is_property =
        std::find(found->keys.begin(), found->keys.end(), "property") != found->keys.end();
    Value* bound = make(Kind::method);
    bound->self = of->self;
    bound->items = {found};
    return is_property ? invoke(bound, {}, {}) : bound;
  }
  if (name == "__init__" && !has_unknown_base(of->items.front())) return library("builtins.print");
  return unknown();
}

EnvValue* EnvMachine::make_object(Value* type, EnvArguments arguments) {
  Value* object = make(Kind::object);
  object->self = type;
  if (has_unknown_base(type)) {
    for (const auto& [name, value] : arguments.named) object->attributes[name] = value;
    return object;
  }
  Value* initializer = class_attribute(type, "__init__");
  if (initializer != nullptr && initializer->is(Kind::function)) {
    arguments.values.insert(arguments.values.begin(), object);
    invoke(initializer, std::move(arguments), {});
    return object;
  }
  for (const auto& [name, value] : arguments.named) object->attributes[name] = value;
  if (!arguments.values.empty() || arguments.is_open) {  // of a dataclass: the fields in order
    for (const auto& [name, value] : type->attributes)
      if (!value->is(Kind::function) && !arguments.named.contains(name))
        object->attributes[name] = unknown();
  }
  return object;
}

}  // namespace limbeck::alembic
