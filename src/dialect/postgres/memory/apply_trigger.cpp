// Triggers, event triggers, policies and extended statistics.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/letter_case.h"
#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/names.h"
#include "dialect/quoting.h"

namespace limbeck::postgres::memory {
namespace {

// Bits of pg_trigger.tgtype.
enum Bits : int {
  before = 2,
  on_insert = 4,
  on_delete = 8,
  on_update = 16,
  on_truncate = 32,
  instead = 64
};

const Object* trigger_function(Catalog& catalog, Nodes names) {
  const Name name = name_of(names);
  std::vector<std::string> schemas = catalog.search_path();
  if (!name.schema.empty()) schemas = {name.schema};
  for (const std::string& schema : schemas)
    if (const Object* object = catalog.find(Kind::routine, schema, name.name)) return object;
  return nullptr;
}

std::string function_name(Catalog& catalog, Nodes names, const Object* found) {
  if (found != nullptr) return qualified(found->id);
  const Name name = name_of(names);
  // One of the server's or of an extension.
  constexpr std::array own{"suppress_redundant_updates_trigger", "tsvector_update_trigger",
                           "tsvector_update_trigger_column"};
  if (std::find(own.begin(), own.end(), name.name) != own.end()) return identifier(name.name);
  const auto& objects = catalog.schema().objects;
  const auto extension = objects.lower_bound(ObjectId{Kind::extension, "", "", ""});
  if (extension != objects.end() && extension->first.kind == Kind::extension)
    return qualified(as<Extension>(extension->second).schema, name.name);
  catalog.fail_missing("function", name);
}

std::string events_of(const PgQuery__CreateTrigStmt& statement) {
  std::string events;
  const auto add = [&](int bit, const std::string& word) {
    if ((statement.events & bit) != 0) events += (events.empty() ? "" : " OR ") + word;
  };
  add(on_insert, "INSERT");
  add(on_delete, "DELETE");
  std::string columns;
  for (const std::string& name : texts({statement.columns, statement.n_columns}))
    columns += (columns.empty() ? " OF " : ", ") + identifier(name);
  add(on_update, "UPDATE" + columns);
  add(on_truncate, "TRUNCATE");
  return events;
}

Scope trigger_scope(const Catalog& catalog, const ObjectId& table) {
  Scope scope;
  scope.qualify = true;
  for (const char* row : {"old", "new"})
    for (ScopeColumn column : scope_of(catalog, table).columns) {
      column.qualifier = row;
      scope.columns.push_back(std::move(column));
    }
  return scope;
}

}  // namespace

void create_trigger(Catalog& catalog, const PgQuery__CreateTrigStmt& statement) {
  const Object& relation = catalog.need({Kind::table, Kind::view, Kind::materialized_view},
                                        "relation", name_of(*statement.relation));
  const ObjectId table = relation.id;
  const ObjectId id{Kind::trigger, table.schema, table.name, text(statement.trigname)};
  const bool there = catalog.find(id) != nullptr;
  if (there && statement.replace == 0)
    catalog.fail(fmt::format("trigger {} of {} already exists", id.part, table.name));
  const Nodes names{statement.funcname, statement.n_funcname};
  const Object* function = trigger_function(catalog, names);
  const bool constraint = statement.isconstraint != 0;
  std::string sql = fmt::format("CREATE {}TRIGGER {} {} {} ON {} ", constraint ? "CONSTRAINT " : "",
                                identifier(id.part),
                                (statement.timing & before) != 0    ? "BEFORE"
                                : (statement.timing & instead) != 0 ? "INSTEAD OF"
                                                                    : "AFTER",
                                events_of(statement), qualified(table));
  std::optional<ObjectId> other;
  if (constraint) {
    if (statement.constrrel != nullptr) {
      other = need_table(catalog, *statement.constrrel);
      sql += fmt::format("FROM {} ", qualified(*other));
    }
    sql += fmt::format("{}DEFERRABLE INITIALLY {} ", statement.deferrable != 0 ? "" : "NOT ",
                       statement.initdeferred != 0 ? "DEFERRED" : "IMMEDIATE");
  }
  std::string tables;
  for (const bool is_new : {false, true})
    for (const Node* node : Nodes{statement.transition_rels, statement.n_transition_rels})
      if ((node->trigger_transition->is_new != 0) == is_new)
        tables += fmt::format("{} TABLE AS {} ", is_new ? "NEW" : "OLD",
                              identifier(text(node->trigger_transition->name)));
  if (!tables.empty()) sql += "REFERENCING " + tables;
  sql += statement.row != 0 ? "FOR EACH ROW " : "FOR EACH STATEMENT ";
  std::optional<Expression> when;
  if (statement.when_clause != nullptr) {
    when = write_expression(catalog, statement.when_clause, trigger_scope(catalog, table),
                            built_in("bool"));
    sql += fmt::format("WHEN ({}) ", when->text);
  }
  std::string arguments;
  for (const std::string& argument : texts({statement.args, statement.n_args}))
    arguments += (arguments.empty() ? "" : ", ") + in_quotes(argument, '\'');
  sql += fmt::format("EXECUTE FUNCTION {}({})", function_name(catalog, names, function), arguments);
  if (there) catalog.forget_dependencies(id);
  catalog.add(id, Trigger{.table = {table.schema, table.name},
                          .definition = std::move(sql),
                          .constraint = constraint});
  if (function != nullptr) catalog.depend(id, function->id);
  if (other) catalog.depend(id, *other);
  for (const std::string& column : texts({statement.columns, statement.n_columns}))
    catalog.depend(id, {Kind::column, table.schema, table.name, column});
  catalog.set_uncertain(id, "");
  if (when) note_expression(catalog, id, *when);
  const Object copy = *catalog.find(id);
  if (statement.row != 0)
    for (const ObjectId& child : children_of(catalog, table))
      if (as<Table>(*catalog.find(child)).partition_of) inherit_trigger(catalog, child, copy);
}

void inherit_trigger(Catalog& catalog, const ObjectId& partition, const Object& parent) {
  Trigger trigger = as<Trigger>(parent);
  if (trigger.definition.find(" FOR EACH ROW ") == std::string::npos) return;
  const ObjectId id{Kind::trigger, partition.schema, partition.name, parent.id.part};
  if (catalog.find(id) != nullptr) return;
  const std::string from = " ON " + qualified(parent.id.schema, parent.id.name) + " ";
  if (const std::size_t at = trigger.definition.find(from); at != std::string::npos)
    trigger.definition.replace(at, from.size(), " ON " + qualified(partition) + " ");
  // A whole row of the partition is read as one of its parent.
  const std::string of = qualified(parent.id.schema, parent.id.name);
  for (const std::string row : {"old.*", "new.*"}) {
    if (trigger.definition.find("(" + row + ")::") != std::string::npos) continue;
    const std::string cast = fmt::format("({})::{}", row, of);
    for (std::size_t at = trigger.definition.find(row); at != std::string::npos;
         at = trigger.definition.find(row, at + cast.size()))
      trigger.definition.replace(at, row.size(), cast);
  }
  trigger.table = {partition.schema, partition.name};
  trigger.inherited = true;
  std::vector<ObjectId> uses;
  const auto& edges = catalog.schema().dependencies;
  for (auto at = edges.lower_bound({parent.id, {Kind::schema, "", "", ""}});
       at != edges.end() && at->dependent == parent.id; ++at) {
    ObjectId on = at->on;
    if (on.schema == parent.id.schema && on.name == parent.id.name && on.kind == Kind::column) {
      on.schema = partition.schema;
      on.name = partition.name;
    }
    if (on.kind != Kind::table) uses.push_back(std::move(on));
  }
  catalog.add(id, std::move(trigger));
  for (const ObjectId& on : uses) catalog.depend(id, on);
  catalog.depend(id, parent.id);
  const Object copy = *catalog.find(id);
  for (const ObjectId& child : children_of(catalog, partition))
    inherit_trigger(catalog, child, copy);
}

void create_event_trigger(Catalog& catalog, const PgQuery__CreateEventTrigStmt& statement) {
  const ObjectId id{Kind::event_trigger, "", text(statement.trigname), ""};
  if (catalog.find(id) != nullptr) catalog.fail(to_string(id) + " already exists");
  const Nodes names{statement.funcname, statement.n_funcname};
  const Object* function = trigger_function(catalog, names);
  EventTrigger trigger{.event = text(statement.eventname),
                       .function = function_name(catalog, names, function)};
  for (const Node* node : Nodes{statement.whenclause, statement.n_whenclause})
    for (const std::string& tag : texts(items(node->def_elem->arg)))
      trigger.tags.push_back(upper_case(tag));
  std::sort(trigger.tags.begin(), trigger.tags.end());
  catalog.add(id, std::move(trigger));
  if (function != nullptr) catalog.depend(id, function->id);
}

namespace {

std::vector<std::string> policy_roles(Catalog& catalog, const ObjectId& id, Nodes nodes) {
  std::vector<std::string> roles;
  for (const Node* node : nodes) {
    const PgQuery__RoleSpec& role = *node->role_spec;
    if (role.roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC) return {};
    if (role.roletype != PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CSTRING)
      catalog.set_uncertain(id, "who runs the statement is not known");
    roles.push_back(role_of(role));
  }
  std::sort(roles.begin(), roles.end());
  return roles;
}

// The policy's edges follow from its own name in a view of the table.
std::string policy_expression(Catalog& catalog, const ObjectId& id, const Node* node) {
  if (node == nullptr) return {};
  const ObjectId table{Kind::table, id.schema, id.name, ""};
  const Expression expression =
      write_expression(catalog, node, scope_of(catalog, table), built_in("bool"));
  for (const ObjectId& on : expression.uses) catalog.depend(id, on);
  if (!expression.doubt.empty()) catalog.set_uncertain(id, expression.doubt);
  return expression.text;
}

}  // namespace

void create_policy(Catalog& catalog, const PgQuery__CreatePolicyStmt& statement) {
  const ObjectId table = need_table(catalog, *statement.table);
  const ObjectId id{Kind::policy, table.schema, table.name, text(statement.policy_name)};
  if (catalog.find(id) != nullptr) catalog.fail(to_string(id) + " already exists");
  Policy policy;
  policy.table = {table.schema, table.name};
  policy.command = text(statement.cmd_name);
  policy.command = upper_case(policy.command);
  policy.permissive = statement.permissive != 0;
  catalog.add(id, std::move(policy));
  auto roles = policy_roles(catalog, id, {statement.roles, statement.n_roles});
  std::string condition = policy_expression(catalog, id, statement.qual);
  std::string check = policy_expression(catalog, id, statement.with_check);
  auto& added = as<Policy>(*catalog.find(id));
  added.roles = std::move(roles);
  added.using_expression = std::move(condition);
  added.check_expression = std::move(check);
}

void alter_policy(Catalog& catalog, const PgQuery__AlterPolicyStmt& statement) {
  const ObjectId table = need_table(catalog, *statement.table);
  const ObjectId id{Kind::policy, table.schema, table.name, text(statement.policy_name)};
  Object* object = catalog.find(id);
  if (object == nullptr) catalog.fail("there is no " + to_string(id));
  auto& policy = as<Policy>(*object);
  if (statement.n_roles != 0)
    policy.roles = policy_roles(catalog, id, {statement.roles, statement.n_roles});
  if (statement.qual != nullptr)
    policy.using_expression = policy_expression(catalog, id, statement.qual);
  if (statement.with_check != nullptr)
    policy.check_expression = policy_expression(catalog, id, statement.with_check);
}

namespace {

// The server writes the expressions of statistics with no more parentheses than they need, unlike
// all others. Which it needs is known of those without any.
std::string sparing_text(const Expression& expression, std::string& doubt) {
  std::string text = expression.text;
  const bool wrapped = !expression.is_call && text.size() > 1 && text.front() == '(';
  const std::string inner = wrapped ? text.substr(1, text.size() - 2) : text;
  const std::size_t own = expression.is_call ? 1 : 0;
  if (static_cast<std::size_t>(std::count(inner.begin(), inner.end(), '(')) > own)
    doubt = "the parentheses in an expression of a statistics object";
  return expression.is_call ? text : "(" + inner + ")";
}

}  // namespace

void create_statistics(Catalog& catalog, const PgQuery__CreateStatsStmt& statement) {
  if (statement.n_relations != 1 ||
      statement.relations[0]->node_case != PG_QUERY__NODE__NODE_RANGE_VAR)
    return;
  const ObjectId table = need_table(catalog, *statement.relations[0]->range_var);
  const Name written = name_of(Nodes{statement.defnames, statement.n_defnames});
  std::vector<std::string> columns;
  std::vector<Expression> expressions;
  std::string names;
  const Scope scope = scope_of(catalog, table);
  std::set<ObjectId> uses;
  for (const Node* node : Nodes{statement.exprs, statement.n_exprs}) {
    const PgQuery__StatsElem& element = *node->stats_elem;
    if (!text(element.name).empty()) {
      columns.push_back(text(element.name));
      names += (names.empty() ? "" : "_") + columns.back();
    } else {
      expressions.push_back(write_expression(catalog, element.expr, scope));
      names += (names.empty() ? "" : "_") + std::string("expr");
      uses.insert(expressions.back().uses.begin(), expressions.back().uses.end());
    }
  }
  ObjectId id{Kind::statistics, catalog.creation_schema(written.schema), written.name, ""};
  if (id.name.empty()) {
    id.schema = table.schema;
    id.name = object_name(table.name, names, "stat");
    for (int i = 1; catalog.find(id) != nullptr; ++i)
      id.name = object_name(table.name, names, "stat" + std::to_string(i));
  }
  if (catalog.find(id) != nullptr) {
    if (statement.if_not_exists != 0) return;
    catalog.fail(to_string(id) + " already exists");
  }
  // Columns in the order of their names, then expressions in that of the statement.
  std::sort(columns.begin(), columns.end());
  std::string list;
  for (const std::string& column : columns) list += (list.empty() ? "" : ", ") + identifier(column);
  for (const ScopeColumn& column : scope.columns)
    if (std::find(columns.begin(), columns.end(), column.name) != columns.end())
      uses.insert(column.id);
  std::string doubt;
  for (const Expression& expression : expressions) {
    list += (list.empty() ? "" : ", ") + sparing_text(expression, doubt);
    if (!expression.doubt.empty()) doubt = expression.doubt;
  }
  std::vector<std::string> given = texts({statement.stat_types, statement.n_stat_types});
  std::string kinds;
  const bool some = !given.empty() && given.size() < 3;
  for (const char* kind : {"ndistinct", "dependencies", "mcv"})
    if (some && std::find(given.begin(), given.end(), kind) != given.end())
      kinds += (kinds.empty() ? "" : ", ") + std::string(kind);
  if (!kinds.empty()) kinds = " (" + kinds + ")";
  catalog.add(id,
              Statistics{.table = {table.schema, table.name},
                         .definition = fmt::format("CREATE STATISTICS {}{} ON {} FROM {}",
                                                   qualified(id), kinds, list, qualified(table))});
  catalog.depend(id, table);
  for (const ObjectId& on : uses) catalog.depend(id, on);
  catalog.set_uncertain(id, doubt);
}

}  // namespace limbeck::postgres::memory
