// Function calls, those among them that SQL gives a syntax of their own, and CURRENT_TIMESTAMP and
// its like.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "dialect/postgres/memory/expression_writer.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {
namespace {

std::string joined(const std::vector<Value>& values) {
  std::string list;
  for (const Value& value : values) list += (list.empty() ? "" : ", ") + value.text;
  return list;
}

// The last arguments as the array that a variadic function gets.
void gather(std::vector<Value>& arguments, std::size_t first) {
  const std::vector<Value> elements(arguments.begin() + static_cast<std::ptrdiff_t>(first),
                                    arguments.end());
  arguments.resize(first);
  arguments.push_back({.text = fmt::format("VARIADIC ARRAY[{}]", joined(elements))});
}

Candidate candidate_of(const Catalog& catalog, const Object& routine) {
  Candidate candidate;
  std::string result;
  if (const auto* function = std::get_if<Routine>(&routine.definition)) {
    for (const Argument& argument : function->arguments) {
      if (argument.mode == "OUT" || argument.mode == "TABLE") continue;
      candidate.arguments.push_back(parse_type(catalog, argument.type).key());
      if (!argument.default_expression.empty()) ++candidate.defaults;
      candidate.variadic = candidate.variadic || argument.mode == "VARIADIC";
    }
    result = function->result;
  } else if (const auto* aggregate = std::get_if<Aggregate>(&routine.definition)) {
    std::string_view types = routine.id.part;
    while (!types.empty()) {
      const std::size_t comma = std::min(types.find(", "), types.size());
      candidate.arguments.push_back(parse_type(catalog, std::string(types.substr(0, comma))).key());
      types.remove_prefix(std::min(comma + 2, types.size()));
    }
    candidate.aggregate = true;
    result = aggregate->result;
  }
  constexpr std::string_view set = "SETOF ";
  if (result.compare(0, set.size(), set) == 0) {
    candidate.returns_set = true;
    result.erase(0, set.size());
  }
  candidate.result =
      result.compare(0, 5, "TABLE") == 0 ? "record" : parse_type(catalog, result).key();
  return candidate;
}

}  // namespace

std::vector<Candidate> ExpressionWriter::candidates(const Name& name,
                                                    std::vector<const Object*>& routines) {
  std::vector<Candidate> found;
  const auto add_schema = [&](const std::string& schema) {
    for (const Kind kind : {Kind::routine, Kind::aggregate}) {
      const auto& objects = catalog_.schema().objects;
      for (auto at = objects.lower_bound({kind, schema, name.name, ""});
           at != objects.end() && at->first.kind == kind && at->first.schema == schema &&
           at->first.name == name.name;
           ++at) {
        found.push_back(candidate_of(catalog_, at->second));
        routines.push_back(&at->second);
      }
    }
  };
  if (name.schema.empty() || name.schema == "pg_catalog") {
    found = functions_named(name.name);
    routines.resize(found.size(), nullptr);
  }
  if (!name.schema.empty()) add_schema(name.schema);
  if (name.schema.empty())
    for (const std::string& schema : catalog_.search_path()) add_schema(schema);
  return found;
}

Value ExpressionWriter::write_call(const Node* node) {
  const PgQuery__FuncCall& call = *node->func_call;
  if (call.n_agg_order != 0 || call.agg_filter != nullptr || call.over != nullptr ||
      call.agg_distinct != 0 || call.agg_within_group != 0 || call.func_variadic != 0)
    return keep(node, "a call of an aggregate or window function");
  const Name name = name_of(Nodes{call.funcname, call.n_funcname});
  for (std::size_t i = 0; i < call.n_args; ++i)
    if (call.args[i]->node_case == PG_QUERY__NODE__NODE_NAMED_ARG_EXPR)
      return keep(node, "a call with named arguments");
  std::vector<Value> arguments = write_all({call.args, call.n_args});
  if (call.agg_star != 0) return {.text = identifier(name.name) + "(*)", .type = built_in("int8")};

  std::vector<Type> types;
  bool certain = true;
  for (const Value& value : arguments) {
    types.push_back(value.type);
    certain = certain && value.certain;
  }
  std::vector<const Object*> routines;
  const std::vector<Candidate> all = candidates(name, routines);
  // Functions of the search path come before nothing but those of pg_catalog: with several that
  // fit, the rules of resolution decide.
  const auto resolved = certain ? resolve_call(catalog_, all, types) : std::nullopt;
  if (!resolved) {
    for (const Object* routine : routines)
      if (routine != nullptr) uses_.insert(routine->id);
    doubt(all.empty() ? fmt::format("the function {} is not known", name.name)
                      : fmt::format("which function {} is meant", name.name));
    const std::string called = routines.empty() || routines.front() == nullptr
                                   ? qualified(name.schema, name.name)
                                   : qualified(routines.front()->id);
    return {.text = fmt::format("{}({})", called, joined(arguments)), .certain = false};
  }
  std::string called = identifier(name.name);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (routines[i] == nullptr) continue;
    const auto one = resolve_call(catalog_, {all[i]}, types);
    if (!one) continue;
    bool same = one->arguments.size() == resolved->arguments.size();
    for (std::size_t k = 0; same && k < one->arguments.size(); ++k)
      same = one->arguments[k].key() == resolved->arguments[k].key();
    if (!same) continue;
    uses_.insert(routines[i]->id);
    called = qualified(routines[i]->id);
    break;
  }
  // In the syntax of SQL's own the server shows no cast that nobody has written.
  const bool has_own_syntax = call.funcformat == PG_QUERY__COERCION_FORM__COERCE_SQL_SYNTAX;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool is_untyped = arguments[i].type.unknown() && arguments[i].constant;
    if (!has_own_syntax || is_untyped)
      arguments[i] = cast_implicitly(std::move(arguments[i]), resolved->arguments[i]);
  }
  if (has_own_syntax) return sql_syntax(name.name, arguments, resolved->result, node);
  if (resolved->gathered) gather(arguments, *resolved->gathered);
  return {.text = fmt::format("{}({})", called, joined(arguments)), .type = resolved->result};
}

