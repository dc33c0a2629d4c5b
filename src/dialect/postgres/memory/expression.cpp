#include "dialect/postgres/memory/expression.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "dialect/postgres/memory/constants.h"
#include "dialect/postgres/memory/expression_writer.h"
#include "dialect/postgres/memory/names.h"
#include "dialect/postgres/memory/references.h"
#include "dialect/quoting.h"

namespace limbeck::postgres::memory {

Value ExpressionWriter::keep(const Node* node, const std::string& why) {
  doubt(why);
  const References found = references_in(node);
  for (const PgQuery__ColumnRef* column : found.columns) {
    const std::vector<std::string> fields = texts({column->fields, column->n_fields});
    for (const ScopeColumn& known : scope_.columns)
      if (!fields.empty() && known.name == fields.back()) {
        uses_.insert(known.id);
        if (std::find(columns_.begin(), columns_.end(), known.name) == columns_.end())
          columns_.push_back(known.name);
        break;
      }
  }
  for (const PgQuery__RangeVar* relation : found.relations)
    if (const Object* object =
            catalog_.search({Kind::table, Kind::view, Kind::materialized_view}, name_of(*relation)))
      uses_.insert(object->id);
  return {.text = expression_text(node), .type = {}, .certain = false};
}

// What is written twice (BETWEEN) doubles with each level.
constexpr std::size_t longest = std::size_t{256} * 1024;

Value ExpressionWriter::write(const Node* node) {
  if (node == nullptr) return {.certain = false};
  Value value = write_any_length(node);
  if (value.text.size() <= longest) return value;
  return keep(node, "it is longer than what is written down here");
}

Value ExpressionWriter::write_any_length(const Node* node) {
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_A_CONST:
      return write_constant(*node->a_const);
    case PG_QUERY__NODE__NODE_COLUMN_REF:
      return write_column(node);
    case PG_QUERY__NODE__NODE_BOOL_EXPR:
      return write_boolean(*node->bool_expr);
    case PG_QUERY__NODE__NODE_A_EXPR:
      return write_operation(node);
    case PG_QUERY__NODE__NODE_CASE_EXPR:
      return write_case(*node->case_expr);
    case PG_QUERY__NODE__NODE_COALESCE_EXPR:
      return write_list("COALESCE", {node->coalesce_expr->args, node->coalesce_expr->n_args});
    case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
      return write_list(
          node->min_max_expr->op == PG_QUERY__MIN_MAX_OP__IS_LEAST ? "LEAST" : "GREATEST",
          {node->min_max_expr->args, node->min_max_expr->n_args});
    case PG_QUERY__NODE__NODE_NULL_TEST: {
      const bool is = node->null_test->nulltesttype == PG_QUERY__NULL_TEST_TYPE__IS_NULL;
      const Value value = write(node->null_test->arg);
      return {.text = fmt::format("({} IS {})", value.text, is ? "NULL" : "NOT NULL"),
              .type = built_in("bool")};
    }
    case PG_QUERY__NODE__NODE_BOOLEAN_TEST: {
      constexpr std::array words{"",          "TRUE",    "NOT TRUE",   "FALSE",
                                 "NOT FALSE", "UNKNOWN", "NOT UNKNOWN"};
      const Value value = cast_implicitly(write(node->boolean_test->arg), built_in("bool"));
      return {
          .text = fmt::format("({} IS {})", value.text,
                              words[static_cast<std::size_t>(node->boolean_test->booltesttype)]),
          .type = built_in("bool")};
    }
    case PG_QUERY__NODE__NODE_A_ARRAY_EXPR:
      return write_array(*node->a_array_expr, {});
    case PG_QUERY__NODE__NODE_FUNC_CALL:
      return write_call(node);
    case PG_QUERY__NODE__NODE_TYPE_CAST:
      return write_cast(*node->type_cast);
    case PG_QUERY__NODE__NODE_A_INDIRECTION:
      return write_subscript(node);
    case PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION:
      return write_value_function(*node->sqlvalue_function);
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE: {
      const Nodes names{node->collate_clause->collname, node->collate_clause->n_collname};
      Value value = write(node->collate_clause->arg);
      if (value.type.unknown() && value.constant)
        value = cast_implicitly(std::move(value), built_in("text"));
      std::string name = resolve_collation(catalog_, names);
      constexpr std::string_view own = "pg_catalog.";
      if (name.compare(0, own.size(), own) == 0) name.erase(0, own.size());
      value.text = fmt::format("({} COLLATE {})", value.text, name);
      value.constant = false;
      return value;
    }
    case PG_QUERY__NODE__NODE_SUB_LINK:
      return keep(node, "a query in an expression is written down by the server alone");
    default:
      return keep(node, "a kind of expression that only the server writes down");
  }
}

