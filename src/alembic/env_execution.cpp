#include <algorithm>
#include <array>

#include "alembic/env_machine.h"

namespace limbeck::alembic {
namespace {

// What an unknown value of a setting looks like among the options of a connection.
constexpr std::string_view unknown_path = "-csearch_path=%";
constexpr std::string_view unknown_role = "-crole=%";

// ":name" as the text that a dictionary has for it.
std::string with_parameters(std::string statement, const EnvValue& parameters) {
  for (std::size_t i = 0; i < parameters.keys.size(); ++i) {
    const EnvValue* value = parameters.items[i];
    const std::string name = ":" + parameters.keys[i];
    const std::size_t at = statement.find(name);
    if (!value->is(EnvValue::Kind::text) || at == std::string::npos) continue;
    std::string literal = "'";
    for (const char c : value->text) literal += c == '\'' ? "''" : std::string(1, c);
    statement.replace(at, name.size(), literal + "'");
  }
  return statement;
}

}  // namespace

void EnvMachine::execute(const Value* on, std::string text) {
  statements_.insert(text);
  executed_.push_back({on, std::move(text)});
}

// connection.execute(...), cursor.execute(...), connection.commit()
void EnvMachine::see_execution(const Expression& callee, const Value* function,
                               const EnvArguments& arguments) {
  if (callee.kind != Expression::Kind::attribute) return;
  const bool is_of_engine = function->is(Kind::method) && function->self->is(Kind::engine);
  const Value* on = is_of_engine ? function->self : nullptr;
  if (is_of_engine && (callee.text == "commit" || callee.text == "rollback"))
    return execute(on, callee.text == "commit" ? "COMMIT" : "ROLLBACK");
  constexpr auto names = std::to_array<std::string_view>(
      {"execute", "exec_driver_sql", "scalar", "scalars", "exec", "stream"});
  if (std::find(names.begin(), names.end(), callee.text) == names.end()) return;
  const Value* statement = arguments.at(0, "statement");
  if (statement == nullptr || !statement->is(Kind::text)) return;
  const Value* parameters = arguments.at(1, "parameters");
  const bool has_parameters = parameters != nullptr && parameters->is(Kind::dictionary);
  execute(on, has_parameters ? with_parameters(statement->text, *parameters) : statement->text);
}

// Each connection has a session of its own, but one of a pool is taken again.
std::vector<std::string> EnvMachine::executed_on(const Value* connection) {
  const auto engine_of = [](const Value* value) {
    const auto engine = value->attributes.find("engine");
    return engine == value->attributes.end() ? value : engine->second;
  };
  std::vector<std::string> result;
  const bool is_engine = connection->is(Kind::engine);
  if (is_engine)
    if (const auto options = connection->attributes.find("options");
        options != connection->attributes.end())
      result.push_back(options->second->text);
  if (imports_application_ && application_.listens_to_sessions()) result.emplace_back(unknown_path);
  for (const Executed& each : executed_) {
    const bool is_same_engine = is_engine && each.on != nullptr &&
                                engine_of(each.on) == engine_of(connection) &&
                                !connection->attributes.contains("unpooled");
    if (each.on == nullptr || !is_engine || each.on == connection || is_same_engine)
      result.push_back(each.text);
  }
  return result;
}

// connect_args={"options": "-csearch_path=app"}
void EnvMachine::take_connect_args(Value* engine, const EnvArguments& arguments) {
  const auto pool = arguments.named.find("poolclass");
  if (pool != arguments.named.end() && pool->second->text.ends_with("NullPool"))
    engine->attributes["unpooled"] = truth_value(true);
  const auto given = arguments.named.find("connect_args");
  const bool is_given = given != arguments.named.end();
  const Value* all = is_given ? given->second : nullptr;
  const bool is_open = is_given ? !all->is(Kind::dictionary) || all->is_open : arguments.is_open;
  const Value* options = is_given ? all->find("options") : nullptr;
  const bool is_unknown = options != nullptr && !options->is(Kind::text);
  const std::string origin = is_given ? origin_of(all) : arguments.origin;
  std::string said;
  if (is_unknown || (is_open && application_.may_say(origin, "search_path"))) said = unknown_path;
  if (is_unknown || (is_open && application_.may_say(origin, "role=")))
    said += " " + std::string(unknown_role);
  if (options != nullptr && options->is(Kind::text)) said = options->text;
  if (!said.empty()) statements_.insert(said);
  if (!said.empty()) engine->attributes["options"] = text(std::move(said));
}

EnvValue* EnvMachine::new_connection(Value* engine) {
  if (engine->attributes.contains("engine")) return engine;  // it is one
  Value* connection = copied(engine);
  connection->attributes["engine"] = engine;
  return connection;
}

}  // namespace limbeck::alembic
