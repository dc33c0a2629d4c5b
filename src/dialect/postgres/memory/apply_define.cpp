// CREATE AGGREGATE and CREATE COLLATION; changes of what stands beside tables.
#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/format.h>

#include "base/letter_case.h"
#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {
namespace {

const PgQuery__DefElem* option_named(Nodes options, std::string_view name) {
  for (const Node* node : options)
    if (lower_case(text(node->def_elem->defname)) == name) return node->def_elem;
  return nullptr;
}

// ---- aggregates ----

// A function that an aggregate names, as regproc writes it.
std::string function_option(Catalog& catalog, const ObjectId& id, const PgQuery__DefElem& option) {
  const Name name = option.arg->node_case == PG_QUERY__NODE__NODE_TYPE_NAME
                        ? name_of(option.arg)
                        : name_of(items(option.arg));
  std::vector<std::string> schemas = catalog.search_path();
  if (!name.schema.empty()) schemas = {name.schema};
  for (const std::string& schema : schemas)
    for (const auto& [other, object] : catalog.schema().objects)
      if (other.kind == Kind::routine && other.schema == schema && other.name == name.name) {
        catalog.depend(id, other);
        return qualified(other);
      }
  return identifier(name.name);
}

std::string type_option(Catalog& catalog, const ObjectId& id, const PgQuery__DefElem& option) {
  if (option.arg->node_case != PG_QUERY__NODE__NODE_TYPE_NAME) return option_text(option);
  const Type type = resolve(catalog, *option.arg->type_name);
  depend_on_type(catalog, id, type);
  return label(type);
}

std::string written_option(Catalog& catalog, const ObjectId& id, const PgQuery__DefElem& option,
                           char kind) {
  switch (kind) {
    case 'f':
      return function_option(catalog, id, option);
    case 't':
      return type_option(catalog, id, option);
    case 'q':
      return literal(option_text(option));
    case 'u':
      return upper_case(option_text(option));
    default:
      return option_text(option);
  }
}

void create_aggregate(Catalog& catalog, const PgQuery__DefineStmt& statement) {
  const Name written = name_of(Nodes{statement.defnames, statement.n_defnames});
  const Nodes options{statement.definition, statement.n_definition};
  ObjectId id{Kind::aggregate, catalog.creation_schema(written.schema), written.name, ""};
  Aggregate aggregate;
  std::vector<Type> types;
  const Nodes parameters = statement.n_args == 0 ? Nodes{} : items(statement.args[0]);
  for (const Node* node : parameters) {
    const PgQuery__FunctionParameter& parameter = *node->function_parameter;
    const Type type = resolve(catalog, *parameter.arg_type);
    id.part += (id.part.empty() ? "" : ", ") + label(type);
    aggregate.arguments += aggregate.arguments.empty() ? "" : ", ";
    if (parameter.mode == PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_VARIADIC)
      aggregate.arguments += "VARIADIC ";
    if (!text(parameter.name).empty())
      aggregate.arguments += identifier(text(parameter.name)) + " ";
    aggregate.arguments += label(type);
    types.push_back(type);
  }
  if (const auto* base = option_named(options, "basetype");
      base != nullptr && base->arg != nullptr &&
      base->arg->node_case == PG_QUERY__NODE__NODE_TYPE_NAME) {
    const Type type = resolve(catalog, *base->arg->type_name);
    id.part = aggregate.arguments = label(type);
    types.push_back(type);
  }
  if (aggregate.arguments.empty()) aggregate.arguments = "*";
  const bool there = catalog.find(id) != nullptr;
  if (there && statement.replace == 0) catalog.fail(to_string(id) + " already exists");
  catalog.add(id, Aggregate{});
  for (const Type& type : types) depend_on_type(catalog, id, type);
  struct Row {
    std::string_view name;
    std::string_view written;
    char kind;
  };
  constexpr std::array rows = std::to_array<Row>({{"sfunc", "SFUNC", 'f'},
                                                  {"stype", "STYPE", 't'},
                                                  {"sspace", "SSPACE", 'n'},
                                                  {"finalfunc", "FINALFUNC", 'f'},
                                                  {"initcond", "INITCOND", 'q'},
                                                  {"combinefunc", "COMBINEFUNC", 'f'},
                                                  {"parallel", "PARALLEL", 'u'}});
  std::string list;
  for (const Row& row : rows) {
    const auto* option = option_named(options, row.name);
    if (option == nullptr || option->arg == nullptr) continue;
    const std::string value = written_option(catalog, id, *option, row.kind);
    if (row.name == "parallel" && value == "UNSAFE") continue;
    list += fmt::format("{}\n    {} = {}", list.empty() ? "" : ",", row.written, value);
  }
  aggregate.definition = fmt::format("CREATE OR REPLACE AGGREGATE {}({}) ({}\n)", qualified(id),
                                     aggregate.arguments, list);
  // What it returns is what its last function does.
  const auto* final_function = option_named(options, "finalfunc");
  const auto* state = option_named(options, "stype");
  if (state != nullptr && state->arg != nullptr)
    aggregate.result = type_option(catalog, id, *state);
  std::string doubt;
  if (final_function != nullptr) {
    doubt = "its result is that of its final function";
    for (const auto& [other, object] : catalog.schema().objects)
      if (other.kind == Kind::routine &&
          qualified(other) == function_option(catalog, id, *final_function)) {
        aggregate.result = as<Routine>(object).result;
        doubt.clear();
      }
  }
  for (const Node* node : options) {
    const std::string name = lower_case(text(node->def_elem->defname));
    const bool known =
        name == "basetype" ||
        std::any_of(rows.begin(), rows.end(), [&](const Row& row) { return row.name == name; });
    if (!known) doubt = fmt::format("the option {} of an aggregate", name);
  }
  as<Aggregate>(*catalog.find(id)) = std::move(aggregate);
  catalog.set_uncertain(id, doubt);
}

// ---- collations ----

void create_collation(Catalog& catalog, const PgQuery__DefineStmt& statement) {
  const Name written = name_of(Nodes{statement.defnames, statement.n_defnames});
  const ObjectId id{Kind::collation, catalog.creation_schema(written.schema), written.name, ""};
  if (catalog.find(id) != nullptr) {
    if (statement.if_not_exists != 0) return;
    catalog.fail(to_string(id) + " already exists");
  }
  const Nodes options{statement.definition, statement.n_definition};
  Collation collation{.provider = "libc"};
  std::string doubt;
  std::string locale;
  for (const Node* node : options) {
    const PgQuery__DefElem& option = *node->def_elem;
    const std::string name = lower_case(text(option.defname));
    const std::string value = option_text(option);
    if (name == "provider") collation.provider = lower_case(value);
    if (name == "locale") locale = value;
    if (name == "lc_collate") collation.collate = value;
    if (name == "lc_ctype") collation.ctype = value;
    if (name == "deterministic") collation.deterministic = lower_case(value) != "false";
    if (name == "from") {
      const Name source = name_of(items(option.arg));
      if (const Object* other = catalog.search({Kind::collation}, source)) {
        collation = as<Collation>(*other);
      } else if (source.name == "C" || source.name == "POSIX") {
        collation.collate = collation.ctype = source.name;
      } else {
        doubt = "a copy of a collation of the server";
      }
    }
  }
  if (!locale.empty() && collation.provider == "icu")
    collation.locale = locale;
  else if (!locale.empty())
    collation.collate = collation.ctype = locale;
  catalog.add(id, std::move(collation));
  catalog.set_uncertain(id, doubt);
}

Object* find_mapping(Catalog& catalog, const PgQuery__RoleSpec& user, const char* server) {
  return catalog.find(ObjectId{Kind::user_mapping, "", text(server), role_of(user)});
}

}  // namespace

