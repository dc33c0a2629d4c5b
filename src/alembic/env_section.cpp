#include <algorithm>

#include "alembic/env_machine.h"

namespace limbeck::alembic {

bool EnvMachine::has_section(const std::string& name) const {
  return sections_.contains(name) || added_sections_.contains(name) || name == "DEFAULT" ||
         std::any_of(options_.begin(), options_.end(),
                     [&](const auto& it) { return it.first.first == name; });
}

EnvValue* EnvMachine::section_of(const std::string& name, Value* otherwise) {
  const auto known = sections_.find(name);
  if (options_are_open_) return unknown();
  if (!has_section(name)) return otherwise == nullptr ? none() : otherwise;
  Value* result = make(Kind::dictionary);
  if (known != sections_.end())
    for (const auto& [option_name, value] : known->second)
      if (!removed_.contains({name, option_name}))
        result->set(option_name, option(name, option_name));
  for (const auto& [key, value] : options_)
    if (key.first == name) result->set(key.second, option(name, key.second));
  return result;
}

// config.file_config.get("section", "name")
EnvValue* EnvMachine::call_file_config(std::string_view name, EnvArguments& arguments) {
  if (name == "get")
    return option_or(arguments.at(0, "section"), arguments.at(1, "option"),
                     arguments.at(2, "fallback"));
  if (name == "items" || name == "options" || name == "has_option") {
    const Value* section = arguments.at(0, "section");
    if (section == nullptr || !section->is(Kind::text)) return unknown();
    if (name == "has_option") {
      const Value* of = arguments.at(1, "option");
      if (of == nullptr || !of->is(Kind::text)) return unknown();
      return truth_value(option(section->text, of->text) != nullptr);
    }
    Value* all = section_of(section->text, nullptr);
    EnvArguments nothing;
    if (!all->is(Kind::dictionary)) throw EnvError{"NoSectionError", line_, false};
    return dictionary_method(all, name == "items" ? "items" : "keys", nothing);
  }
  if (name == "set" && arguments.values.size() == 3) {
    set_option(arguments.values[0], arguments.values[1], arguments.values[2]);
    return none();
  }
  if (name == "has_section") {
    const Value* section = arguments.at(0, "section");
    if (section == nullptr || !section->is(Kind::text)) return unknown();
    return truth_value(has_section(section->text));
  }
  if (name == "add_section" && !arguments.values.empty() && arguments.values[0]->is(Kind::text)) {
    added_sections_.insert(arguments.values[0]->text);
    return none();
  }
  if (name.starts_with("set") || name.starts_with("read") || name.starts_with("remove") ||
      name.starts_with("update") || name == "defaults" || name.starts_with("__set"))
    options_are_open_ = true;
  return unknown();
}

EnvValue* EnvMachine::as_dictionary(Value* value) {
  return value->is(Kind::section) ? section_of(value->text, nullptr) : value;
}

EnvValue* EnvMachine::section_item(const Value* section, const Value* key) {
  if (!key->is(Kind::text)) return unknown();
  Value* value = option(section->text, key->text);
  if (value == nullptr) throw EnvError{"KeyError", line_, false};
  return value;
}

// config.file_config["section"].update(...)
EnvValue* EnvMachine::section_method(Value* self, const std::string& name,
                                     EnvArguments& arguments) {
  Value* section = text(self->text);
  Value* first = arguments.at(0, "option");
  if (name == "get") {
    Value* otherwise = arguments.at(1, "fallback");
    return option_or(section, first, otherwise);
  }
  if (name == "update") {
    Value* all = make(Kind::dictionary);
    for (Value* value : arguments.values) merge(all, value);
    for (const auto& [key, value] : arguments.named) all->set(key, value);
    for (std::size_t at = 0; at < all->keys.size(); ++at)
      set_option(section, text(all->keys[at]), all->items[at]);
    if (all->is_open || arguments.is_open) options_are_open_ = true;
    return none();
  }
  const bool has_pair = arguments.values.size() == 2;
  if (name == "__setitem__" && has_pair) {
    set_option(section, first, arguments.values[1]);
    return none();
  }
  if (name == "setdefault" && has_pair && first->is(Kind::text)) {
    if (Value* known = option(self->text, first->text)) return known;
    set_option(section, first, arguments.values[1]);
    return arguments.values[1];
  }
  if (name == "items" || name == "keys" || name == "values" || name == "__contains__")
    return call_method(as_dictionary(self), name, arguments, {});
  if (!name.starts_with("get")) options_are_open_ = true;
  return unknown();
}

}  // namespace limbeck::alembic
