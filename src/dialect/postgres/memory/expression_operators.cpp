// Operators, comparisons and their relatives: IN, ANY, BETWEEN, IS DISTINCT FROM, NULLIF.
#include <fmt/format.h>

#include "dialect/postgres/memory/expression_writer.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {

std::vector<Value> ExpressionWriter::write_all(Nodes nodes) {
  std::vector<Value> values;
  values.reserve(nodes.size());
  for (const Node* node : nodes) values.push_back(write(node));
  return values;
}

Value ExpressionWriter::operation(const std::string& name, Value left, Value right) {
  const auto joined = [&](const Value& a, const Value& b) {
    return fmt::format("({} {} {})", a.text, name, b.text);
  };
  if (!left.certain || !right.certain) return {.text = joined(left, right), .certain = false};
  const auto resolved = resolve_operator(catalog_, name, {left.type, right.type});
  if (!resolved) {
    doubt(fmt::format("which operator {} is, between {} and {}", name, label(left.type),
                      label(right.type)));
    return {.text = joined(left, right), .certain = false};
  }
  left = cast_implicitly(std::move(left), resolved->arguments[0]);
  right = cast_implicitly(std::move(right), resolved->arguments[1]);
  return {.text = joined(left, right), .type = resolved->result};
}

Value ExpressionWriter::prefix(const std::string& name, Value operand) {
  if (operand.certain) {
    if (const auto resolved = resolve_operator(catalog_, name, {operand.type})) {
      operand = cast_implicitly(std::move(operand), resolved->arguments[0]);
      return {.text = fmt::format("({} {})", name, operand.text), .type = resolved->result};
    }
    doubt(fmt::format("which operator {} is, before {}", name, label(operand.type)));
  }
  return {.text = fmt::format("({} {})", name, operand.text), .certain = false};
}

Value ExpressionWriter::write_operation(const Node* node) {
  const PgQuery__AExpr& operation_node = *node->a_expr;
  const Nodes names{operation_node.name, operation_node.n_name};
  if (names.size() > 1 && text(names[0]) != "pg_catalog")
    return keep(node, "an operator that the author named with its schema");
  const std::string name = names.empty() ? "" : text(names[names.size() - 1]);
  switch (operation_node.kind) {
    case PG_QUERY__A__EXPR__KIND__AEXPR_IN:
      return write_in(operation_node, name);
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ANY:
      return write_any(operation_node, name, "ANY");
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ALL:
      return write_any(operation_node, name, "ALL");
    case PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN:
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN:
      return write_between(operation_node);
    case PG_QUERY__A__EXPR__KIND__AEXPR_DISTINCT:
      return write_distinct(operation_node, "IS DISTINCT FROM");
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_DISTINCT:
      return write_distinct(operation_node, "IS NOT DISTINCT FROM");
    case PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF:
      return write_nullif(operation_node);
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP:
    case PG_QUERY__A__EXPR__KIND__AEXPR_LIKE:
    case PG_QUERY__A__EXPR__KIND__AEXPR_ILIKE:
    case PG_QUERY__A__EXPR__KIND__AEXPR_SIMILAR:
      break;
    default:
      return keep(node, "an operator that only the server writes down");
  }
  if (operation_node.lexpr == nullptr) return prefix(name, write(operation_node.rexpr));
  if (operation_node.lexpr->node_case == PG_QUERY__NODE__NODE_ROW_EXPR &&
      operation_node.rexpr != nullptr &&
      operation_node.rexpr->node_case == PG_QUERY__NODE__NODE_ROW_EXPR)
    return write_rows(operation_node, name);
  Value left = write(operation_node.lexpr);
  Value right = write(operation_node.rexpr);
  return operation(name, std::move(left), std::move(right));
}

// (a, b) = (1, 2)
Value ExpressionWriter::write_rows(const PgQuery__AExpr& node, const std::string& name) {
  const Nodes left{node.lexpr->row_expr->args, node.lexpr->row_expr->n_args};
  const Nodes right{node.rexpr->row_expr->args, node.rexpr->row_expr->n_args};
  std::string written;
  for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
    if (!written.empty()) written += name == "=" ? " AND " : " OR ";
    written += operation(name, write(left[i]), write(right[i])).text;
  }
  if ((name != "=" && name != "<>") || left.size() < 2)
    doubt("a comparison of rows is written down by the server alone");
  return {.text = "(" + written + ")", .type = built_in("bool")};
}

std::optional<Type> ExpressionWriter::common(const std::vector<Value>& values) {
  std::vector<Type> types;
  for (const Value& value : values) {
    if (!value.certain) return std::nullopt;
    types.push_back(value.type);
  }
  auto type = common_type(catalog_, types);
  if (!type) doubt("parts whose common type only the server knows");
  return type;
}

