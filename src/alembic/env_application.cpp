#include <algorithm>
#include <array>

#include "alembic/env_machine.h"

namespace limbeck::alembic {
namespace {

// logger.info(section): whatever it is given stays what it is.
bool only_writes_log(std::string_view function) {
  constexpr auto names = std::to_array<std::string_view>(
      {"debug", "info", "warning", "warn", "error", "exception", "critical", "log"});
  const std::string_view name = function.substr(std::min(function.rfind('.'), function.size()));
  return name.size() > 1 && std::find(names.begin(), names.end(), name.substr(1)) != names.end();
}

}  // namespace

// What the application does with a function of env.py is to call it, with a collection perhaps to
// change it, and so with the configuration, when its text speaks of that.
void EnvMachine::give_away(Value* value, const Value* receiver, std::string_view source) {
  const bool is_callable = value->is(Kind::function) || value->is(Kind::partial) ||
                           (value->is(Kind::method) && !value->items.empty());
  if (is_callable) {
    EnvArguments given;
    given.is_open = true;
    invoke(value, std::move(given), source);
    return;
  }
  if (receiver->is(Kind::unknown) && only_writes_log(receiver->text)) return;
  if (value->is(Kind::dictionary) || value->is(Kind::list)) {
    value->is_open = true;
    for (Value*& item : value->items)
      if (!item->is(Kind::function)) item = unknown();
  }
  const bool is_configuration =
      value->is(Kind::section) ||
      (value->is(Kind::library) &&
       (value->text == "alembic.context.config" ||
        value->text == "alembic.context.config.file_config" || value->text == "alembic.context"));
  if (is_configuration && application_.may_change_configuration(receiver->text))
    options_are_open_ = true;
}

EnvValue* EnvMachine::invoke_unknown(Value* function, const EnvArguments& arguments,
                                     std::string_view source) {
  may_fail(source, "");
  leave_to_others();
  std::string variable;
  const auto take_variable = [&](const Value* value) {
    if (variable.empty())
      variable = value->is(Kind::text) ? url_variable(value->text) : variable_of(value);
  };
  for (const Value* value : arguments.values) take_variable(value);
  for (const auto& [name, value] : arguments.named) take_variable(value);
  Value* result = unknown(is_configured(function));
  result->variable = variable.empty() ? function->variable : variable;
  for (const Value* value : arguments.values)
    result->is_configured = result->is_configured || may_hold_configuration(value);
  for (const auto& [name, value] : arguments.named)
    result->is_configured = result->is_configured || may_hold_configuration(value);
  for (Value* value : arguments.values) give_away(value, function, source);
  for (const auto& [name, value] : arguments.named) give_away(value, function, source);
  if (function->is(Kind::unknown) && !function->text.empty()) result->text = function->text + "()";
  return result;
}

}  // namespace limbeck::alembic
