// Where a statement uses a text as a value of an enum. An equal text elsewhere is none.
#include <algorithm>
#include <map>
#include <set>

#include "dialect/postgres/memory/effect_parts.h"
#include "dialect/postgres/memory/names.h"
#include "dialect/postgres/memory/references.h"

namespace limbeck::postgres::memory {
namespace {

using Enum = std::optional<ObjectId>;

class LabelUses {
 public:
  explicit LabelUses(EffectContext& context) : catalog_(context.catalog), context_(context) {}

  void look_at(const Node* node) {
    const References found = references_in(node);
    note_columns(found);
    for (const PgQuery__TypeCast* cast : found.casts) value(cast->arg, enum_of(*cast->type_name));
    for (const PgQuery__AExpr* comparison : found.operators) compare(*comparison);
    for (const PgQuery__CaseExpr* choice : found.choices) compare(*choice);
    for (const PgQuery__FuncCall* call : found.functions) all_values(*call);
    for (const PgQuery__ColumnDef* column : found.definitions) default_of(*column);
    assignments(node);
  }

 private:
  Enum enum_of(const PgQuery__TypeName& name) {
    const Object* found =
        catalog_.search({Kind::enumeration}, name_of(Nodes{name.names, name.n_names}));
    if (found == nullptr || name.n_array_bounds > 0) return std::nullopt;
    return found->id;
  }

  Enum enum_of(const ObjectId& table, const std::string& column) const {
    const Column* found = column_of(catalog_, table, column);
    if (found == nullptr) return std::nullopt;
    const Type type = base_type(catalog_, parse_type(catalog_, found->type));
    if (type.array || !type.object || type.object->kind != Kind::enumeration) return std::nullopt;
    return type.object;
  }

  // The columns of the tables that are named, and those that the statement itself makes.
  void note_columns(const References& found) {
    for (const PgQuery__RangeVar* relation : found.relations) {
      const auto table = find_relation(catalog_, *relation);
      if (!table) continue;
      for (const Object* column : columns_of(catalog_.schema(), table->schema, table->name))
        if (const Enum type = enum_of(*table, column->id.part)) columns_[column->id.part] = type;
    }
    for (const PgQuery__ColumnDef* column : found.definitions)
      if (column->type_name != nullptr)
        if (const Enum type = enum_of(*column->type_name)) columns_[text(column->colname)] = type;
  }

  void note(const ObjectId& type, const std::string& label) {
    if (!seen_.insert({type, label}).second) return;
    context_.found.effects.push_back(
        {.kind = EffectKind::use_enum_value, .table = relation_name(type), .name = label});
  }

  // An expression whose value becomes one of the enum.
  void value(const Node* node, const Enum& type) {
    if (node == nullptr || !type) return;
    const auto each = [&](Nodes nodes) {
      for (const Node* it : nodes) value(it, type);
    };
    switch (node->node_case) {
      case PG_QUERY__NODE__NODE_A_CONST:
        if (node->a_const->val_case == PG_QUERY__A__CONST__VAL_SVAL)
          note(*type, text(node->a_const->sval->sval));
        return;
      case PG_QUERY__NODE__NODE_LIST:
        return each(items(node));
      case PG_QUERY__NODE__NODE_CASE_EXPR:
        for (const Node* when : Nodes{node->case_expr->args, node->case_expr->n_args})
          value(when->case_when->result, type);
        return value(node->case_expr->defresult, type);
      case PG_QUERY__NODE__NODE_COALESCE_EXPR:
        return each({node->coalesce_expr->args, node->coalesce_expr->n_args});
      case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
        return each({node->min_max_expr->args, node->min_max_expr->n_args});
      case PG_QUERY__NODE__NODE_A_ARRAY_EXPR:
        return each({node->a_array_expr->elements, node->a_array_expr->n_elements});
      case PG_QUERY__NODE__NODE_A_EXPR:
        if (node->a_expr->kind == PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF)
          value(node->a_expr->lexpr, type);
        return;
      default:
        return;
    }
  }

