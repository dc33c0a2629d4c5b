#include "dialect/postgres/memory/query_text.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <vector>

#include "dialect/postgres/memory/expression.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {
namespace {

// Thrown and caught in this file alone: the query is not one of the plain ones.
struct NotPlain {};

struct Target {
  std::string text = {};
  std::string column = {};  // that it is, when it is nothing else
  std::string name = {};    // of the view's column
};

class QueryWriter {
 public:
  explicit QueryWriter(Catalog& catalog) : catalog_(catalog) { scope_.qualify = true; }

  std::string write(const PgQuery__SelectStmt& select, Nodes names) {
    check_plain(select);
    std::string from;
    for (const Node* item : Nodes{select.from_clause, select.n_from_clause})
      from += (from.empty() ? "\n   FROM " : ",\n    ") + from_item(item);
    std::string list;
    for (const Target& target : targets({select.target_list, select.n_target_list}, names)) {
      list += (list.empty() ? "" : ",\n    ") + target.text;
      if (target.column != target.name) list += " AS " + identifier(target.name);
    }
    std::string text = "SELECT " + list + from;
    if (select.where_clause != nullptr)
      text += "\n  WHERE " + expression(select.where_clause, built_in("bool"));
    std::string groups;
    for (const Node* group : Nodes{select.group_clause, select.n_group_clause})
      groups += (groups.empty() ? "\n  GROUP BY " : ", ") + column(group);
    text += groups;
    if (select.having_clause != nullptr)
      text += "\n HAVING " + expression(select.having_clause, built_in("bool"));
    std::string order;
    for (const Node* sort : Nodes{select.sort_clause, select.n_sort_clause})
      order += (order.empty() ? "\n  ORDER BY " : ", ") + sort_item(*sort->sort_by);
    text += order;
    if (select.limit_count != nullptr) text += "\n LIMIT " + whole_number(select.limit_count);
    return text;
  }

  const std::set<ObjectId>& uses() const { return uses_; }

 private:
  static void check_plain(const PgQuery__SelectStmt& select) {
    if (select.op != PG_QUERY__SET_OPERATION__SETOP_NONE || select.with_clause != nullptr ||
        select.into_clause != nullptr || select.n_distinct_clause != 0 ||
        select.n_window_clause != 0 || select.n_values_lists != 0 || select.n_locking_clause != 0 ||
        select.limit_offset != nullptr || select.group_distinct != 0 || select.n_target_list == 0 ||
        select.limit_option == PG_QUERY__LIMIT_OPTION__LIMIT_OPTION_WITH_TIES)
      throw NotPlain();
  }

  std::string from_item(const Node* node) {
    if (node->node_case == PG_QUERY__NODE__NODE_JOIN_EXPR) return join(*node->join_expr);
    if (node->node_case != PG_QUERY__NODE__NODE_RANGE_VAR) throw NotPlain();
    return relation(*node->range_var);
  }

  std::string relation(const PgQuery__RangeVar& range) {
    const Object* found =
        catalog_.search({Kind::table, Kind::view, Kind::materialized_view}, name_of(range));
    if (found == nullptr || range.inh == 0) throw NotPlain();
    const PgQuery__Alias* alias = range.alias;
    if (alias != nullptr && alias->n_colnames != 0) throw NotPlain();
    const std::string name = alias == nullptr ? found->id.name : text(alias->aliasname);
    if (!sources_.insert(name).second) throw NotPlain();
    const Scope columns = scope_of(catalog_, found->id);
    // A view whose columns are not known.
    if (columns.columns.empty()) throw NotPlain();
    for (ScopeColumn column : columns.columns) {
      if (column.type.name.empty()) throw NotPlain();
      column.qualifier = name;
      scope_.columns.push_back(std::move(column));
    }
    std::string written = qualified(found->id);
    if (name != found->id.name) written += " " + identifier(name);
    return written;
  }

  std::string join(const PgQuery__JoinExpr& join) {
    if (join.is_natural != 0 || join.n_using_clause != 0 || join.alias != nullptr) throw NotPlain();
    const std::string left = from_item(join.larg);
    const bool nested = join.rarg->node_case == PG_QUERY__NODE__NODE_JOIN_EXPR;
    if (nested) throw NotPlain();
    const std::string right = from_item(join.rarg);
    if (join.quals == nullptr) return fmt::format("({}\n     CROSS JOIN {})", left, right);
    return fmt::format("({}\n     {}JOIN {} ON ({}))", left, join_word(join.jointype), right,
                       expression(join.quals, built_in("bool")));
  }

  static const char* join_word(PgQuery__JoinType type) {
    switch (type) {
      case PG_QUERY__JOIN_TYPE__JOIN_INNER:
        return "";
      case PG_QUERY__JOIN_TYPE__JOIN_LEFT:
        return "LEFT ";
      case PG_QUERY__JOIN_TYPE__JOIN_RIGHT:
        return "RIGHT ";
      case PG_QUERY__JOIN_TYPE__JOIN_FULL:
        return "FULL ";
      default:
        throw NotPlain();
    }
  }

  std::vector<Target> targets(Nodes list, Nodes names) {
    std::vector<Target> targets;
    for (const Node* node : list) {
      const PgQuery__ResTarget& result = *node->res_target;
      if (is_star(result.val)) {
        add_star(targets, *result.val->column_ref);
        continue;
      }
      Target target{.text = expression(result.val, built_in("text")), .name = text(result.name)};
      if (result.val->node_case == PG_QUERY__NODE__NODE_COLUMN_REF)
        target.column = last_name(*result.val->column_ref);
      if (target.name.empty()) target.name = own_name(result.val);
      targets.push_back(std::move(target));
    }
    for (std::size_t i = 0; i < std::min(names.size(), targets.size()); ++i)
      targets[i].name = text(names[i]);
    return targets;
  }