Value ExpressionWriter::sql_syntax(const std::string& function, std::vector<Value>& arguments,
                                   const Type& result, const Node* node) {
  const auto made = [&](std::string written) {
    return Value{.text = std::move(written), .type = result};
  };
  const std::size_t count = arguments.size();
  const auto argument = [&](std::size_t i) -> const std::string& { return arguments[i].text; };
  if (function == "timezone" && count == 2)
    return made(fmt::format("({} AT TIME ZONE {})", argument(1), argument(0)));
  if (function == "extract" && count == 2)
    return made(fmt::format("EXTRACT({} FROM {})", arguments[0].raw, argument(1)));
  constexpr std::array trims = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"btrim", "BOTH"}, {"ltrim", "LEADING"}, {"rtrim", "TRAILING"}});
  for (const auto& [name, side] : trims) {
    if (function != name) continue;
    return made(count == 2 ? fmt::format("TRIM({} {} FROM {})", side, argument(1), argument(0))
                           : fmt::format("TRIM({} FROM {})", side, argument(0)));
  }
  if (function == "substring" && count >= 2)
    return made(count == 3 ? fmt::format("SUBSTRING({} FROM {} FOR {})", argument(0), argument(1),
                                         argument(2))
                           : fmt::format("SUBSTRING({} FROM {})", argument(0), argument(1)));
  if (function == "position" && count == 2)
    return made(fmt::format("POSITION(({}) IN ({}))", argument(1), argument(0)));
  if (function == "overlay" && count >= 3)
    return made(fmt::format("OVERLAY({} PLACING {} FROM {}{})", argument(0), argument(1),
                            argument(2), count == 4 ? " FOR " + argument(3) : ""));
  // An author's SIMILAR TO, which the server writes as the function that it became.
  if (function == "similar_to_escape")
    return made(fmt::format("similar_to_escape({})", joined(arguments)));
  return keep(node, "a function with a syntax of its own");
}

Value ExpressionWriter::write_value_function(const PgQuery__SQLValueFunction& node) {
  struct Row {
    std::string_view name;
    std::string_view type;
  };
  // In the order of SQLValueFunctionOp.
  constexpr std::array rows = std::to_array<Row>({
      {"", ""},
      {"CURRENT_DATE", "date"},
      {"CURRENT_TIME", "timetz"},
      {"CURRENT_TIME", "timetz"},
      {"CURRENT_TIMESTAMP", "timestamptz"},
      {"CURRENT_TIMESTAMP", "timestamptz"},
      {"LOCALTIME", "time"},
      {"LOCALTIME", "time"},
      {"LOCALTIMESTAMP", "timestamp"},
      {"LOCALTIMESTAMP", "timestamp"},
      {"CURRENT_ROLE", "name"},
      {"CURRENT_USER", "name"},
      {"USER", "name"},
      {"SESSION_USER", "name"},
      {"CURRENT_CATALOG", "name"},
      {"CURRENT_SCHEMA", "name"},
  });
  const auto at = static_cast<std::size_t>(node.op);
  if (at >= rows.size()) return {.certain = false};
  std::string written(rows[at].name);
  if (node.typmod >= 0) written += fmt::format("({})", node.typmod);
  return {.text = written, .type = built_in(rows[at].type)};
}

}  // namespace limbeck::postgres::memory