  Enum type_of(const Node* node) {
    if (node == nullptr) return std::nullopt;
    if (node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST)
      return enum_of(*node->type_cast->type_name);
    if (node->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return std::nullopt;
    const auto fields = texts({node->column_ref->fields, node->column_ref->n_fields});
    const auto found = columns_.find(fields.empty() ? "" : fields.back());
    return found == columns_.end() ? std::nullopt : found->second;
  }

  void compare(const PgQuery__AExpr& comparison) {
    value(comparison.rexpr, type_of(comparison.lexpr));
    value(comparison.lexpr, type_of(comparison.rexpr));
  }

  // CASE state WHEN 'sent' THEN ...
  void compare(const PgQuery__CaseExpr& choice) {
    const Enum type = type_of(choice.arg);
    for (const Node* when : Nodes{choice.args, choice.n_args}) value(when->case_when->expr, type);
  }

  // enum_range(NULL::order_state) uses each value that there is.
  void all_values(const PgQuery__FuncCall& call) {
    const std::string name = name_of(Nodes{call.funcname, call.n_funcname}).name;
    if (name != "enum_range" && name != "enum_last" && name != "enum_first") return;
    for (const Node* argument : Nodes{call.args, call.n_args})
      if (const Enum type = type_of(argument)) note(*type, "");
  }

  void default_of(const PgQuery__ColumnDef& column) {
    if (column.type_name == nullptr) return;
    const Enum type = enum_of(*column.type_name);
    for (const Node* node : Nodes{column.constraints, column.n_constraints})
      if (node->node_case == PG_QUERY__NODE__NODE_CONSTRAINT)
        value(node->constraint->raw_expr, type);
  }

  void assign(Nodes targets) {
    for (const Node* target : targets) {
      const auto found = columns_.find(text(target->res_target->name));
      if (found != columns_.end()) value(target->res_target->val, found->second);
    }
  }

  void insert(const PgQuery__InsertStmt& statement) {
    const auto table = find_relation(catalog_, *statement.relation);
    if (!table) return;
    std::vector<std::string> columns;
    for (const Node* column : Nodes{statement.cols, statement.n_cols})
      columns.push_back(text(column->res_target->name));
    if (columns.empty())
      for (const Object* column : columns_of(catalog_.schema(), table->schema, table->name))
        columns.push_back(column->id.part);
    const auto row = [&](Nodes values) {
      for (std::size_t i = 0; i < std::min(values.size(), columns.size()); ++i) {
        const Node* each = values[i];
        if (each->node_case == PG_QUERY__NODE__NODE_RES_TARGET) each = each->res_target->val;
        value(each, enum_of(*table, columns[i]));
      }
    };
    if (statement.select_stmt != nullptr) {
      const PgQuery__SelectStmt& query = *statement.select_stmt->select_stmt;
      for (const Node* values : Nodes{query.values_lists, query.n_values_lists}) row(items(values));
      row({query.target_list, query.n_target_list});
    }
    if (statement.on_conflict_clause != nullptr)
      assign(
          {statement.on_conflict_clause->target_list, statement.on_conflict_clause->n_target_list});
  }

  void alter(const PgQuery__AlterTableStmt& statement) {
    for (const Node* node : Nodes{statement.cmds, statement.n_cmds}) {
      const PgQuery__AlterTableCmd& command = *node->alter_table_cmd;
      if (command.subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault) continue;
      const auto found = columns_.find(text(command.name));
      if (found != columns_.end()) value(command.def, found->second);
    }
  }

  void assignments(const Node* node) {
    switch (node->node_case) {
      case PG_QUERY__NODE__NODE_INSERT_STMT:
        return insert(*node->insert_stmt);
      case PG_QUERY__NODE__NODE_UPDATE_STMT:
        return assign({node->update_stmt->target_list, node->update_stmt->n_target_list});
      case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
        return alter(*node->alter_table_stmt);
      default:
        return;
    }
  }

  Catalog& catalog_;
  EffectContext& context_;
  std::map<std::string, Enum> columns_;
  std::set<std::pair<ObjectId, std::string>> seen_;
};

}  // namespace

void effects_of_labels(EffectContext& context, const Node* node) {
  LabelUses(context).look_at(node);
}

}  // namespace limbeck::postgres::memory