void define(Catalog& catalog, const PgQuery__DefineStmt& statement) {
  switch (statement.kind) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_AGGREGATE:
      return create_aggregate(catalog, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLLATION:
      return create_collation(catalog, statement);
    default:
      break;
  }
  catalog.not_interpreted("CREATE", "objects of this kind are written down by the server alone");
}

void alter_event_trigger(Catalog& catalog, const PgQuery__AlterEventTrigStmt& statement) {
  Object* object = catalog.find(ObjectId{Kind::event_trigger, "", text(statement.trigname), ""});
  if (object == nullptr)
    catalog.fail(fmt::format("there is no event trigger {}", text(statement.trigname)));
  auto& trigger = as<EventTrigger>(*object);
  switch (text(statement.tgenabled)[0]) {
    case 'D':
      trigger.enabled = Enabled::disabled;
      break;
    case 'R':
      trigger.enabled = Enabled::replica;
      break;
    case 'A':
      trigger.enabled = Enabled::always;
      break;
    default:
      trigger.enabled = Enabled::origin;
      break;
  }
}

void alter_server(Catalog& catalog, const PgQuery__AlterForeignServerStmt& statement) {
  Object* object = catalog.find(ObjectId{Kind::server, "", text(statement.servername), ""});
  if (object == nullptr)
    catalog.fail(fmt::format("there is no server {}", text(statement.servername)));
  change_options(as<Server>(*object).options, {statement.options, statement.n_options}, false);
  if (statement.has_version != 0) as<Server>(*object).version = text(statement.version);
}

