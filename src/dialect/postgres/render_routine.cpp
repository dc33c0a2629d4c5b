// What the server keeps as a statement of its own: routines, aggregates, triggers, rules,
// statistics; and policies and event triggers.
#include <string>
#include <string_view>

#include "dialect/postgres/object_name.h"
#include "dialect/postgres/render_definition.h"
#include "dialect/postgres/render_parts.h"
#include "dialect/postgres/sql_text.h"

namespace limbeck::postgres {
namespace {

std::string trimmed(std::string text) {
  const std::size_t end = text.find_last_not_of(" \t\r\n;");
  text.erase(end == std::string::npos ? 0 : end + 1);
  return text;
}

// CREATE OR REPLACE where the server wrote CREATE.
std::string replacing(const std::string& definition) {
  constexpr std::string_view create = "CREATE ";
  constexpr std::string_view replace = "CREATE OR REPLACE ";
  if (definition.rfind(replace, 0) == 0 || definition.rfind(create, 0) != 0) return definition;
  return std::string(replace) + definition.substr(create.size());
}

std::string_view enabling(Enabled enabled) {
  switch (enabled) {
    case Enabled::origin:
      return "ENABLE";
    case Enabled::disabled:
      return "DISABLE";
    case Enabled::replica:
      return "ENABLE REPLICA";
    case Enabled::always:
      return "ENABLE ALWAYS";
  }
  return "";
}

void enable(Script& script, const Object& part, std::string_view what, Enabled enabled) {
  script.add("ALTER TABLE " + container_of(part.id) + " " + std::string(enabling(enabled)) + " " +
             std::string(what) + " " + name_of(part));
}

std::string roles_sql(const std::vector<std::string>& roles) {
  if (roles.empty()) return "PUBLIC";
  std::vector<std::string> items;
  items.reserve(roles.size());
  for (const std::string& role : roles) items.push_back(role_sql(role));
  return joined(items);
}

std::string policy_expressions(const Policy& policy) {
  std::string sql;
  if (!policy.using_expression.empty()) sql += "\n    USING (" + policy.using_expression + ")";
  if (!policy.check_expression.empty()) sql += "\n    WITH CHECK (" + policy.check_expression + ")";
  return sql;
}

}  // namespace

void create_definition(Script& script, const Object& /*object*/, const Routine& routine) {
  script.add(trimmed(routine.definition));
}

void alter_definition(Script& script, const Object& /*object*/, const Routine& from,
                      const Routine& to) {
  if (from.definition != to.definition) script.add(replacing(trimmed(to.definition)));
}

void create_definition(Script& script, const Object& /*object*/, const Aggregate& aggregate) {
  script.add(trimmed(aggregate.definition));
}

void alter_definition(Script& script, const Object& /*object*/, const Aggregate& from,
                      const Aggregate& to) {
  if (from.definition != to.definition) script.add(replacing(trimmed(to.definition)));
}

void create_definition(Script& script, const Object& object, const Trigger& trigger) {
  if (!trigger.inherited) {
    script.add(trimmed(trigger.definition));
    if (trigger.enabled != Enabled::origin) enable(script, object, "TRIGGER", trigger.enabled);
    return;
  }
  const Table* table = Script::table_of(script.to, object.id);
  if (table == nullptr || !table->partition_of) return;
  const RelationName& parent = table->partition_of->parent;
  const Object* original =
      script.to.find({Kind::trigger, parent.schema, parent.name, object.id.part});
  if (original != nullptr && as<Trigger>(*original).enabled != trigger.enabled)
    enable(script, object, "TRIGGER", trigger.enabled);
}

void drop_definition(Script& script, const Object& object, const Trigger& trigger) {
  if (!trigger.inherited) script.add("DROP " + address_of(object));
}

void alter_definition(Script& script, const Object& object, const Trigger& from,
                      const Trigger& to) {
  const bool replaced = from.definition != to.definition && !to.inherited;
  if (replaced) script.add(replacing(trimmed(to.definition)));
  // A trigger that is replaced is enabled again.
  const Enabled now = replaced ? Enabled::origin : from.enabled;
  if (now != to.enabled) enable(script, object, "TRIGGER", to.enabled);
}

void create_definition(Script& script, const Object& object, const Rule& rule) {
  // The server makes the rule of a view with the view.
  script.add(trimmed(rule.definition));
  if (rule.enabled != Enabled::origin) enable(script, object, "RULE", rule.enabled);
}

void alter_definition(Script& script, const Object& object, const Rule& from, const Rule& to) {
  if (from.definition != to.definition) script.add(replacing(trimmed(to.definition)));
  if (from.enabled != to.enabled) enable(script, object, "RULE", to.enabled);
}

void create_definition(Script& script, const Object& object, const EventTrigger& trigger) {
  std::string sql = "CREATE EVENT TRIGGER " + name_of(object) + " ON " + trigger.event;
  if (!trigger.tags.empty()) {
    std::vector<std::string> tags;
    tags.reserve(trigger.tags.size());
    for (const std::string& tag : trigger.tags) tags.push_back(literal_sql(tag));
    sql += " WHEN TAG IN (" + joined(tags) + ")";
  }
  script.add(sql + " EXECUTE FUNCTION " + trigger.function + "()");
  if (trigger.enabled != Enabled::origin)
    script.add("ALTER EVENT TRIGGER " + name_of(object) + " " +
               std::string(enabling(trigger.enabled)));
}

void alter_definition(Script& script, const Object& object, const EventTrigger& /*from*/,
                      const EventTrigger& to) {
  script.add("ALTER EVENT TRIGGER " + name_of(object) + " " + std::string(enabling(to.enabled)));
}

void create_definition(Script& script, const Object& object, const Policy& policy) {
  std::string sql = "CREATE POLICY " + name_of(object) + " ON " + container_of(object.id);
  if (!policy.permissive) sql += " AS RESTRICTIVE";
  if (policy.command != "ALL") sql += " FOR " + policy.command;
  if (!policy.roles.empty()) sql += " TO " + roles_sql(policy.roles);
  script.add(sql + policy_expressions(policy));
}

void alter_definition(Script& script, const Object& object, const Policy& from, const Policy& to) {
  std::string sql = "ALTER POLICY " + name_of(object) + " ON " + container_of(object.id);
  if (from.roles != to.roles) sql += " TO " + roles_sql(to.roles);
  Policy changed;
  if (from.using_expression != to.using_expression) changed.using_expression = to.using_expression;
  if (from.check_expression != to.check_expression) changed.check_expression = to.check_expression;
  script.add(sql + policy_expressions(changed));
}

void create_definition(Script& script, const Object& object, const Statistics& statistics) {
  script.add(trimmed(statistics.definition));
  if (statistics.target != -1)
    script.add("ALTER STATISTICS " + name_of(object) + " SET STATISTICS " +
               std::to_string(statistics.target));
}

void alter_definition(Script& script, const Object& object, const Statistics& /*from*/,
                      const Statistics& to) {
  script.add("ALTER STATISTICS " + name_of(object) + " SET STATISTICS " +
             std::to_string(to.target));
}

}  // namespace limbeck::postgres
