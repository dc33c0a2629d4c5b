#include <algorithm>
#include <fmt/format.h>

#include "alembic/env_machine.h"

namespace limbeck::alembic {

EnvValue* EnvMachine::call_builtin(std::string_view name, EnvArguments& arguments,
                                   std::string_view source) {
  Value* first = arguments.values.empty() ? nullptr : arguments.values.front();
  if (name == "exit" || name == "quit") {
    end_itself("SystemExit");
    return none();
  }
  if (name == "print" || name == "setattr" || name == "super") {
    const bool is_set =
        name == "setattr" && arguments.values.size() == 3 && arguments.values[1]->is(Kind::text);
    if (is_set) set_attribute(first, arguments.values[1]->text, arguments.values[2]);
    return name == "super" ? super() : none();
  }
  // locals() and vars() are those of the module, where they are changed at all.
  const bool is_of_names = name == "globals" || name == "vars" || name == "locals";
  if (is_of_names && first == nullptr) return library("builtins.globals()");
  if (name == "exec" || (name.starts_with("globals()") && !name.ends_with("get"))) forget_names();
  if (name == "dict") {
    Value* result = make(Kind::dictionary);
    if (first != nullptr) merge(result, first);
    update(result, arguments);
    return result;
  }
  if (first == nullptr) {
    if (name == "str") return text("");
    const bool is_list = name == "list" || name == "tuple" || name == "set";
    return is_list ? list_of({}) : unknown();
  }
  if (name == "str") {
    auto known = text_of_value(first);
    return known ? text(*std::move(known)) : unknown_of({first});
  }
  if (name == "bool") return truth_value(is_true(first));
  if (name == "int") return whole_of(first);
  if (name == "next" || name == "anext") {
    if (Value* value = next_of(first)) return value;
    if (arguments.values.size() > 1) return arguments.values[1];
    throw EnvError{"StopIteration", line_, false};
  }
  if (name == "len" && first->is(Kind::text)) return number(length_of(first->text));
  if (name == "len" && (first->is(Kind::list) || first->is(Kind::dictionary)) && !first->is_open)
    return number(static_cast<long long>(first->items.size()));
  if (name == "isinstance" && arguments.values.size() == 2) return is_instance(arguments);
  if (name == "hasattr" || name == "getattr") {
    const Value* of = arguments.values.size() > 1 ? arguments.values[1] : nullptr;
    if (of == nullptr || !of->is(Kind::text)) return unknown_of(arguments);
    const bool is_there = first->attributes.contains(of->text);
    // What "upgrade" has not among its options.
    const bool is_of_command = first->is(Kind::library) && first->text.ends_with(".cmd_opts");
    if (name == "hasattr") {
      if (is_there || first->is(Kind::library)) return truth_value(true);
      return truth_value(
          decide(fmt::format("{} has {}", static_cast<const void*>(first), of->text)));
    }
    if (is_of_command && of->text == "autogenerate" && arguments.values.size() > 2)
      return arguments.values[2];
    const bool has_default = arguments.values.size() > 2;
    Value* value = attribute(first, of->text);
    if (!has_default || !value->is(Kind::unknown) || is_there) return value;
    return decide(source) ? value : arguments.values[2];
  }
  return call_collection(name, arguments);
}

// int("5")
EnvValue* EnvMachine::whole_of(Value* value) {
  if (value->is(Kind::truth)) return number(value->text == "True" ? 1 : 0);
  if (value->is(Kind::none)) return without("TypeError", value->variable);
  if (value->is(Kind::unknown)) may_fail("int()", "ValueError");
  if (value->is(Kind::number) && whole_number(value->text)) return value;
  if (!value->is(Kind::text)) return unknown_of({value});
  std::string_view digits = value->text;
  const std::size_t begin = std::min(digits.find_first_not_of(" \t\r\n"), digits.size());
  digits = digits.substr(begin, digits.find_last_not_of(" \t\r\n") + 1 - begin);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  if (const auto known = whole_number(digits)) return number(*known);
  const bool is_odd = digits.size() > 15 || digits.find('_') != std::string_view::npos ||
                      length_of(digits) != static_cast<long long>(digits.size());
  if (is_odd) return unknown();
  throw EnvError{"ValueError", line_, false};
}

EnvValue* EnvMachine::is_instance(const EnvArguments& arguments) {
  const Value* value = arguments.values[0];
  const Value* type = arguments.values[1];
  if (value->is(Kind::text) && type->is(Kind::library))
    return truth_value(type->text == "builtins.str" || type->text == "builtins.object");
  if (value->is(Kind::object) && type->is(Kind::class_type))
    if (const auto is_below = is_class_below(value->self, type)) return truth_value(*is_below);
  return unknown();
}

}  // namespace limbeck::alembic
