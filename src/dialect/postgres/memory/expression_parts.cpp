// CASE, lists, arrays, subscripts and casts.
#include <algorithm>
#include <fmt/format.h>

#include "dialect/postgres/memory/constants.h"
#include "dialect/postgres/memory/expression_writer.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {

Value ExpressionWriter::write_case(const PgQuery__CaseExpr& node) {
  std::optional<Value> tested;
  if (node.arg != nullptr) {
    tested = write(node.arg);
    if (tested->type.unknown() && tested->constant)
      tested = cast_implicitly(std::move(*tested), built_in("text"));
  }
  std::vector<std::string> conditions;
  std::vector<Value> results;
  for (std::size_t i = 0; i < node.n_args; ++i) {
    const PgQuery__CaseWhen& when = *node.args[i]->case_when;
    if (tested) {
      // It is written as the value alone, with the type that the comparison gives it.
      Value right = write(when.expr);
      const auto resolved = resolve_operator(catalog_, "=", {tested->type, right.type});
      if (resolved && tested->certain && right.certain)
        right = cast_implicitly(std::move(right), resolved->arguments[1]);
      else
        doubt("which operator = is");
      conditions.push_back(right.text);
    } else {
      conditions.push_back(cast_implicitly(write(when.expr), built_in("bool")).text);
    }
    results.push_back(write(when.result));
  }
  // The server looks at ELSE first when it chooses the type.
  Value otherwise =
      node.defresult == nullptr
          ? Value{.text = "NULL", .type = built_in("unknown"), .constant = true, .is_null = true}
          : write(node.defresult);
  std::vector<Value> all{otherwise};
  all.insert(all.end(), results.begin(), results.end());
  const std::optional<Type> type = common(all);
  const auto converted = [&](Value value) {
    return type ? cast_implicitly(std::move(value), *type) : value;
  };
  std::string written =
      "\x01"
      "CASE" +
      (tested ? " " + tested->text : "") + "\x02";
  for (std::size_t i = 0; i < results.size(); ++i)
    written += fmt::format("\x01WHEN {} THEN {}", conditions[i], converted(results[i]).text);
  written += fmt::format(
      "\x01"
      "ELSE {}\x03\x01"
      "END",
      converted(otherwise).text);
  return {.text = std::move(written), .type = type.value_or(Type{}), .certain = type.has_value()};
}

Value ExpressionWriter::write_list(std::string_view word, Nodes nodes) {
  std::vector<Value> values = write_all(nodes);
  const std::optional<Type> type = common(values);
  std::string list;
  for (Value& value : values) {
    if (type) value = cast_implicitly(std::move(value), *type);
    list += (list.empty() ? "" : ", ") + value.text;
  }
  return {.text = fmt::format("{}({})", word, list),
          .type = type.value_or(Type{}),
          .certain = type.has_value()};
}

// target: of ARRAY[...]::text[], whose elements are cast one by one.
Value ExpressionWriter::write_array(const PgQuery__AArrayExpr& node,
                                    const std::optional<Type>& target) {
  const Nodes elements{node.elements, node.n_elements};
  if (elements.empty() && target) return {.text = "ARRAY[]::" + label(*target), .type = *target};
  std::vector<Value> values;
  for (const Node* each : elements)
    values.push_back(each->node_case == PG_QUERY__NODE__NODE_A_ARRAY_EXPR
                         ? write_array(*each->a_array_expr, target)
                         : write(each));
  std::optional<Type> type;
  if (target) {
    type = *target;
    type->array = false;
  } else {
    type = common(values);
  }
  std::string list;
  for (Value& value : values) {
    const bool nested = value.type.array;
    if (type && !nested && value.certain)
      value = target ? cast(std::move(value), *type) : cast_implicitly(std::move(value), *type);
    list += (list.empty() ? "" : ", ") + value.text;
  }
  Value array{
      .text = "ARRAY[" + list + "]", .type = type.value_or(Type{}), .certain = type.has_value()};
  array.type.array = true;
  return array;
}

Value ExpressionWriter::write_cast(const PgQuery__TypeCast& node) {
  const Type target = resolve(catalog_, *node.type_name);
  if (!target.doubt.empty()) doubt(target.doubt);
  if (target.object) uses_.insert(*target.object);
  if (node.arg != nullptr && node.arg->node_case == PG_QUERY__NODE__NODE_A_ARRAY_EXPR &&
      target.array)
    return write_array(*node.arg->a_array_expr, target);
  Value value = write(node.arg);
  // The parser's own form of true and false.
  return cast(std::move(value), target);
}

Value ExpressionWriter::cast(Value value, Type target) {
  if (!value.certain)
    return {.text = fmt::format("({})::{}", value.text, format(target)), .type = target};
  if (value.type.unknown() && value.constant) {
    const Type base = base_type(catalog_, target);
    if (base.key() != target.key()) return cast_implicitly(std::move(value), target);
    value = cast_implicitly(std::move(value), target);
    if (target.modifier.empty()) return value;
    // A constant with a length is written once, with the whole type.
    value.text =
        fmt::format("{}::{}", value.is_null ? "NULL" : literal_text(value), format(target));
    if (target.is("timestamptz") || target.is("timestamp") || target.is("interval"))
      doubt("a constant of limited precision");
    value.type = target;
    value.constant = false;
    return value;
  }
  const bool same = value.type.key() == target.key();
  if (same && (target.modifier.empty() || target.modifier == value.type.modifier)) return value;
  value.text = fmt::format("({})::{}", value.text, format(target));
  value.type = std::move(target);
  value.constant = false;
  return value;
}

std::string ExpressionWriter::literal_text(const Value& value) {
  const std::size_t label_at = value.text.rfind("::");
  const bool quoted = !value.text.empty() && value.text[0] == '\'';
  return quoted && label_at != std::string::npos ? value.text.substr(0, label_at) : value.text;
}

Value ExpressionWriter::write_subscript(const Node* node) {
  const PgQuery__AIndirection& subscript = *node->a_indirection;
  Value value = write(subscript.arg);
  if (subscript.n_indirection != 1 ||
      subscript.indirection[0]->node_case != PG_QUERY__NODE__NODE_A_INDICES ||
      subscript.indirection[0]->a_indices->is_slice != 0 || !value.type.array)
    return keep(node, "a subscript or field that only the server writes down");
  const Value index =
      cast_implicitly(write(subscript.indirection[0]->a_indices->uidx), built_in("int4"));
  const bool column = subscript.arg->node_case == PG_QUERY__NODE__NODE_COLUMN_REF;
  Type element = value.type;
  element.array = false;
  const std::string array = column ? value.text : "(" + value.text + ")";
  return {.text = fmt::format("{}[{}]", array, index.text), .type = element};
}

}  // namespace limbeck::postgres::memory