Value ExpressionWriter::write_constant(const PgQuery__AConst& constant) {
  if (constant.isnull != 0)
    return {.text = "NULL", .type = built_in("unknown"), .constant = true, .is_null = true};
  std::string raw;
  Type type;
  switch (constant.val_case) {
    case PG_QUERY__A__CONST__VAL_IVAL:
      type = built_in("int4");
      raw = std::to_string(constant.ival->ival);
      break;
    case PG_QUERY__A__CONST__VAL_FVAL: {
      raw = text(constant.fval->fval);
      const bool whole = raw.find_first_not_of("-0123456789") == std::string::npos;
      const bool small = whole && raw.size() <= (raw[0] == '-' ? 19U : 18U);
      type = built_in(small ? "int8" : "numeric");
      if (whole && !small) {
        const auto digits = canonical_value(catalog_, built_in("int8"), raw);
        if (digits) type = built_in("int8");
      }
      if (const auto value = canonical_value(catalog_, type, raw))
        raw = *value;
      else
        doubt("a number with an exponent");
      break;
    }
    case PG_QUERY__A__CONST__VAL_BOOLVAL:
      type = built_in("bool");
      raw = constant.boolval->boolval != 0 ? "true" : "false";
      break;
    case PG_QUERY__A__CONST__VAL_SVAL:
      type = built_in("unknown");
      raw = text(constant.sval->sval);
      return {.text = in_quotes(raw, '\''), .type = type, .constant = true, .raw = raw};
    default: {
      // B'101', X'1F': kept as bits.
      raw = text(constant.bsval->bsval);
      doubt("a bit string");
      return {.text = raw, .type = built_in("bit"), .certain = true};
    }
  }
  return {.text = constant_text(type, raw), .type = type, .constant = true, .raw = raw};
}

Value ExpressionWriter::write_column(const Node* node) {
  const std::vector<std::string> fields =
      texts({node->column_ref->fields, node->column_ref->n_fields});
  if (fields.empty()) return keep(node, "a reference that only the server resolves");
  if (scope_.value && fields.size() == 1 && fields[0] == "value")
    return {.text = "VALUE", .type = *scope_.value};
  const std::string& name = fields.back();
  for (const ScopeColumn& column : scope_.columns) {
    if (column.name != name) continue;
    if (fields.size() > 1 && column.qualifier != fields[fields.size() - 2]) continue;
    uses_.insert(column.id);
    if (std::find(columns_.begin(), columns_.end(), name) == columns_.end())
      columns_.push_back(name);
    std::string written = identifier(name);
    if (scope_.qualify) written = identifier(column.qualifier) + "." + written;
    if (!column.type.doubt.empty()) doubt(column.type.doubt);
    return {.text = std::move(written), .type = column.type};
  }
  return keep(node, fmt::format("{} is not a column of the table", name));
}

Value ExpressionWriter::write_boolean(const PgQuery__BoolExpr& node) {
  const Nodes arguments{node.args, node.n_args};
  const auto boolean = [&](const Node* each) {
    return cast_implicitly(write(each), built_in("bool"));
  };
  if (node.boolop == PG_QUERY__BOOL_EXPR_TYPE__NOT_EXPR && !arguments.empty())
    return {.text = "(NOT " + boolean(arguments[0]).text + ")", .type = built_in("bool")};
  const char* word = node.boolop == PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR ? " AND " : " OR ";
  std::string written = "(";
  for (const Node* each : arguments) {
    if (written.size() > 1) written += word;
    written += boolean(each).text;
  }
  return {.text = written + ")", .type = built_in("bool")};
}

// The sequence of nextval('public.s'::regclass).
void ExpressionWriter::use_relation(const std::string& written) {
  const RelationName name = unquoted(written);
  for (const Kind kind : {Kind::sequence, Kind::table, Kind::view})
    if (const Object* object = catalog_.find(kind, name.schema, name.name))
      uses_.insert(object->id);
}

