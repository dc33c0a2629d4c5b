#include "dialect/postgres/memory/condition.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <compare>
#include <optional>
#include <string_view>

namespace limbeck::postgres::memory {
namespace {

using enum Condition::Kind;

struct ComparisonRow {
  std::string_view name;
  std::string_view negated;
  std::string_view turned;  // with its sides exchanged
};

constexpr std::array comparisons = std::to_array<ComparisonRow>({
    {"<", ">=", ">"},
    {"<=", ">", ">="},
    {"=", "<>", "="},
    {">=", "<", "<="},
    {">", "<=", "<"},
    {"<>", "=", "<>"},
});

const ComparisonRow* comparison_named(std::string_view name) {
  const auto* found = std::find_if(comparisons.begin(), comparisons.end(),
                                   [&](const ComparisonRow& row) { return row.name == name; });
  return found == comparisons.end() ? nullptr : found;
}

// ---- the order of values ----

template <class Number>
std::optional<Number> number_of(const std::string& text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// A date or a time in its canonical form, which has the order of its text.
std::string moment_of(const std::string& text) {
  constexpr std::size_t date = 10;
  if (text.size() < date || text[4] != '-' || text[7] != '-') return {};
  return text.size() == date ? text + " 00:00:00" : text;
}

std::optional<std::partial_ordering> order_of(const std::string& left, const std::string& right) {
  if (left.empty() || right.empty()) return std::nullopt;
  if (left == right) return std::partial_ordering::equivalent;
  if (const auto a = number_of<long long>(left), b = number_of<long long>(right); a && b)
    return *a <=> *b;
  if (const auto a = number_of<double>(left), b = number_of<double>(right); a && b)
    return *a <=> *b;
  const std::string a = moment_of(left);
  const std::string b = moment_of(right);
  if (a.empty() || a.size() != b.size()) return std::nullopt;
  return a <=> b;
}

// "left comparison right"; nothing: not known.
bool holds(const std::string& left, std::string_view comparison, const std::string& right) {
  const auto order = order_of(left, right);
  // Two texts that are written in another way are two: what has no order here is no number.
  if (!order) return comparison == "<>" && !left.empty() && !right.empty();
  if (comparison == "<") return *order < 0;
  if (comparison == "<=") return *order <= 0;
  if (comparison == "=") return *order == 0;
  if (comparison == ">=") return *order >= 0;
  if (comparison == ">") return *order > 0;
  return *order != 0;
}

// x known.comparison known.value, hence x wanted.comparison wanted.value.
bool comparison_implies(const Condition& known, const Condition& wanted) {
  const auto value = [&](std::string_view comparison) {
    return holds(known.value, comparison, wanted.value);
  };
  const std::string_view to = wanted.comparison;
  if (known.comparison == "=") return value(to);
  if (known.comparison == "<>") return to == "<>" && value("=");
  const bool up = known.comparison.front() == '>';
  const bool same_way = to.front() == (up ? '>' : '<') && to != "<>";
  if (!same_way && to != "<>") return false;
  // x > 5 says x >= 5 and x <> 5; x >= 5 says neither x > 5 nor x <> 5.
  const bool strict = known.comparison.size() == 1;
  const bool may_be_equal = strict || to.size() == 2;
  if (to == "<>") return value(strict ? (up ? ">=" : "<=") : (up ? ">" : "<"));
  return value(may_be_equal ? (up ? ">=" : "<=") : (up ? ">" : "<"));
}

bool is_one(const Condition& it) {
  return it.kind != all && it.kind != any;
}

bool one_implies_one(const Condition& known, const Condition& wanted) {
  if (known.kind != wanted.kind || known.subject.empty() || known.subject != wanted.subject)
    return false;
  return known.kind != Condition::Kind::comparison || comparison_implies(known, wanted);
}

// ---- from the tree ----

Condition other_than_known(const Node* node) {
  return {.kind = other, .subject = node == nullptr ? "" : expression_text(node)};
}

Condition comparison_of(const Node* left, std::string_view name, const Node* right) {
  const ComparisonRow* row = comparison_named(name);
  if (row == nullptr || left == nullptr) return {.kind = other};
  if (std::string value = constant_of(right); !value.empty())
    return {.kind = comparison,
            .subject = subject_of(left),
            .comparison = std::string(row->name),
            .value = std::move(value)};
  if (std::string value = constant_of(left); !value.empty())
    return {.kind = comparison,
            .subject = subject_of(right),
            .comparison = std::string(row->turned),
            .value = std::move(value)};
  return {.kind = other};
}

// "id = ANY (ARRAY[20, 21])", "id IN (20, 21)", and "<> ALL".
Condition comparisons_of_list(const PgQuery__AExpr& expression, std::string_view name,
                              Nodes values) {
  const bool every = expression.kind == PG_QUERY__A__EXPR__KIND__AEXPR_OP_ALL ||
                     (expression.kind == PG_QUERY__A__EXPR__KIND__AEXPR_IN && name == "<>");
  Condition list{.kind = every ? all : any};
  for (const Node* value : values)
    list.parts.push_back(comparison_of(expression.lexpr, name, value));
  return list;
}

const Node* without_casts(const Node* node) {
  while (node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) node = node->type_cast->arg;
  return node;
}

Condition condition_of_operator(const Node* node) {
  const PgQuery__AExpr& expression = *node->a_expr;
  const auto names = texts({expression.name, expression.n_name});
  const std::string name = names.empty() ? "" : names.back();
  Condition found{.kind = other};
  switch (expression.kind) {
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP:
      found = comparison_of(expression.lexpr, name, expression.rexpr);
      break;
    case PG_QUERY__A__EXPR__KIND__AEXPR_IN:
      found = comparisons_of_list(expression, name, items(expression.rexpr));
      break;
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ANY:
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ALL:
      if (const Node* list = without_casts(expression.rexpr);
          list->node_case == PG_QUERY__NODE__NODE_A_ARRAY_EXPR)
        found = comparisons_of_list(expression, name,
                                    {list->a_array_expr->elements, list->a_array_expr->n_elements});
      break;
    default:
      break;
  }
  return found.kind == other ? other_than_known(node) : found;
}

Condition condition_of_boolean(const PgQuery__BoolExpr& expression) {
  const Nodes arguments{expression.args, expression.n_args};
  if (expression.boolop == PG_QUERY__BOOL_EXPR_TYPE__NOT_EXPR)
    return negated(condition_of(arguments[0]));
  Condition found{.kind = expression.boolop == PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR ? all : any};
  for (const Node* argument : arguments) found.parts.push_back(condition_of(argument));
  return found;
}

}  // namespace

std::string subject_of(const Node* node) {
  if (node->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return expression_text(node);
  const auto fields = texts({node->column_ref->fields, node->column_ref->n_fields});
  return fields.empty() ? "" : fields.back();
}

std::string constant_of(const Node* node) {
  if (node == nullptr) return {};
  if (node->node_case == PG_QUERY__NODE__NODE_PARTITION_RANGE_DATUM)
    return constant_of(node->partition_range_datum->value);
  if (node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) return constant_of(node->type_cast->arg);
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

bool is_same_value(const std::string& left, const std::string& right) {
  return holds(left, "=", right);
}

Condition condition_of(const Node* node) {
  if (node == nullptr) return {.kind = all};
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_BOOL_EXPR:
      return condition_of_boolean(*node->bool_expr);
    case PG_QUERY__NODE__NODE_A_EXPR:
      return condition_of_operator(node);
    case PG_QUERY__NODE__NODE_NULL_TEST:
      return {.kind = node->null_test->nulltesttype == PG_QUERY__NULL_TEST_TYPE__IS_NULL
                          ? is_null
                          : is_not_null,
              .subject = subject_of(node->null_test->arg)};
    default:
      return other_than_known(node);
  }
}

Condition condition_of_text(const std::string& expression) {
  const Tree tree("SELECT WHERE " + expression);
  const auto statements = tree.statements();
  if (statements.size() != 1 || statements[0]->node_case != PG_QUERY__NODE__NODE_SELECT_STMT)
    return {.kind = other};
  return condition_of(statements[0]->select_stmt->where_clause);
}

std::vector<std::vector<std::string>> given_by(const Condition& condition) {
  std::vector<std::vector<std::string>> found;
  if (condition.kind == is_not_null) return {{condition.subject}};
  if (condition.kind == all) {
    for (const Condition& part : condition.parts)
      for (std::vector<std::string>& list : given_by(part)) found.push_back(std::move(list));
  }
  if (condition.kind != any) return found;
  // Some part is not false: of its first list, hence of all first lists, one subject is not NULL.
  std::vector<std::string> together;
  for (const Condition& part : condition.parts) {
    const auto lists = given_by(part);
    if (lists.empty()) return {};
    together.insert(together.end(), lists.front().begin(), lists.front().end());
  }
  if (!together.empty()) found.push_back(std::move(together));
  return found;
}

Condition negated(Condition condition) {
  switch (condition.kind) {
    case all:
    case any:
      condition.kind = condition.kind == all ? any : all;
      for (Condition& part : condition.parts) part = negated(std::move(part));
      return condition;
    case comparison:
      condition.comparison = comparison_named(condition.comparison)->negated;
      return condition;
    case is_null:
      condition.kind = is_not_null;
      return condition;
    case is_not_null:
      condition.kind = is_null;
      return condition;
    case other:
      condition.subject = "NOT " + condition.subject;
      return condition;
  }
  return condition;
}

// The steps are those of the server's predicate_implied_by().
bool implies(const Condition& known, const Condition& wanted) {
  const auto known_implies = [&](const Condition& part) { return implies(known, part); };
  const auto implies_wanted = [&](const Condition& part) { return implies(part, wanted); };
  if (wanted.kind == all)
    return std::all_of(wanted.parts.begin(), wanted.parts.end(), known_implies);
  if (known.kind == any) {
    if (is_one(wanted)) return std::all_of(known.parts.begin(), known.parts.end(), implies_wanted);
    return std::all_of(known.parts.begin(), known.parts.end(), [&](const Condition& part) {
      return std::any_of(wanted.parts.begin(), wanted.parts.end(),
                         [&](const Condition& each) { return implies(part, each); });
    });
  }
  if (wanted.kind == any && std::any_of(wanted.parts.begin(), wanted.parts.end(), known_implies))
    return true;
  if (known.kind == all) return std::any_of(known.parts.begin(), known.parts.end(), implies_wanted);
  return is_one(wanted) && one_implies_one(known, wanted);
}

}  // namespace limbeck::postgres::memory
