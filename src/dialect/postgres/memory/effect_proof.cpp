// What the server, too, concludes without reading a row: from checks, and from what functions are.
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "dialect/postgres/memory/built_in.h"
#include "dialect/postgres/memory/effect_parts.h"
#include "dialect/postgres/memory/names.h"
#include "dialect/postgres/memory/references.h"

namespace limbeck::postgres::memory {
namespace {

// Those of pg_catalog that a default may call and that are volatile. Sorted.
constexpr std::array volatile_functions = std::to_array<std::string_view>({
    "clock_timestamp",
    "currval",
    "gen_random_uuid",
    "lastval",
    "nextval",
    "pg_notify",
    "pg_sleep",
    "pg_sleep_for",
    "pg_sleep_until",
    "random",
    "set_config",
    "setseed",
    "setval",
    "timeofday",
    "txid_status",
});

// Of what a user's function says of itself, in the lines above its body.
Volatility stated_volatility(const std::string& definition) {
  const std::size_t body = std::min(
      {definition.find("\nAS "), definition.find("\nBEGIN ATOMIC"), definition.find("\nRETURN ")});
  const std::string_view head = std::string_view(definition).substr(0, body);
  const bool is_fixed = head.find(" IMMUTABLE") != std::string_view::npos ||
                        head.find(" STABLE") != std::string_view::npos;
  if (is_fixed) return Volatility::fixed;
  // One in SQL may be put in as what it computes, which may be fixed.
  const bool inlined = head.find("LANGUAGE sql") != std::string_view::npos;
  return inlined ? Volatility::unknown : Volatility::changing;
}

Volatility volatility_of(Catalog& catalog, const Name& function) {
  if (function.schema.empty() || function.schema == "pg_catalog") {
    if (std::binary_search(volatile_functions.begin(), volatile_functions.end(),
                           std::string_view(function.name)))
      return Volatility::changing;
    if (!functions_named(function.name).empty()) return Volatility::fixed;
  }
  std::vector<std::string> schemas = catalog.state().search_path;
  if (!function.schema.empty()) schemas = {function.schema};
  for (const std::string& schema : schemas) {
    const auto& objects = catalog.schema().objects;
    for (auto at = objects.lower_bound({Kind::routine, schema, function.name, ""});
         at != objects.end() && at->first.kind == Kind::routine && at->first.schema == schema &&
         at->first.name == function.name;
         ++at)
      return stated_volatility(as<Routine>(at->second).definition);
  }
  return Volatility::unknown;
}

// Whether a check that is not false says that the column is not null.
bool says_not_null(const Node* node, const std::string& column) {
  if (node == nullptr) return false;
  if (node->node_case == PG_QUERY__NODE__NODE_NULL_TEST) {
    const PgQuery__NullTest& test = *node->null_test;
    if (test.nulltesttype != PG_QUERY__NULL_TEST_TYPE__IS_NOT_NULL) return false;
    if (test.arg->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return false;
    const PgQuery__ColumnRef& reference = *test.arg->column_ref;
    const auto fields = texts({reference.fields, reference.n_fields});
    return !fields.empty() && fields.back() == column;
  }
  if (node->node_case != PG_QUERY__NODE__NODE_BOOL_EXPR) return false;
  const Nodes arguments{node->bool_expr->args, node->bool_expr->n_args};
  const auto each = [&](const Node* argument) { return says_not_null(argument, column); };
  switch (node->bool_expr->boolop) {
    case PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR:
      return std::any_of(arguments.begin(), arguments.end(), each);
    case PG_QUERY__BOOL_EXPR_TYPE__OR_EXPR:
      return std::all_of(arguments.begin(), arguments.end(), each);
    default:
      return false;
  }
}

// The parts of a check that all have to hold.
void conjuncts(const Node* node, std::vector<const Node*>& parts) {
  if (node->node_case == PG_QUERY__NODE__NODE_BOOL_EXPR &&
      node->bool_expr->boolop == PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR) {
    for (const Node* argument : Nodes{node->bool_expr->args, node->bool_expr->n_args})
      conjuncts(argument, parts);
    return;
  }
  parts.push_back(node);
}

const Node* where_of(const Tree& tree) {
  const auto statements = tree.statements();
  if (statements.size() != 1 || statements[0]->node_case != PG_QUERY__NODE__NODE_SELECT_STMT)
    return nullptr;
  return statements[0]->select_stmt->where_clause;
}

// The constant's text, without its type: 10, 2024-01-01.
std::string constant(const Node* node) {
  if (node == nullptr) return {};
  if (node->node_case == PG_QUERY__NODE__NODE_PARTITION_RANGE_DATUM)
    return constant(node->partition_range_datum->value);
  if (node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) return constant(node->type_cast->arg);
  if (node->node_case != PG_QUERY__NODE__NODE_A_CONST || node->a_const->isnull != 0) return {};
  switch (node->a_const->val_case) {
    case PG_QUERY__A__CONST__VAL_IVAL:
      return std::to_string(node->a_const->ival->ival);
    case PG_QUERY__A__CONST__VAL_FVAL:
      return text(node->a_const->fval->fval);
    case PG_QUERY__A__CONST__VAL_SVAL:
      return text(node->a_const->sval->sval);
    default:
      return {};
  }
}

// A comparison of a column with a constant, as checks have it.
struct Comparison {
  std::string column;
  std::string comparison;
  std::string value;
};

std::optional<Comparison> comparison_of(const Node* node) {
  if (node->node_case != PG_QUERY__NODE__NODE_A_EXPR) return std::nullopt;
  const PgQuery__AExpr& expression = *node->a_expr;
  if (expression.kind != PG_QUERY__A__EXPR__KIND__AEXPR_OP || expression.lexpr == nullptr ||
      expression.lexpr->node_case != PG_QUERY__NODE__NODE_COLUMN_REF)
    return std::nullopt;
  const PgQuery__ColumnRef& reference = *expression.lexpr->column_ref;
  const auto fields = texts({reference.fields, reference.n_fields});
  const auto names = texts({expression.name, expression.n_name});
  const std::string value = constant(expression.rexpr);
  if (fields.empty() || names.empty() || value.empty()) return std::nullopt;
  return Comparison{fields.back(), names.back(), value};
}

// Whether one constant is at least as far up (or down) as the other; equal ones are.
bool at_least(const std::string& value, const std::string& bound, bool up) {
  if (value == bound) return true;
  long long left = 0;
  long long right = 0;
  const auto number = [](const std::string& from, long long& to) {
    const auto [end, error] = std::from_chars(from.data(), from.data() + from.size(), to);
    return error == std::errc{} && end == from.data() + from.size();
  };
  if (number(value, left) && number(bound, right)) return up ? left >= right : left <= right;
  // Dates in their canonical form have the order of their texts.
  if (value.size() != bound.size()) return false;
  const auto is_date = [](const std::string& it) { return it.size() >= 10 && it[4] == '-'; };
  if (!is_date(value) || !is_date(bound)) return false;
  return up ? value >= bound : value <= bound;
}

// column >= value (up) or column < value.
bool is_bounded(const Comparison& it, const std::string& value, bool up) {
  if (it.comparison == "=") return at_least(it.value, value, up) && (up || it.value != value);
  if (up) return (it.comparison == ">=" || it.comparison == ">") && at_least(it.value, value, true);
  if (it.comparison == "<") return at_least(it.value, value, false);
  return it.comparison == "<=" && it.value != value && at_least(it.value, value, false);
}

bool is_other_than(const Comparison& it, const std::string& value) {
  if (it.comparison == "<>") return it.value == value;
  if (it.comparison == "=") return it.value != value;
  if (it.comparison == ">") return at_least(it.value, value, true);
  if (it.comparison == ">=") return it.value != value && at_least(it.value, value, true);
  return is_bounded(it, value, false);
}

// Of "id = ANY (ARRAY[20, 21])", each comparison; empty: it is none.
std::vector<Comparison> comparisons_in_list(const Node* node) {
  std::vector<Comparison> all;
  if (node->node_case != PG_QUERY__NODE__NODE_A_EXPR) return all;
  const PgQuery__AExpr& expression = *node->a_expr;
  if (expression.kind != PG_QUERY__A__EXPR__KIND__AEXPR_OP_ANY || expression.lexpr == nullptr ||
      expression.lexpr->node_case != PG_QUERY__NODE__NODE_COLUMN_REF ||
      expression.rexpr->node_case != PG_QUERY__NODE__NODE_A_ARRAY_EXPR)
    return all;
  const PgQuery__ColumnRef& reference = *expression.lexpr->column_ref;
  const auto fields = texts({reference.fields, reference.n_fields});
  const auto names = texts({expression.name, expression.n_name});
  const auto& array = *expression.rexpr->a_array_expr;
  for (const Node* element : Nodes{array.elements, array.n_elements}) {
    if (constant(element).empty()) return {};
    all.push_back({fields.back(), names.back(), constant(element)});
  }
  return all;
}

// Whether a check makes the test hold for each row: all of its alternatives do, or one of the parts
// that all have to hold.
template <class Test>
bool implies(const Node* node, const Test& test) {
  if (node->node_case == PG_QUERY__NODE__NODE_BOOL_EXPR) {
    const Nodes arguments{node->bool_expr->args, node->bool_expr->n_args};
    const auto each = [&](const Node* argument) { return implies(argument, test); };
    if (node->bool_expr->boolop == PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR)
      return std::any_of(arguments.begin(), arguments.end(), each);
    return node->bool_expr->boolop == PG_QUERY__BOOL_EXPR_TYPE__OR_EXPR &&
           std::all_of(arguments.begin(), arguments.end(), each);
  }
  if (const auto it = comparison_of(node)) return test(*it);
  const std::vector<Comparison> list = comparisons_in_list(node);
  return !list.empty() && std::all_of(list.begin(), list.end(), test);
}

class Facts {
 public:
  Facts(const Catalog& catalog, const ObjectId& table) {
    for (const Object* object : constraints_of(catalog, table, ConstraintType::check)) {
      const auto& check = as<Constraint>(*object);
      if (!check.validated) continue;
      trees_.push_back(std::make_unique<Tree>("SELECT WHERE " + check.expression));
      if (const Node* where = where_of(*trees_.back())) conjuncts(where, parts_);
    }
  }

  bool not_null(const std::string& column) const {
    return std::any_of(parts_.begin(), parts_.end(),
                       [&](const Node* part) { return says_not_null(part, column); });
  }

  // Whether one of the checks makes a comparison of the column true that says enough.
  template <class Test>
  bool imply(const std::string& column, const Test& says_enough) const {
    const auto test = [&](const Comparison& it) { return it.column == column && says_enough(it); };
    return std::any_of(parts_.begin(), parts_.end(),
                       [&](const Node* part) { return implies(part, test); });
  }

 private:
  std::vector<std::unique_ptr<Tree>> trees_;
  std::vector<const Node*> parts_;
};

// "created_at" of "RANGE (created_at)"; empty: an expression, or several columns.
std::string single_key(const Catalog& catalog, const ObjectId& parent) {
  const std::string& key = as<Table>(*catalog.schema().find(parent)).partition_key;
  const std::size_t open = key.find('(');
  if (open == std::string::npos) return {};
  const std::string inner = key.substr(open + 1, key.size() - open - 2);
  for (const Object* column : columns_of(catalog.schema(), parent.schema, parent.name))
    if (inner == identifier(column->id.part)) return column->id.part;
  return {};
}

bool is_infinite(const Node* node) {
  if (node->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return false;
  std::string word = text(node->column_ref->fields[0]);
  for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return word == "minvalue" || word == "maxvalue";
}

std::vector<std::string> values_of(const PgQuery__PartitionBoundSpec& bound) {
  std::vector<std::string> values;
  for (const Node* node : Nodes{bound.listdatums, bound.n_listdatums})
    values.push_back(constant(node));
  return values;
}

}  // namespace

Volatility volatility_of(Catalog& catalog, const Node* expression) {
  Volatility result = Volatility::fixed;
  for (const PgQuery__FuncCall* call : references_in(expression).functions) {
    const Volatility each =
        volatility_of(catalog, name_of(Nodes{call->funcname, call->n_funcname}));
    if (each == Volatility::changing) return each;
    if (each == Volatility::unknown) result = each;
  }
  return result;
}

bool proves_not_null(const Catalog& catalog, const ObjectId& table, const std::string& column,
                     const std::vector<std::string>& without) {
  for (const Object* object : constraints_of(catalog, table, ConstraintType::check)) {
    const auto& check = as<Constraint>(*object);
    if (!check.validated ||
        std::find(without.begin(), without.end(), object->id.part) != without.end())
      continue;
    const Tree tree("SELECT WHERE " + check.expression);
    const Node* where = where_of(tree);
    if (where != nullptr && says_not_null(where, column)) return true;
  }
  return false;
}

bool proves_bound(Catalog& catalog, const ObjectId& table, const ObjectId& parent,
                  const PgQuery__PartitionBoundSpec& bound) {
  const std::string key = single_key(catalog, parent);
  if (key.empty() || bound.is_default != 0) return false;
  const Facts facts(catalog, table);
  const Column* column = column_of(catalog, table, key);
  if (column == nullptr || (!column->not_null && !facts.not_null(key))) return false;
  const auto bounded = [&](const Node* datum, bool up) {
    return is_infinite(datum) || facts.imply(key, [&](const Comparison& it) {
      return is_bounded(it, constant(datum), up);
    });
  };
  if (text(bound.strategy) == "r")
    return bounded(bound.lowerdatums[0], true) && bounded(bound.upperdatums[0], false);
  if (text(bound.strategy) != "l") return false;
  const std::vector<std::string> values = values_of(bound);
  return facts.imply(key, [&](const Comparison& it) {
    return it.comparison == "=" &&
           std::find(values.begin(), values.end(), it.value) != values.end();
  });
}

bool proves_outside(Catalog& catalog, const ObjectId& table, const ObjectId& parent,
                    const PgQuery__PartitionBoundSpec& bound) {
  const std::string key = single_key(catalog, parent);
  if (key.empty() || bound.is_default != 0) return false;
  const Facts facts(catalog, table);
  if (text(bound.strategy) == "r") {
    const Node* lower = bound.lowerdatums[0];
    const Node* upper = bound.upperdatums[0];
    return facts.imply(key, [&](const Comparison& it) {
      return (!is_infinite(lower) && is_bounded(it, constant(lower), false)) ||
             (!is_infinite(upper) && is_bounded(it, constant(upper), true));
    });
  }
  if (text(bound.strategy) != "l") return false;
  const std::vector<std::string> values = values_of(bound);
  return std::all_of(values.begin(), values.end(), [&](const std::string& value) {
    return facts.imply(key, [&](const Comparison& it) { return is_other_than(it, value); });
  });
}

}  // namespace limbeck::postgres::memory
