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
    return name == "super" ? library("builtins.super()") : none();
  }
  if (name == "dict") {
    Value* result = make(Kind::dictionary);
    if (first != nullptr) merge(result, first);
    for (const auto& [key, value] : arguments.named) result->set(key, value);
    result->is_open = result->is_open || arguments.is_open;
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
  if (name == "int") return first->is(Kind::number) ? first : unknown();
  if (name == "list" || name == "tuple" || name == "set" || name == "sorted" ||
      name == "frozenset" || name == "iter" || name == "reversed") {
    Value* result = list_of(items_of(first));
    const bool is_collection = first->is(Kind::list) || first->is(Kind::dictionary);
    result->is_open = !is_collection || first->is_open || name == "sorted" || name == "reversed";
    result->is_configured = is_configured(first);
    return result;
  }
  if (name == "next" && first->is(Kind::list) && !first->items.empty()) return first->items.front();
  if (name == "len" && (first->is(Kind::text) || first->is(Kind::list)) && !first->is_open)
    return number(
        static_cast<long long>(first->is(Kind::text) ? first->text.size() : first->items.size()));
  if (name == "isinstance" && arguments.values.size() == 2 && first->is(Kind::text) &&
      arguments.values[1]->text == "builtins.str")
    return truth_value(true);
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
  return unknown_of(arguments);
}

}  // namespace limbeck::alembic