void alter_wrapper(Catalog& catalog, const PgQuery__AlterFdwStmt& statement) {
  Object* object =
      catalog.find(ObjectId{Kind::foreign_data_wrapper, "", text(statement.fdwname), ""});
  if (object == nullptr)
    catalog.fail(fmt::format("there is no foreign-data wrapper {}", text(statement.fdwname)));
  change_options(as<ForeignDataWrapper>(*object).options, {statement.options, statement.n_options},
                 false);
  if (statement.n_func_options != 0)
    catalog.not_interpreted("ALTER FOREIGN DATA WRAPPER", "a change of its functions");
}

void alter_user_mapping(Catalog& catalog, const PgQuery__AlterUserMappingStmt& statement) {
  Object* object = find_mapping(catalog, *statement.user, statement.servername);
  if (object == nullptr) catalog.fail("there is no such user mapping");
  change_options(as<UserMapping>(*object).options, {statement.options, statement.n_options}, false);
}

void drop_user_mapping(Catalog& catalog, const PgQuery__DropUserMappingStmt& statement) {
  const Object* object = find_mapping(catalog, *statement.user, statement.servername);
  if (object != nullptr) return catalog.drop(ObjectId(object->id), false);
  if (statement.missing_ok == 0) catalog.fail("there is no such user mapping");
}

void alter_statistics(Catalog& catalog, const PgQuery__AlterStatsStmt& statement) {
  const Name name = name_of(Nodes{statement.defnames, statement.n_defnames});
  Object* object = catalog.search({Kind::statistics}, name);
  if (object != nullptr)
    as<Statistics>(*object).target = statement.stxstattarget;
  else if (statement.missing_ok == 0)
    catalog.fail_missing("statistics object", name);
}

bool makes_roles_alone(const PgQuery__DoStmt& statement) {
  const auto* body = option_named({statement.args, statement.n_args}, "as");
  if (body == nullptr) return false;
  // Its words, without what stands in texts.
  std::vector<std::string> words{""};
  bool quoted = false;
  for (const char c : option_text(*body)) {
    if (c == '\'') quoted = !quoted;
    const bool letter = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    if (letter && !quoted)
      words.back() += upper_case(c);
    else if (!words.back().empty())
      words.emplace_back();
  }
  bool roles = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "CREATE" || word == "ALTER" || word == "DROP") {
      if (i + 1 >= words.size() || (words[i + 1] != "ROLE" && words[i + 1] != "USER")) return false;
      roles = true;
    }
    for (const std::string_view other : {"EXECUTE", "PERFORM", "CALL", "COMMENT", "IMPORT", "INTO"})
      if (word == other) return false;
  }
  return roles;
}

}  // namespace limbeck::postgres::memory
