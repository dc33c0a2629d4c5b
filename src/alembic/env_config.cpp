#include <algorithm>
#include <fmt/format.h>

#include "alembic/env_file.h"
#include "alembic/env_machine.h"
#include "alembic/ini.h"
#include "base/file.h"
#include "base/letter_case.h"

namespace limbeck::alembic {
namespace {

// Python takes an option's name in small letters.
std::pair<std::string, std::string> option_key(const std::string& section,
                                               const std::string& name) {
  return {section, lower_case(name)};
}

constexpr std::string_view x_arguments = "-x";

// Python looks at it as it is set: "%%" and "%(name)s" alone may be in it.
bool can_be_interpolated(std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at)) {
    if (text.substr(at + 1, 1) == "%") {
      at += 2;
      continue;
    }
    const std::size_t close = text.find(")s", at);
    if (text.substr(at + 1, 1) != "(" || close == std::string_view::npos) return false;
    at = close;
  }
  return true;
}

}  // namespace

void EnvMachine::read_sections() {
  auto& main = sections_[project_.section];
  if (project_.ini.empty()) {
    if (!project_.pyproject.empty()) return;
    for (const auto& [name, value] : project_.options)
      for (const char c : value) main[name] += c == '%' ? "%%" : std::string(1, c);
    return;
  }
  IniFile ini = IniFile::parse(read_file(project_.ini, max_module_size), project_.ini.string());
  ini.set_default("here", project_.ini.parent_path().string());
  for (const std::string& section : ini.sections())
    for (const std::string& name : ini.names(section))
      if (const auto value = ini.raw(section, name)) sections_[section][name] = value->value;
}

// %(name)s and %% in what env.py sets. Nothing: Python fails.
std::optional<std::string> EnvMachine::interpolated(const std::string& section,
                                                    const std::string& raw) {
  std::string result;
  for (std::size_t at = 0; at < raw.size(); ++at) {
    if (raw[at] != '%') {
      result += raw[at];
    } else if (raw.substr(at + 1, 1) == "%") {
      result += raw[++at];
    } else {
      const std::size_t close = raw.find(")s", at);
      if (raw.substr(at + 1, 1) != "(" || close == std::string::npos) return std::nullopt;
      const Value* value = option(section, raw.substr(at + 2, close - at - 2));
      if (value == nullptr || !value->is(Kind::text)) return std::nullopt;
      result += value->text;
      at = close + 1;
    }
  }
  return result;
}

EnvValue* EnvMachine::option(const std::string& section, const std::string& name) {
  const auto key = option_key(section, name);
  if (options_are_open_) return unknown();
  if (removed_.contains(key)) return nullptr;
  if (const auto own = options_.find(key); own != options_.end()) {
    if (!own->second->is(Kind::text)) return own->second;
    const EnvDepth depth(depth_);
    auto value = interpolated(section, own->second->text);
    if (!value) throw EnvError{"ValueError", line_, false};
    Value* result = text(*std::move(value));
    result->line = own->second->line;
    return result;
  }
  const auto known = sections_.find(section);
  if (known == sections_.end()) return nullptr;
  const auto found = known->second.find(key.second);
  if (found == known->second.end()) return nullptr;
  const EnvDepth depth(depth_);
  auto value = interpolated(section, found->second);
  return value ? text(*std::move(value)) : without("InterpolationError", {});
}

void EnvMachine::set_option(Value* section, Value* name, Value* value) {
  if (!section->is(Kind::text) || !name->is(Kind::text)) {
    options_are_open_ = true;
    return;
  }
  if (value->is(Kind::none)) value = without("TypeError", value->variable);
  if (value->is(Kind::url)) value = value->self == nullptr ? text(value->text) : value->self;
  if (value->is(Kind::text) && !can_be_interpolated(value->text))
    throw EnvError{"ValueError", line_, false};
  if (section->text == "DEFAULT") options_are_open_ = true;
  const auto key = option_key(section->text, name->text);
  removed_.erase(key);
  options_[key] = copied(value);
  options_[key]->line = line_;
}

EnvValue* EnvMachine::option_or(const Value* section, const Value* name, Value* otherwise) {
  if (section == nullptr || name == nullptr || !section->is(Kind::text) || !name->is(Kind::text))
    return unknown();
  Value* value = option(section->text, name->text);
  return value != nullptr ? value : otherwise != nullptr ? otherwise : none();
}

