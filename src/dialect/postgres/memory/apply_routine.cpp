// Functions and procedures, written as pg_get_functiondef() writes them.
#include <algorithm>
#include <fmt/format.h>

#include "base/letter_case.h"
#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/names.h"
#include "dialect/quoting.h"

namespace limbeck::postgres::memory {
namespace {

std::string mode_of(PgQuery__FunctionParameterMode mode) {
  switch (mode) {
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_OUT:
      return "OUT";
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_INOUT:
      return "INOUT";
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_VARIADIC:
      return "VARIADIC";
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_TABLE:
      return "TABLE";
    default:
      return "IN";
  }
}

bool is_input(const Argument& argument) {
  return argument.mode != "OUT" && argument.mode != "TABLE";
}

std::string with_name(const Argument& argument) {
  return (argument.name.empty() ? "" : identifier(argument.name) + " ") + argument.type;
}

std::string argument_list(const Routine& routine) {
  std::string list;
  for (const Argument& argument : routine.arguments) {
    if (argument.mode == "TABLE") continue;
    if (!list.empty()) list += ", ";
    if (argument.mode != "IN" || routine.procedure) list += argument.mode + " ";
    list += with_name(argument);
    if (!argument.default_expression.empty()) list += " DEFAULT " + argument.default_expression;
  }
  return list;
}

// The parts of CREATE FUNCTION that stand in any order.
struct RoutineOptions {
  std::string language = {};
  std::string volatility = {};
  std::string parallel = {};
  std::string cost = {};
  std::string rows = {};
  std::string support = {};
  std::vector<std::string> settings = {};
  std::string body = {};
  std::string library = {};
  bool strict = false;
  bool definer = false;
  bool leakproof = false;
  bool window = false;
};

bool is_true(const PgQuery__DefElem& option) {
  return option_text(option) == "true" || option_text(option) == "1";
}

std::string setting_value(const Node* node) {
  if (node->node_case == PG_QUERY__NODE__NODE_A_CONST) {
    const PgQuery__AConst& value = *node->a_const;
    if (value.val_case == PG_QUERY__A__CONST__VAL_SVAL) return text(value.sval->sval);
    if (value.val_case == PG_QUERY__A__CONST__VAL_IVAL) return std::to_string(value.ival->ival);
    if (value.val_case == PG_QUERY__A__CONST__VAL_FVAL) return text(value.fval->fval);
  }
  return expression_text(node);
}

std::string setting_of(const PgQuery__VariableSetStmt& set) {
  std::string values;
  for (const Node* node : Nodes{set.args, set.n_args})
    values += (values.empty() ? "" : ", ") + in_quotes(setting_value(node), '\'');
  return fmt::format("{} TO {}", identifier(text(set.name)), values);
}

RoutineOptions options_of_routine(Nodes nodes) {
  RoutineOptions options;
  for (const Node* node : nodes) {
    const PgQuery__DefElem& option = *node->def_elem;
    const std::string name = text(option.defname);
    if (name == "language") options.language = option_text(option);
    if (name == "volatility") options.volatility = upper_case(option_text(option));
    if (name == "parallel") options.parallel = upper_case(option_text(option));
    if (name == "cost") options.cost = option_text(option);
    if (name == "rows") options.rows = option_text(option);
    if (name == "support") options.support = name_of(items(option.arg)).name;
    if (name == "strict") options.strict = is_true(option);
    if (name == "security") options.definer = is_true(option);
    if (name == "leakproof") options.leakproof = is_true(option);
    if (name == "window") options.window = is_true(option);
    if (name == "set" && option.arg != nullptr &&
        option.arg->node_case == PG_QUERY__NODE__NODE_VARIABLE_SET_STMT)
      options.settings.push_back(setting_of(*option.arg->variable_set_stmt));
    if (name == "as") {
      const std::vector<std::string> parts = texts(items(option.arg));
      options.body = parts.empty() ? option_text(option) : parts.back();
      if (parts.size() > 1) options.library = parts.front();
    }
  }
  options.language = lower_case(options.language);
  return options;
}

std::string definition_of(const ObjectId& id, const Routine& routine,
                          const RoutineOptions& options) {
  const char* kind = routine.procedure ? "procedure" : "function";
  std::string sql = fmt::format("CREATE OR REPLACE {} {}({})\n", upper_case(kind), qualified(id),
                                argument_list(routine));
  if (!routine.procedure) sql += fmt::format(" RETURNS {}\n", routine.result);
  sql += fmt::format(" LANGUAGE {}\n", identifier(routine.language));
  std::string line;
  if (options.window) line += " WINDOW";
  if (!options.volatility.empty() && options.volatility != "VOLATILE")
    line += " " + options.volatility;
  if (!options.parallel.empty() && options.parallel != "UNSAFE")
    line += " PARALLEL " + options.parallel;
  if (options.strict) line += " STRICT";
  if (options.definer) line += " SECURITY DEFINER";
  if (options.leakproof) line += " LEAKPROOF";
  const bool internal = routine.language == "c" || routine.language == "internal";
  if (!options.cost.empty() && options.cost != (internal ? "1" : "100"))
    line += " COST " + options.cost;
  if (!options.rows.empty() && options.rows != "1000") line += " ROWS " + options.rows;
  if (!options.support.empty()) line += " SUPPORT " + options.support;
  if (!line.empty()) sql += line + "\n";
  for (const std::string& setting : options.settings) sql += fmt::format(" SET {}\n", setting);
  sql += "AS ";
  if (!options.library.empty()) sql += in_quotes(options.library, '\'') + ", ";
  std::string tag = std::string("$") + kind;
  while (options.body.find(tag) != std::string::npos) tag += 'x';
  return fmt::format("{}{}${}{}$", sql, tag, options.body, tag);
}

std::string result_of(Catalog& catalog, const PgQuery__CreateFunctionStmt& statement,
                      const std::vector<Argument>& arguments, std::optional<Type>& returned) {
  std::string table;
  std::vector<std::string> out;
  for (const Argument& argument : arguments) {
    if (argument.mode == "TABLE") table += (table.empty() ? "" : ", ") + with_name(argument);
    if (argument.mode == "OUT" || argument.mode == "INOUT") out.push_back(argument.type);
  }
  if (!table.empty()) return "TABLE(" + table + ")";
  if (statement.return_type == nullptr) {
    if (out.empty()) return "void";
    return out.size() == 1 ? out[0] : "record";
  }
  returned = resolve(catalog, *statement.return_type);
  return (statement.return_type->setof != 0 ? "SETOF " : "") + label(*returned);
}

// RETURNS table.column%TYPE, and types that only the server knows.
bool has_copied_types(const PgQuery__CreateFunctionStmt& statement) {
  if (statement.return_type != nullptr && statement.return_type->pct_type != 0) return true;
  for (const Node* node : Nodes{statement.parameters, statement.n_parameters})
    if (node->function_parameter->arg_type->pct_type != 0) return true;
  return false;
}

}  // namespace

void create_routine(Catalog& catalog, const PgQuery__CreateFunctionStmt& statement) {
  const Name written = name_of(Nodes{statement.funcname, statement.n_funcname});
  if (has_copied_types(statement)) {
    catalog.not_interpreted("CREATE FUNCTION " + written.name,
                            "a type that is copied from a column");
    return;
  }
  Routine routine;
  routine.procedure = statement.is_procedure != 0;
  ObjectId id{Kind::routine, catalog.creation_schema(written.schema), written.name, ""};
  std::vector<Type> types;
  std::vector<Expression> defaults;
  for (const Node* node : Nodes{statement.parameters, statement.n_parameters}) {
    const PgQuery__FunctionParameter& parameter = *node->function_parameter;
    const Type type = resolve(catalog, *parameter.arg_type);
    Argument argument;
    argument.mode = mode_of(parameter.mode);
    argument.name = text(parameter.name);
    argument.type = label(type);
    if (parameter.defexpr != nullptr) {
      defaults.push_back(write_expression(catalog, parameter.defexpr, Scope{}, type));
      argument.default_expression = defaults.back().text;
      if (defaults.back().is_null) argument.default_expression = "NULL::" + label(type);
    }
    if (is_input(argument)) id.part += (id.part.empty() ? "" : ", ") + argument.type;
    routine.arguments.push_back(std::move(argument));
    types.push_back(type);
  }
  std::optional<Type> returned;
  if (!routine.procedure)
    routine.result = result_of(catalog, statement, routine.arguments, returned);
  const RoutineOptions options = options_of_routine({statement.options, statement.n_options});
  routine.language = options.language.empty() ? "sql" : options.language;
  routine.window = options.window;
  const bool has_body = statement.sql_body != nullptr;
  routine.definition = has_body ? catalog.statement().text : definition_of(id, routine, options);
  const bool there = catalog.find(id) != nullptr;
  if (there && statement.replace == 0)
    catalog.fail(fmt::format("{} already exists", to_string(id)));
  if (there) {
    catalog.forget_dependencies(id);
    as<Routine>(*catalog.find(id)) = std::move(routine);
  } else {
    catalog.add(id, std::move(routine));
  }
  for (const Type& type : types) depend_on_type(catalog, id, type);
  if (returned) depend_on_type(catalog, id, *returned);
  catalog.set_uncertain(id, has_body ? "a body of SQL is written down by the server alone" : "");
  if (has_body) depend_on_body(catalog, id, statement.sql_body);
  for (const Expression& expression : defaults) {
    for (const ObjectId& on : expression.uses) catalog.depend(id, on);
    if (!expression.doubt.empty()) catalog.set_uncertain(id, expression.doubt);
  }
}

Object* find_routine(Catalog& catalog, const PgQuery__ObjectWithArgs& with,
                     std::initializer_list<Kind> kinds) {
  const Name name = name_of(Nodes{with.objname, with.n_objname});
  std::string part;
  for (const Node* node : Nodes{with.objargs, with.n_objargs})
    if (node->node_case == PG_QUERY__NODE__NODE_TYPE_NAME)
      part += (part.empty() ? "" : ", ") + label(resolve(catalog, *node->type_name));
  std::vector<std::string> schemas = catalog.search_path();
  if (!name.schema.empty()) schemas = {name.schema};
  for (const std::string& schema : schemas)
    for (const Kind kind : kinds) {
      if (with.args_unspecified == 0) {
        if (Object* object = catalog.find({kind, schema, name.name, part})) return object;
        continue;
      }
      auto& objects = catalog.schema().objects;
      const auto at = objects.lower_bound({kind, schema, name.name, ""});
      if (at != objects.end() && at->first.kind == kind && at->first.schema == schema &&
          at->first.name == name.name)
        return &at->second;
    }
  return nullptr;
}

}  // namespace limbeck::postgres::memory