Value ExpressionWriter::write_in(const PgQuery__AExpr& node, const std::string& name) {
  const Nodes listed = items(node.rexpr);
  Value left = write(node.lexpr);
  const bool none = name == "<>";
  std::vector<Value> constants;
  std::vector<Value> others;  // columns are compared one by one
  for (const Node* each : listed) {
    const bool column = references_column(each);
    (column ? others : constants).push_back(write(each));
  }
  std::vector<std::string> parts;
  if (constants.size() > 1) {
    std::vector<Value> all = constants;
    all.insert(all.begin(), left);
    const auto type = common(all);
    if (!type) {
      std::string list;
      for (const Value& value : constants) list += (list.empty() ? "" : ", ") + value.text;
      parts.push_back(fmt::format("({} {} ({}))", left.text, none ? "<> ALL" : "= ANY", list));
      doubt("a list whose type only the server knows");
    } else {
      std::string list;
      for (Value& value : constants)
        list += (list.empty() ? "" : ", ") + cast_implicitly(std::move(value), *type).text;
      Value array{.text = "ARRAY[" + list + "]", .type = *type};
      array.type.array = true;
      parts.push_back(compare_with_array(name, left, std::move(array), none ? "ALL" : "ANY").text);
    }
  } else {
    others.insert(others.begin(), constants.begin(), constants.end());
  }
  for (Value& value : others) parts.push_back(operation(name, left, std::move(value)).text);
  if (parts.size() == 1) return {.text = parts[0], .type = built_in("bool")};
  std::string written;
  for (const std::string& part : parts)
    written += (written.empty() ? "" : none ? " AND " : " OR ") + part;
  return {.text = "(" + written + ")", .type = built_in("bool")};
}

bool ExpressionWriter::references_column(const Node* node) {
  return node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF;
}

Value ExpressionWriter::compare_with_array(const std::string& name, Value left, Value array,
                                           const char* quantifier) {
  const auto joined = [&] {
    return fmt::format("({} {} {} ({}))", left.text, name, quantifier, array.text);
  };
  if (!left.certain || !array.certain) return {.text = joined(), .certain = false};
  if (array.type.unknown() && array.constant && !left.type.unknown()) {
    Type type = left.type;
    type.modifier.clear();
    type.array = true;
    array = cast_implicitly(std::move(array), type);
  }
  Type element = base_type(catalog_, array.type);
  element.array = false;
  const auto resolved = resolve_operator(catalog_, name, {left.type, element});
  if (!resolved) {
    doubt(fmt::format("which operator {} is, between {} and {}", name, label(left.type),
                      label(element)));
    return {.text = joined(), .certain = false};
  }
  left = cast_implicitly(std::move(left), resolved->arguments[0]);
  if (resolved->arguments[1].key() != element.key()) {
    Type target = resolved->arguments[1];
    target.array = true;
    array = cast_implicitly(std::move(array), target);
  }
  return {.text = joined(), .type = built_in("bool")};
}

Value ExpressionWriter::write_any(const PgQuery__AExpr& node, const std::string& name,
                                  const char* quantifier) {
  Value left = write(node.lexpr);
  Value right = write(node.rexpr);
  return compare_with_array(name, std::move(left), std::move(right), quantifier);
}

Value ExpressionWriter::write_between(const PgQuery__AExpr& node) {
  const bool inside = node.kind == PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN;
  const Nodes bounds = items(node.rexpr);
  if (bounds.size() != 2) return {.certain = false};
  const Value value = write(node.lexpr);
  const Value low = operation(inside ? ">=" : "<", value, write(bounds[0]));
  const Value high = operation(inside ? "<=" : ">", value, write(bounds[1]));
  return {.text = fmt::format("({} {} {})", low.text, inside ? "AND" : "OR", high.text),
          .type = built_in("bool")};
}

Value ExpressionWriter::write_distinct(const PgQuery__AExpr& node, const char* words) {
  Value left = write(node.lexpr);
  Value right = write(node.rexpr);
  if (left.is_null || right.is_null) {
    const bool is = std::string_view(words) == "IS NOT DISTINCT FROM";
    const Value& other = left.is_null ? right : left;
    return {.text = fmt::format("({} IS {})", other.text, is ? "NULL" : "NOT NULL"),
            .type = built_in("bool")};
  }
  const auto resolved = resolve_operator(catalog_, "=", {left.type, right.type});
  if (left.certain && right.certain && resolved) {
    left = cast_implicitly(std::move(left), resolved->arguments[0]);
    right = cast_implicitly(std::move(right), resolved->arguments[1]);
  } else {
    doubt("which operator = is");
  }
  // The server writes the second as a negation of the first.
  std::string written = fmt::format("({} IS DISTINCT FROM {})", left.text, right.text);
  if (std::string_view(words) == "IS NOT DISTINCT FROM") written = "(NOT " + written + ")";
  return {.text = written, .type = built_in("bool")};
}

Value ExpressionWriter::write_nullif(const PgQuery__AExpr& node) {
  Value left = write(node.lexpr);
  Value right = write(node.rexpr);
  const auto resolved = resolve_operator(catalog_, "=", {left.type, right.type});
  Type type = left.type;
  if (left.certain && right.certain && resolved) {
    left = cast_implicitly(std::move(left), resolved->arguments[0]);
    right = cast_implicitly(std::move(right), resolved->arguments[1]);
    type = left.type;
  } else {
    doubt("which operator = is");
  }
  return {.text = fmt::format("NULLIF({}, {})", left.text, right.text), .type = type};
}

}  // namespace limbeck::postgres::memory
