// CREATE INDEX.
#include <algorithm>
#include <fmt/format.h>

#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/names.h"
#include "dialect/quoting.h"

namespace limbeck::postgres::memory {
std::string default_class(const Catalog& catalog, const Type& given) {
  const Type type = base_type(catalog, given);
  if (type.array) return "array_ops";
  switch (category(catalog, type)) {
    case 'E':
      return "enum_ops";
    case 'R':
      return type.name.find("multirange") == std::string::npos ? "range_ops" : "multirange_ops";
    default:
      break;
  }
  if (type.is("varchar")) return "text_ops";
  if (type.is("varbit")) return "varbit_ops";
  if (type.is("cidr")) return "inet_ops";
  return type.name + "_ops";
}

namespace {

// The class that a key of the type takes by itself.
// What an index calls a key that is an expression; empty: "expr".
std::string key_name(const Node* node) {
  if (node == nullptr) return {};
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_COLUMN_REF: {
      const auto fields = texts({node->column_ref->fields, node->column_ref->n_fields});
      return fields.empty() ? "" : fields.back();
    }
    case PG_QUERY__NODE__NODE_FUNC_CALL:
      return name_of(Nodes{node->func_call->funcname, node->func_call->n_funcname}).name;
    case PG_QUERY__NODE__NODE_TYPE_CAST: {
      const std::string inner = key_name(node->type_cast->arg);
      const PgQuery__TypeName& type = *node->type_cast->type_name;
      return inner.empty() ? name_of(Nodes{type.names, type.n_names}).name : inner;
    }
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE:
      return key_name(node->collate_clause->arg);
    case PG_QUERY__NODE__NODE_COALESCE_EXPR:
      return "coalesce";
    case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
      return node->min_max_expr->op == PG_QUERY__MIN_MAX_OP__IS_LEAST ? "least" : "greatest";
    case PG_QUERY__NODE__NODE_CASE_EXPR: {
      const std::string inner = key_name(node->case_expr->defresult);
      return inner.empty() ? "case" : inner;
    }
    case PG_QUERY__NODE__NODE_A_ARRAY_EXPR:
      return "array";
    case PG_QUERY__NODE__NODE_ROW_EXPR:
      return "row";
    case PG_QUERY__NODE__NODE_A_INDIRECTION:
      return key_name(node->a_indirection->arg);
    case PG_QUERY__NODE__NODE_A_EXPR:
      return node->a_expr->kind == PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF ? "nullif" : "";
    default:
      return {};
  }
}

// A key as the server takes it: (x) and (x COLLATE "C") are columns, not expressions.
struct KeyParts {
  std::string column = {};
  const Node* expression = nullptr;
  Nodes collation = {};
};

KeyParts key_parts(const PgQuery__IndexElem& element) {
  KeyParts parts{.column = text(element.name),
                 .expression = element.expr,
                 .collation = {element.collation, element.n_collation}};
  if (element.expr == nullptr) return parts;
  const Node* bare = element.expr;
  Nodes collation;
  while (bare != nullptr && bare->node_case == PG_QUERY__NODE__NODE_COLLATE_CLAUSE) {
    if (collation.empty())
      collation = {bare->collate_clause->collname, bare->collate_clause->n_collname};
    bare = bare->collate_clause->arg;
  }
  if (bare == nullptr || bare->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return parts;
  const std::vector<std::string> fields =
      texts({bare->column_ref->fields, bare->column_ref->n_fields});
  if (fields.empty() || fields.back().empty()) return parts;
  parts.column = fields.back();
  if (parts.collation.empty()) parts.collation = collation;
  return parts;
}

std::string class_options(Nodes options) {
  std::string list;
  for (const Node* node : options)
    list +=
        fmt::format("{}{}={}", list.empty() ? "" : ", ", identifier(text(node->def_elem->defname)),
                    in_quotes(option_text(*node->def_elem), '\''));
  return list;
}

}  // namespace

std::vector<std::string> index_column_names(Nodes parameters) {
  std::vector<std::string> names;
  for (const Node* node : parameters) {
    const PgQuery__IndexElem& element = *node->index_elem;
    std::string name = text(element.name);
    if (name.empty()) name = key_name(element.expr);
    if (name.empty()) name = "expr";
    const std::string first = name;
    for (int i = 1; std::find(names.begin(), names.end(), name) != names.end(); ++i)
      name = first + std::to_string(i);
    names.push_back(std::move(name));
  }
  return names;
}

std::vector<IndexKey> index_keys(Catalog& catalog, const ObjectId& table, Nodes parameters,
                                 const std::string& method, const ObjectId& for_object,
                                 std::set<ObjectId>& uses, std::string& doubt) {
  (void)for_object;
  std::vector<IndexKey> keys;
  const Scope scope = scope_of(catalog, table);
  const bool ordered = method == "btree";
  for (const Node* node : parameters) {
    const PgQuery__IndexElem& element = *node->index_elem;
    IndexKey key;
    Type type;
    const KeyParts parts = key_parts(element);
    if (!parts.column.empty()) {
      key.column = parts.column;
      const auto found =
          std::find_if(scope.columns.begin(), scope.columns.end(),
                       [&](const ScopeColumn& column) { return column.name == key.column; });
      if (found == scope.columns.end())
        catalog.fail(
            fmt::format("there is no column {} in {}.{}", key.column, table.schema, table.name));
      type = found->type;
      uses.insert(found->id);
    } else {
      const Expression expression = write_expression(catalog, element.expr, scope);
      key.expression = expression.is_call ? expression.text : "(" + expression.text + ")";
      type = expression.type;
      uses.insert(expression.uses.begin(), expression.uses.end());
      if (doubt.empty()) doubt = expression.doubt;
    }
    const Object* column = key.column.empty()
                               ? nullptr
                               : catalog.find(Kind::column, table.schema, table.name, key.column);
    std::string own = column == nullptr ? "" : as<Column>(*column).collation;
    if (own.empty()) own = collation_of(catalog, type);
    std::string collation =
        parts.collation.empty() ? own : resolve_collation(catalog, parts.collation);
    if (const auto used = user_collation(catalog, collation)) uses.insert(*used);
    if (collation != own) key.collation = std::move(collation);
    if (element.n_opclass != 0) {
      const Name name = name_of(Nodes{element.opclass, element.n_opclass});
      const std::string parameters_text =
          class_options({element.opclassopts, element.n_opclassopts});
      if (name.name != default_class(catalog, type) || !parameters_text.empty())
        key.opclass = qualified(name.schema, name.name);
      if (!parameters_text.empty()) key.opclass += " (" + parameters_text + ")";
      // One that comes with an extension.
      if (name.name.find("_trgm_ops") != std::string::npos) {
        if (const Object* extension = catalog.find(Kind::extension, "", "pg_trgm")) {
          key.opclass = qualified(as<Extension>(*extension).schema, name.name);
          uses.insert(extension->id);
        }
      }
    }
    key.descending = element.ordering == PG_QUERY__SORT_BY_DIR__SORTBY_DESC;
    key.nulls_first =
        element.nulls_ordering == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_FIRST ||
        (key.descending && element.nulls_ordering != PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_LAST);
    if (!ordered) key.descending = key.nulls_first = false;
    keys.push_back(std::move(key));
  }
  return keys;
}

void create_index(Catalog& catalog, const PgQuery__IndexStmt& statement) {
  const Object& relation = catalog.need({Kind::table, Kind::materialized_view}, "relation",
                                        name_of(*statement.relation));
  const ObjectId table = relation.id;
  const auto* as_table = std::get_if<Table>(&relation.definition);
  const bool partitioned = as_table != nullptr && !as_table->partition_key.empty();
  if (partitioned && statement.concurrent != 0) refuse_concurrent_index(catalog, table);
  const Nodes parameters{statement.index_params, statement.n_index_params};
  const Nodes including{statement.index_including_params, statement.n_index_including_params};
  Index index;
  index.table = {table.schema, table.name};
  index.method = text(statement.access_method).empty() ? "btree" : text(statement.access_method);
  index.unique = statement.unique != 0;
  index.nulls_not_distinct = statement.nulls_not_distinct != 0;
  index.tablespace = text(statement.table_space);
  index.options = options_of({statement.options, statement.n_options});
  index.only = partitioned && statement.relation->inh == 0;
  for (const Node* node : including) index.include.push_back(text(node->index_elem->name));
  std::vector<std::string> names = index_column_names(parameters);
  for (const std::string& name : index.include) names.push_back(name);
  std::string name = text(statement.idxname);
  if (name.empty()) {
    name = free_relation_name(catalog, table.schema, table.name, joined_columns(names), "idx");
  } else if (catalog.has_relation(table.schema, name)) {
    if (statement.if_not_exists != 0) return;
    catalog.fail(fmt::format("relation {}.{} already exists", table.schema, name));
  }
  std::set<ObjectId> uses;
  std::string doubt;
  index.keys = index_keys(catalog, table, parameters, index.method, table, uses, doubt);
  if (statement.where_clause != nullptr) {
    const Expression where = write_expression(catalog, statement.where_clause,
                                              scope_of(catalog, table), built_in("bool"));
    index.predicate = where.text;
    uses.insert(where.uses.begin(), where.uses.end());
    if (doubt.empty()) doubt = where.doubt;
  }
  const ObjectId id{Kind::index, table.schema, std::move(name), ""};
  for (const std::string& column : index.include)
    uses.insert({Kind::column, table.schema, table.name, column});
  const bool only = index.only;
  catalog.add(id, std::move(index));
  catalog.depend(id, table);
  for (const ObjectId& on : uses) catalog.depend(id, on);
  catalog.set_uncertain(id, doubt);
  if (!partitioned || only) return;
  const Object copy = *catalog.find(id);
  for (const ObjectId& child : children_of(catalog, table)) inherit_index(catalog, child, copy);
}

namespace {

// A partition's own primary key or unique constraint whose index is the same as the one wanted.
std::optional<ObjectId> key_of_same_columns(const Catalog& catalog, const ObjectId& partition,
                                            const Index& index) {
  std::vector<std::string> columns;
  for (const IndexKey& key : index.keys) {
    if (key.column.empty() || !key.opclass.empty() || !key.collation.empty()) return std::nullopt;
    columns.push_back(key.column);
  }
  if (!index.unique || index.method != "btree" || !index.predicate.empty()) return std::nullopt;
  for (const Object* object :
       parts_of(catalog.schema(), Kind::constraint, partition.schema, partition.name)) {
    const auto& constraint = as<Constraint>(*object);
    const bool key =
        constraint.type == ConstraintType::primary_key || constraint.type == ConstraintType::unique;
    if (key && !constraint.parent && constraint.columns == columns &&
        constraint.include == index.include &&
        constraint.nulls_not_distinct == index.nulls_not_distinct)
      return object->id;
  }
  return std::nullopt;
}

}  // namespace

void inherit_index(Catalog& catalog, const ObjectId& partition, const Object& parent) {
  if (as<Index>(parent).only) return;
  Index index = as<Index>(parent);
  index.table = {partition.schema, partition.name};
  index.partition_of = RelationName{parent.id.schema, parent.id.name};
  // One that is there already and is the same is attached.
  for (const ObjectId& id : catalog.dependents_of(partition)) {
    if (id.kind != Kind::index) continue;
    auto& there = as<Index>(*catalog.find(id));
    if (there.partition_of || there.table != index.table || there.keys != index.keys ||
        there.unique != index.unique || there.method != index.method ||
        there.predicate != index.predicate || there.include != index.include)
      continue;
    there.partition_of = index.partition_of;
    catalog.depend(id, parent.id);
    return;
  }
  if (const auto key = key_of_same_columns(catalog, partition, index)) {
    attach_key(catalog, *key, parent.id);
    return;
  }
  std::vector<std::string> names;
  for (const IndexKey& key : index.keys) {
    std::string name = key.column;
    if (name.empty()) {
      const std::size_t open = key.expression.find('(');
      name = open == 0 || open == std::string::npos ? "expr" : key.expression.substr(0, open);
    }
    const std::string first = name;
    for (int i = 1; std::find(names.begin(), names.end(), name) != names.end(); ++i)
      name = first + std::to_string(i);
    names.push_back(std::move(name));
  }
  names.insert(names.end(), index.include.begin(), index.include.end());
  const ObjectId id{
      Kind::index, partition.schema,
      free_relation_name(catalog, partition.schema, partition.name, joined_columns(names), "idx"),
      ""};
  std::vector<ObjectId> uses;
  const RelationName of = as<Index>(parent).table;
  const auto& edges = catalog.schema().dependencies;
  for (auto at = edges.lower_bound({parent.id, {Kind::schema, "", "", ""}});
       at != edges.end() && at->dependent == parent.id; ++at) {
    if (at->on.kind == Kind::schema) continue;  // its own is added with it
    ObjectId on = at->on;
    if (RelationName{on.schema, on.name} == of &&
        (on.kind == Kind::column || on.kind == Kind::table)) {
      on.schema = partition.schema;
      on.name = partition.name;
    }
    uses.push_back(std::move(on));
  }
  catalog.add(id, std::move(index));
  for (const ObjectId& on : uses) catalog.depend(id, on);
  catalog.depend(id, parent.id);
  if (const std::string* why = catalog.uncertain(parent.id)) catalog.set_uncertain(id, *why);
  const Object copy = *catalog.find(id);
  for (const ObjectId& child : children_of(catalog, partition)) inherit_index(catalog, child, copy);
}

}  // namespace limbeck::postgres::memory
