// Views, materialized views and rules. A query is kept in the parser's spelling: only the server
// writes it as it is read back.
#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <set>

#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/names.h"
#include "dialect/postgres/memory/query_text.h"
#include "dialect/postgres/memory/references.h"

namespace limbeck::postgres::memory {
namespace {

constexpr const char* query_doubt = "a query is written down by the server alone";

// One relation of a FROM, under the name that the query gives to it.
struct Source {
  std::string alias;
  ObjectId relation;
};

const Object* find_source(Catalog& catalog, const PgQuery__RangeVar& name) {
  return catalog.search({Kind::table, Kind::view, Kind::materialized_view}, name_of(name));
}

std::vector<Source> sources_of(Catalog& catalog, const References& found) {
  std::vector<Source> sources;
  for (const PgQuery__RangeVar* relation : found.relations)
    if (const Object* object = find_source(catalog, *relation))
      sources.push_back(
          {relation->alias != nullptr ? text(relation->alias->aliasname) : text(relation->relname),
           object->id});
  return sources;
}

std::vector<std::string> names_of_columns(const Catalog& catalog, const ObjectId& relation) {
  std::vector<std::string> names;
  for (const ScopeColumn& column : scope_of(catalog, relation).columns)
    names.push_back(column.name);
  return names;
}

// A table's column; of a view, the view.
ObjectId column_of(const ObjectId& relation, const std::string& column) {
  if (relation.kind != Kind::table) return relation;
  return {Kind::column, relation.schema, relation.name, column};
}

// Returns the relations of which a column is named.
std::set<ObjectId> depend_on_columns(Catalog& catalog, const ObjectId& id, const References& found,
                                     const std::vector<Source>& sources) {
  std::set<ObjectId> named;
  for (const PgQuery__ColumnRef* reference : found.columns) {
    const std::vector<std::string> fields = texts({reference->fields, reference->n_fields});
    if (fields.empty()) continue;
    const std::string qualifier = fields.size() > 1 ? fields[fields.size() - 2] : "";
    for (const Source& source : sources) {
      if (!qualifier.empty() && source.alias != qualifier) continue;
      for (const std::string& name : names_of_columns(catalog, source.relation))
        if (fields.back().empty() || fields.back() == name) {
          catalog.depend(id, column_of(source.relation, name));
          named.insert(source.relation);
        }
    }
  }
  return named;
}

void depend_on_query(Catalog& catalog, const ObjectId& id, const Node* query) {
  const References found = references_in(query);
  const std::vector<Source> sources = sources_of(catalog, found);
  const std::set<ObjectId> named = depend_on_columns(catalog, id, found, sources);
  for (const Source& source : sources)
    if (named.count(source.relation) == 0) catalog.depend(id, source.relation);
  for (const PgQuery__FuncCall* call : found.functions) {
    const Name name = name_of(Nodes{call->funcname, call->n_funcname});
    for (const Kind kind : {Kind::routine, Kind::aggregate})
      for (const auto& [other, object] : catalog.schema().objects)
        if (other.kind == kind && other.name == name.name &&
            (name.schema.empty() || name.schema == other.schema))
          catalog.depend(id, other);
  }
  for (const PgQuery__TypeName* type : found.types) {
    const Name name = name_of(Nodes{type->names, type->n_names});
    if (const Object* object =
            catalog.search({Kind::enumeration, Kind::domain, Kind::composite, Kind::range}, name))
      catalog.depend(id, object->id);
  }
}

// The columns that the FROM of a plain query brings into sight.
void add_to_scope(Catalog& catalog, const Node* node, Scope& scope, bool& known) {
  if (node->node_case == PG_QUERY__NODE__NODE_JOIN_EXPR) {
    add_to_scope(catalog, node->join_expr->larg, scope, known);
    add_to_scope(catalog, node->join_expr->rarg, scope, known);
    return;
  }
  const Object* object = node->node_case == PG_QUERY__NODE__NODE_RANGE_VAR
                             ? find_source(catalog, *node->range_var)
                             : nullptr;
  if (object == nullptr) {
    known = false;
    return;
  }
  const PgQuery__Alias* alias = node->range_var->alias;
  for (ScopeColumn column : scope_of(catalog, object->id).columns) {
    if (alias != nullptr) column.qualifier = text(alias->aliasname);
    scope.columns.push_back(std::move(column));
  }
}

std::string column_name(const Node* value) {
  if (value->node_case == PG_QUERY__NODE__NODE_COLUMN_REF)
    return texts({value->column_ref->fields, value->column_ref->n_fields}).back();
  if (value->node_case == PG_QUERY__NODE__NODE_FUNC_CALL)
    return name_of(Nodes{value->func_call->funcname, value->func_call->n_funcname}).name;
  if (value->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) {
    const std::string inner = column_name(value->type_cast->arg);
    const PgQuery__TypeName& type = *value->type_cast->type_name;
    return inner == "?column?" ? name_of(Nodes{type.names, type.n_names}).name : inner;
  }
  if (value->node_case == PG_QUERY__NODE__NODE_COALESCE_EXPR) return "coalesce";
  if (value->node_case == PG_QUERY__NODE__NODE_CASE_EXPR) return "case";
  return "?column?";
}

ViewColumn view_column(const Catalog& catalog, const ScopeColumn& column) {
  ViewColumn shown{.name = column.name, .type = format(column.type)};
  if (const Object* object = catalog.schema().find(column.id);
      object != nullptr && object->id.kind == Kind::column)
    shown.collation = as<Column>(*object).collation;
  return shown;
}

// As far as they can be told from the text.
std::vector<ViewColumn> columns_of_query(Catalog& catalog, const Node* query, Nodes aliases) {
  std::vector<ViewColumn> columns;
  if (query == nullptr || query->node_case != PG_QUERY__NODE__NODE_SELECT_STMT) return columns;
  const PgQuery__SelectStmt* select = query->select_stmt;
  while (select->larg != nullptr) select = select->larg;
  Scope scope;
  bool known = select->with_clause == nullptr;
  for (const Node* from : Nodes{select->from_clause, select->n_from_clause})
    add_to_scope(catalog, from, scope, known);
  for (const Node* node : Nodes{select->target_list, select->n_target_list}) {
    const Node* value = node->res_target->val;
    const bool star = value->node_case == PG_QUERY__NODE__NODE_COLUMN_REF &&
                      value->column_ref->fields[value->column_ref->n_fields - 1]->node_case ==
                          PG_QUERY__NODE__NODE_A_STAR;
    if (star) {
      const std::vector<std::string> fields =
          texts({value->column_ref->fields, value->column_ref->n_fields});
      for (const ScopeColumn& column : scope.columns)
        if (fields.size() == 1 || column.qualifier == fields[fields.size() - 2])
          columns.push_back(view_column(catalog, column));
      continue;
    }
    std::string name = text(node->res_target->name);
    if (name.empty()) name = column_name(value);
    ViewColumn column{.name = std::move(name)};
    const Expression expression = write_expression(catalog, value, scope, built_in("text"));
    if (expression.doubt.empty() && known) column.type = format(expression.type);
    columns.push_back(std::move(column));
  }
  for (std::size_t i = 0; i < std::min(aliases.size(), columns.size()); ++i)
    columns[i].name = text(aliases[i]);
  return columns;
}

Options view_options(const PgQuery__ViewStmt& statement) {
  Options options = options_of({statement.options, statement.n_options});
  if (statement.with_check_option == PG_QUERY__VIEW_CHECK_OPTION__LOCAL_CHECK_OPTION)
    options.push_back({"check_option", "local"});
  if (statement.with_check_option == PG_QUERY__VIEW_CHECK_OPTION__CASCADED_CHECK_OPTION)
    options.push_back({"check_option", "cascaded"});
  return options;
}

// plain: the query as the server writes it, when that is known.
void note_query(Catalog& catalog, const ObjectId& id, const std::vector<ViewColumn>& columns,
                const std::optional<QueryText>& plain) {
  catalog.set_uncertain(id, plain ? "" : query_doubt);
  if (plain)
    for (const ObjectId& used : plain->uses) catalog.depend(id, used);
  for (const ViewColumn& column : columns)
    if (!column.type.empty()) depend_on_type(catalog, id, parse_type(catalog, column.type));
}

}  // namespace

void depend_on_body(Catalog& catalog, const ObjectId& id, const Node* body) {
  depend_on_query(catalog, id, body);
}

void create_view(Catalog& catalog, const PgQuery__ViewStmt& statement) {
  if (text(statement.view->relpersistence) == "t") return;
  const Name written = name_of(*statement.view);
  const ObjectId id{Kind::view, catalog.creation_schema(written.schema), written.name, ""};
  const bool there = catalog.find(id) != nullptr;
  if (catalog.has_relation(id.schema, id.name) && !(there && statement.replace != 0))
    catalog.fail(fmt::format("relation {}.{} already exists", id.schema, id.name));
  View view;
  const std::vector<ViewColumn> columns =
      columns_of_query(catalog, statement.query, {statement.aliases, statement.n_aliases});
  view.columns = columns;
  const auto plain =
      server_text(catalog, statement.query, {statement.aliases, statement.n_aliases});
  view.query = plain ? plain->text : query_text(statement.query);
  view.options = view_options(statement);
  if (there) {
    catalog.forget_dependencies(id);
    as<View>(*catalog.find(id)) = std::move(view);
  } else {
    catalog.add(id, std::move(view));
  }
  note_query(catalog, id, columns, plain);
  depend_on_query(catalog, id, statement.query);
}

namespace {

// A table of what a query finds.
void make_table(Catalog& catalog, const ObjectId& id, const PgQuery__IntoClause& into,
                const Node* query) {
  const std::vector<ViewColumn> columns =
      columns_of_query(catalog, query, {into.col_names, into.n_col_names});
  catalog.add(id, Table{});
  for (const ViewColumn& column : columns) {
    const ObjectId part{Kind::column, id.schema, id.name, column.name};
    catalog.add(part, Column{.position = next_position(catalog, id), .type = column.type});
    if (column.type.empty()) catalog.set_uncertain(part, "the type is that of a query's column");
  }
}

bool is_temporary(const PgQuery__IntoClause& into) {
  return text(into.rel->relpersistence) == "t";
}

// nothing: there is one, and the statement does not mind.
std::optional<ObjectId> new_relation(Catalog& catalog, Kind kind, const PgQuery__IntoClause& into,
                                     bool if_not_exists) {
  const Name written = name_of(*into.rel);
  ObjectId id{
      kind,
      is_temporary(into) ? temporary_schema_of(catalog) : catalog.creation_schema(written.schema),
      written.name, ""};
  if (!catalog.has_relation(id.schema, id.name)) return id;
  if (if_not_exists) return std::nullopt;
  catalog.fail(fmt::format("relation {}.{} already exists", id.schema, id.name));
}

}  // namespace

void create_table_as(Catalog& catalog, const PgQuery__CreateTableAsStmt& statement) {
  const PgQuery__IntoClause& into = *statement.into;
  if (is_temporary(into) && !catalog.keeps_temporary()) return;
  const bool filled = statement.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW;
  const auto id = new_relation(catalog, filled ? Kind::materialized_view : Kind::table, into,
                               statement.if_not_exists != 0);
  if (!id) return;
  if (!filled) {
    make_table(catalog, *id, into, statement.query);
    if (into.on_commit == PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_DROP) catalog.drop_at_commit(*id);
    return;
  }
  const std::vector<ViewColumn> columns =
      columns_of_query(catalog, statement.query, {into.col_names, into.n_col_names});
  MaterializedView view;
  view.columns = columns;
  const auto plain = server_text(catalog, statement.query, {into.col_names, into.n_col_names});
  view.query = plain ? plain->text : query_text(statement.query);
  view.options = options_of({into.options, into.n_options});
  view.access_method = text(into.access_method);
  view.tablespace = text(into.table_space_name);
  view.populated = into.skip_data == 0;
  catalog.add(*id, std::move(view));
  note_query(catalog, *id, columns, plain);
  depend_on_query(catalog, *id, statement.query);
}

void select_into(Catalog& catalog, const Node* query) {
  const PgQuery__IntoClause& into = *query->select_stmt->into_clause;
  if (is_temporary(into) && !catalog.keeps_temporary()) return;
  if (const auto id = new_relation(catalog, Kind::table, into, false))
    make_table(catalog, *id, into, query);
}

void create_rule(Catalog& catalog, const PgQuery__RuleStmt& statement) {
  const Object& relation =
      catalog.need({Kind::table, Kind::view}, "relation", name_of(*statement.relation));
  const ObjectId id{Kind::rule, relation.id.schema, relation.id.name, text(statement.rulename)};
  if (catalog.find(id) != nullptr && statement.replace == 0)
    catalog.fail(fmt::format("rule {} of {} already exists", id.part, id.name));
  catalog.add(id, Rule{.table = {id.schema, id.name}, .definition = catalog.statement().text});
  catalog.set_uncertain(id, "a rule is written down by the server alone");
  for (const Node* action : Nodes{statement.actions, statement.n_actions})
    depend_on_query(catalog, id, action);
}

}  // namespace limbeck::postgres::memory