Value ExpressionWriter::cast_implicitly(Value value, const Type& target) {
  if (target.is("any") || target.name.empty()) return value;
  if (!value.certain) return value;
  if (value.type.unknown() && value.constant) {
    const Type base = base_type(catalog_, target);
    Type bare = base;
    bare.modifier.clear();
    if (base.object) uses_.insert(*base.object);
    if (value.is_null) {
      value.text = "NULL::" + label(bare);
    } else if (const auto canonical = canonical_value(catalog_, base, value.raw)) {
      if (base.is("regclass")) use_relation(*canonical);
      value.raw = *canonical;
      value.text = constant_text(bare, value.raw);
    } else {
      doubt(fmt::format("only the server knows how it writes '{}' as {}", value.raw, label(bare)));
      value.text = constant_text(bare, value.raw);
    }
    value.type = bare;
    if (base.key() != target.key()) {
      value.text = fmt::format("({})::{}", value.text, format(target));
      value.constant = false;
      value.type = target;
      if (target.object) uses_.insert(*target.object);
    }
    return value;
  }
  if (value.type.key() == target.key()) return value;
  // A parameter of a polymorphic type that nothing has made actual.
  if (target.name.compare(0, 3, "any") == 0) return value;
  value.text = fmt::format("({})::{}", value.text, label(target));
  value.type = target;
  value.type.modifier.clear();
  value.constant = false;
  return value;
}

std::string laid_out(const std::string& marked) {
  std::string text;
  int indent = 0;
  for (const char c : marked) {
    if (c == '\x01') {
      while (!text.empty() && text.back() == ' ') text.pop_back();
      text += '\n';
      text.append(static_cast<std::size_t>(std::max(indent, 0)), ' ');
    } else if (c == '\x02') {
      indent += 4;
    } else if (c == '\x03') {
      indent -= 4;
    } else {
      text += c;
    }
  }
  return text;
}

Expression ExpressionWriter::finish(Value value) && {
  Expression expression{.text = laid_out(value.text),
                        .type = std::move(value.type),
                        .uses = std::move(uses_),
                        .columns = std::move(columns_),
                        .doubt = std::move(doubt_),
                        .is_null = value.is_null};
  if (!value.certain && expression.doubt.empty()) expression.doubt = "its type is not known";
  return expression;
}

Scope scope_of(const Catalog& catalog, const ObjectId& table) {
  Scope scope;
  for (const Object* column : columns_of(catalog.schema(), table.schema, table.name))
    scope.columns.push_back({.qualifier = table.name,
                             .name = column->id.part,
                             .type = parse_type(catalog, as<Column>(*column).type),
                             .id = column->id});
  const Object* object = catalog.schema().find(table);
  const std::vector<ViewColumn>* shown = nullptr;
  if (object != nullptr && table.kind == Kind::view) shown = &as<View>(*object).columns;
  if (object != nullptr && table.kind == Kind::materialized_view)
    shown = &as<MaterializedView>(*object).columns;
  if (shown != nullptr)
    for (const ViewColumn& column : *shown)
      scope.columns.push_back({.qualifier = table.name,
                               .name = column.name,
                               .type = parse_type(catalog, column.type),
                               .id = table});
  return scope;
}

namespace {

// Whether an index holds it without parentheses around it.
bool is_written_as_call(const Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_FUNC_CALL:
    case PG_QUERY__NODE__NODE_COALESCE_EXPR:
    case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
    case PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION:
      return true;
    case PG_QUERY__NODE__NODE_A_EXPR:
      return node.a_expr->kind == PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF;
    default:
      return false;
  }
}

}  // namespace

Expression write_expression(Catalog& catalog, const Node* node, const Scope& scope,
                            const std::optional<Type>& target) {
  ExpressionWriter writer(catalog, scope);
  Value value = writer.write(node);
  // The server takes NULL for a domain as a value of it.
  const bool of_domain =
      target && target->object && !target->array && target->object->kind == Kind::domain;
  const bool bare_null = value.is_null && value.type.unknown() && !of_domain;
  if (target && value.type.unknown() && value.constant)
    value = writer.cast_implicitly(std::move(value), base_type(catalog, *target));
  Expression expression = std::move(writer).finish(std::move(value));
  expression.is_null = bare_null;
  if (of_domain && node != nullptr) expression.uses.insert(*target->object);
  expression.is_call = node != nullptr && is_written_as_call(*node);
  return expression;
}

}  // namespace limbeck::postgres::memory