EnvValue* EnvMachine::call_config(std::string_view name, EnvArguments& arguments) {
  Value* main = text(section_);
  const auto get = [&](const Value* section, const Value* of, Value* otherwise) {
    return option_or(section, of, otherwise);
  };
  if (name == "get_main_option")
    return get(main, arguments.at(0, "name"), arguments.at(1, "default"));
  if (name == "get_alembic_option") {
    const Value* of = arguments.at(0, "name");
    Value* value = get(main, of, nullptr);
    if (!value->is(Kind::none) || of == nullptr || !of->is(Kind::text)) return value;
    const auto found = project_.options.find(of->text);
    if (found != project_.options.end()) return text(found->second);
    Value* otherwise = arguments.at(1, "default");
    return otherwise == nullptr ? value : otherwise;
  }
  if (name == "get_section_option")
    return get(arguments.at(0, "section"), arguments.at(1, "name"), arguments.at(2, "default"));
  if (name == "get_section") {
    const Value* of = arguments.at(0, "name");
    if (of == nullptr || !of->is(Kind::text)) return unknown();
    return section_of(of->text, arguments.at(1, "default"));
  }
  if (name == "set_main_option" || name == "set_section_option") {
    const std::size_t skip = name == "set_main_option" ? 0 : 1;
    Value* section = skip == 0 ? main : arguments.at(0, "section");
    Value* of = arguments.at(skip, "name");
    Value* value = arguments.at(skip + 1, "value");
    if (section == nullptr || of == nullptr || value == nullptr) {
      options_are_open_ = true;
    } else {
      set_option(section, of, value);
    }
    return none();
  }
  if (name == "remove_main_option") {
    const Value* of = arguments.at(0, "name");
    if (of != nullptr && of->is(Kind::text)) {
      const auto key = option_key(section_, of->text);
      options_.erase(key);
      removed_.insert(key);
    } else {
      options_are_open_ = true;
    }
    return none();
  }
  constexpr std::string_view file = "file_config.";
  return name.starts_with(file) ? call_file_config(name.substr(file.size()), arguments)
                                : unknown_of(arguments);
}

void EnvMachine::see_x_arguments(const Value* value) {
  const bool is_of_x = value->is(Kind::dictionary) || value->is(Kind::list);
  if (is_of_x && value->text == x_arguments && line_of_x_arguments_ == 0)
    line_of_x_arguments_ = line_;
}

EnvValue* EnvMachine::call_context(std::string_view name, EnvArguments& arguments) {
  if (name == "is_offline_mode") return truth_value(false);
  if (name == "configure") {
    configure(arguments);
    return none();
  }
  if (name == "run_migrations") {
    run_migrations(arguments);
    return none();
  }
  if (name == "get_x_argument") {
    const Value* as_dictionary = arguments.at(0, "as_dictionary");
    const bool is_dictionary = as_dictionary != nullptr && known_truth(as_dictionary) == true;
    Value* given = make(is_dictionary ? Kind::dictionary : Kind::list);
    given->text = x_arguments;
    return given;
  }
  if (name == "begin_transaction" || name == "execute") return unknown();
  if (name == "get_bind") {
    Value* connection = configured_->find("connection");
    return connection == nullptr ? unknown() : connection;
  }
  return unknown_of(arguments);
}

// Alembic makes the table at once.
EnvValue* EnvMachine::table_name(Value* value) {
  if (value->is(Kind::text) && value->text.empty()) throw EnvError{"IndexError", line_, false};
  if (!value->is(Kind::none)) return value;
  if (value->variable.empty() && needs_ == Needs::have_to_be_there)
    throw EnvError{"AssertionError", line_, false};
  return without("AssertionError", value->variable);
}

// Alembic keeps the options of an earlier call.
void EnvMachine::configure(EnvArguments& arguments) {
  Value* connection = arguments.at(0, "connection");
  if (arguments.is_open) {
    for (const std::string_view name : {"version_table", "version_table_schema"}) {
      if (arguments.named.contains(name)) continue;
      Value* value = unknown();
      value->text = "**" + arguments.origin;
      configured_->set(name, value);
      configured_lines_[std::string(name)] = line_;
    }
    if (connection == nullptr) connection = unknown(arguments.is_configured);
  }
  for (auto& [name, value] : arguments.named) {
    if (name == "version_table") value = table_name(value);
    configured_->set(name, value);
    configured_lines_[name] = line_;
  }
  if (connection != nullptr) configured_->set("connection", connection);
  configured_lines_["connection"] = line_;
  configured_line_ = line_;
  has_run_ = false;
  may_run_ = false;
}

void EnvMachine::run_migrations(const EnvArguments& arguments) {
  has_run_ = true;
  if (configured_line_ > 0) return add_target(true, arguments);
  if (left_to_others_in_ == 0) throw EnvError{"AssertionError", line_, false};
}

void EnvMachine::add_target(bool is_migrated, const EnvArguments& arguments) {
  EnvTarget target;
  target.is_migrated = is_migrated;
  target.arguments = arguments;
  const auto line_of = [&](const std::string& name) {
    const auto found = configured_lines_.find(name);
    return found == configured_lines_.end() ? configured_line_ : found->second;
  };
  Value* connection = configured_->find("connection");
  if (connection == nullptr || connection->is(Kind::none)) {
    if (needs_ == Needs::have_to_be_there)
      throw EnvError{"AssertionError", configured_line_, false};
    connection = unknown();
  }
  target.url_line = line_of("connection");
  if (connection->is(Kind::engine)) {
    target.url = connection->self;
    target.url_line = connection->line;
  } else {
    target.url = unknown(is_configured(connection));
  }
  Value* table = configured_->find("version_table");
  Value* schema = configured_->find("version_table_schema");
  target.table = table == nullptr ? none() : table;
  target.schema = schema == nullptr ? none() : schema;
  target.table_line = line_of("version_table");
  target.schema_line = line_of("version_table_schema");
  target.executed = executed_on(connection);
  targets_.push_back(std::move(target));
}

}  // namespace limbeck::alembic