  static bool is_star(const Node* node) {
    if (node->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return false;
    const PgQuery__ColumnRef& reference = *node->column_ref;
    return reference.n_fields != 0 &&
           reference.fields[reference.n_fields - 1]->node_case == PG_QUERY__NODE__NODE_A_STAR;
  }

  static std::string last_name(const PgQuery__ColumnRef& reference) {
    return text(reference.fields[reference.n_fields - 1]);
  }

  void add_star(std::vector<Target>& targets, const PgQuery__ColumnRef& reference) const {
    if (reference.n_fields > 2) throw NotPlain();
    const std::string of = reference.n_fields == 2 ? text(reference.fields[0]) : "";
    for (const ScopeColumn& column : scope_.columns)
      if (of.empty() || column.qualifier == of)
        targets.push_back({.text = identifier(column.qualifier) + "." + identifier(column.name),
                           .column = column.name,
                           .name = column.name});
  }

  // What the server calls a column that its author did not name.
  static std::string own_name(const Node* value) {
    switch (value->node_case) {
      case PG_QUERY__NODE__NODE_COLUMN_REF:
        return last_name(*value->column_ref);
      case PG_QUERY__NODE__NODE_FUNC_CALL:
        return name_of(Nodes{value->func_call->funcname, value->func_call->n_funcname}).name;
      case PG_QUERY__NODE__NODE_TYPE_CAST: {
        const std::string inner = own_name(value->type_cast->arg);
        const PgQuery__TypeName& type = *value->type_cast->type_name;
        return inner == "?column?" ? name_of(Nodes{type.names, type.n_names}).name : inner;
      }
      case PG_QUERY__NODE__NODE_COALESCE_EXPR:
        return "coalesce";
      case PG_QUERY__NODE__NODE_A_CONST:
        // TRUE is a cast to boolean for the server's naming.
        if (value->a_const->val_case == PG_QUERY__A__CONST__VAL_BOOLVAL) return "bool";
        return "?column?";
      case PG_QUERY__NODE__NODE_A_EXPR:
        if (value->a_expr->kind == PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF) return "nullif";
        return "?column?";
      default:
        throw NotPlain();
    }
  }

  std::string expression(const Node* node, const Type& target) {
    Expression written = write_expression(catalog_, node, scope_, target);
    // The lines of CASE are indented by where they stand.
    if (!written.doubt.empty() || written.text.find('\n') != std::string::npos) throw NotPlain();
    uses_.insert(written.uses.begin(), written.uses.end());
    return std::move(written.text);
  }

  // Of GROUP BY and ORDER BY; a number or the name of another column means something of the list.
  std::string column(const Node* node) {
    if (node->node_case != PG_QUERY__NODE__NODE_COLUMN_REF || is_star(node)) throw NotPlain();
    return expression(node, built_in("text"));
  }

  std::string sort_item(const PgQuery__SortBy& sort) {
    if (sort.n_use_op != 0 || sort.sortby_dir == PG_QUERY__SORT_BY_DIR__SORTBY_USING)
      throw NotPlain();
    const bool down = sort.sortby_dir == PG_QUERY__SORT_BY_DIR__SORTBY_DESC;
    std::string written = column(sort.node) + (down ? " DESC" : "");
    if (sort.sortby_nulls == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_FIRST && !down)
      written += " NULLS FIRST";
    if (sort.sortby_nulls == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_LAST && down)
      written += " NULLS LAST";
    return written;
  }

  static std::string whole_number(const Node* node) {
    if (node->node_case != PG_QUERY__NODE__NODE_A_CONST ||
        node->a_const->val_case != PG_QUERY__A__CONST__VAL_IVAL)
      throw NotPlain();
    return std::to_string(node->a_const->ival->ival);
  }

  Catalog& catalog_;
  Scope scope_;
  std::set<std::string> sources_;
  std::set<ObjectId> uses_;
};

// A name of the list stands before a column of the same name in ORDER BY: then the two have to be
// the same.
bool hides_a_column(const PgQuery__SelectStmt& select) {
  std::set<std::string> renamed;
  for (const Node* node : Nodes{select.target_list, select.n_target_list}) {
    const PgQuery__ResTarget& target = *node->res_target;
    const std::string name = text(target.name);
    if (name.empty()) continue;
    const Node* value = target.val;
    const bool same = value->node_case == PG_QUERY__NODE__NODE_COLUMN_REF &&
                      text(value->column_ref->fields[value->column_ref->n_fields - 1]) == name;
    if (!same) renamed.insert(name);
  }
  for (const Node* node : Nodes{select.sort_clause, select.n_sort_clause}) {
    const Node* sorted = node->sort_by->node;
    if (sorted->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) continue;
    if (renamed.count(text(sorted->column_ref->fields[sorted->column_ref->n_fields - 1])) != 0)
      return true;
  }
  return false;
}

}  // namespace

std::optional<QueryText> server_text(Catalog& catalog, const Node* query, Nodes names) {
  if (query == nullptr || query->node_case != PG_QUERY__NODE__NODE_SELECT_STMT) return std::nullopt;
  if (hides_a_column(*query->select_stmt)) return std::nullopt;
  try {
    QueryWriter writer(catalog);
    std::string text = writer.write(*query->select_stmt, names);
    return QueryText{std::move(text), writer.uses()};
  } catch (const NotPlain&) {
    return std::nullopt;
  }
}

}  // namespace limbeck::postgres::memory
