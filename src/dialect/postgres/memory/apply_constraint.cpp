// Constraints of tables.
#include <algorithm>
#include <fmt/format.h>

#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {
namespace {

std::string action(const char* letter) {
  switch (letter == nullptr ? 'a' : *letter) {
    case 'r':
      return "RESTRICT";
    case 'c':
      return "CASCADE";
    case 'n':
      return "SET NULL";
    case 'd':
      return "SET DEFAULT";
    default:
      return "NO ACTION";
  }
}

void need_columns(const Catalog& catalog, const ObjectId& table,
                  const std::vector<std::string>& columns) {
  for (const std::string& column : columns)
    if (catalog.find(Kind::column, table.schema, table.name, column) == nullptr)
      catalog.fail(fmt::format("there is no column {} in {}.{}", column, table.schema, table.name));
}

void depend_on_columns(Catalog& catalog, const ObjectId& id, const ObjectId& table,
                       const std::vector<std::string>& columns) {
  for (const std::string& column : columns)
    catalog.depend(id, {Kind::column, table.schema, table.name, column});
}

ObjectId constraint_id(Catalog& catalog, const ObjectId& table, std::string name) {
  ObjectId id{Kind::constraint, table.schema, table.name, std::move(name)};
  if (catalog.find(id) != nullptr)
    catalog.fail(fmt::format("constraint {} of {}.{} already exists", id.part, id.schema, id.name));
  return id;
}

void add_check(Catalog& catalog, const ObjectId& table, const PgQuery__Constraint& node) {
  const Expression expression =
      write_expression(catalog, node.raw_expr, scope_of(catalog, table), built_in("bool"));
  const std::string only = expression.columns.size() == 1 ? expression.columns[0] : "";
  std::string name = text(node.conname);
  if (name.empty()) name = free_constraint_name(catalog, table.schema, table.name, only, "check");
  Constraint constraint;
  constraint.type = ConstraintType::check;
  constraint.columns = expression.columns;
  constraint.expression = expression.text;
  constraint.no_inherit = node.is_no_inherit != 0;
  constraint.validated = node.skip_validation == 0 || node.initially_valid != 0;
  const ObjectId id{Kind::constraint, table.schema, table.name, std::move(name)};
  if (Object* there = catalog.find(id)) {
    // The one of a parent, written again.
    auto& same = as<Constraint>(*there);
    if (!same.inherited || same.local) constraint_id(catalog, table, id.part);
    same.local = true;
    return;
  }
  catalog.add(id, std::move(constraint));
  note_expression(catalog, id, expression);
  const Object& added = *catalog.find(id);
  if (as<Constraint>(added).no_inherit) return;
  const Object copy = added;
  for (const ObjectId& child : children_of(catalog, table))
    inherit_constraint(catalog, child, copy,
                       as<Table>(*catalog.find(child)).partition_of.has_value());
}

// PRIMARY KEY or UNIQUE USING INDEX.
void adopt_index(Catalog& catalog, const ObjectId& table, const PgQuery__Constraint& node,
                 Constraint constraint) {
  const ObjectId index_id{Kind::index, table.schema, text(node.indexname), ""};
  const Object* found = catalog.find(index_id);
  if (found == nullptr) catalog.fail(fmt::format("there is no index {}", index_id.name));
  const Index index = as<Index>(*found);
  for (const IndexKey& key : index.keys) constraint.columns.push_back(key.column);
  constraint.include = index.include;
  constraint.nulls_not_distinct = index.nulls_not_distinct;
  constraint.options = index.options;
  constraint.tablespace = index.tablespace;
  std::vector<ObjectId> moved;
  std::optional<ObjectId> moved_to;
  for (const ObjectId& dependent : catalog.dependents_of(index_id)) moved.push_back(dependent);
  const ObjectId id = constraint_id(
      catalog, table, text(node.conname).empty() ? index_id.name : text(node.conname));
  if (constraint.type == ConstraintType::primary_key)
    for (const std::string& column : constraint.columns)
      set_not_null(catalog, {Kind::column, table.schema, table.name, column});
  for (const ObjectId& dependent : moved) catalog.undepend(dependent, index_id);
  catalog.drop(index_id, false);
  // One that is attached stays so.
  if (index.partition_of) {
    const auto parent =
        catalog.relation_holder(index.partition_of->schema, index.partition_of->name);
    if (parent && parent->kind == Kind::index) moved_to = *parent;
  }
  std::vector<std::string> columns = constraint.columns;
  columns.insert(columns.end(), constraint.include.begin(), constraint.include.end());
  catalog.add(id, std::move(constraint));
  for (const ObjectId& dependent : moved) catalog.depend(dependent, id);
  if (moved_to) attach_key(catalog, id, *moved_to);
  depend_on_columns(catalog, id, table, columns);
}

void add_key(Catalog& catalog, const ObjectId& table, const TableConstraint& part) {
  const PgQuery__Constraint& node = *part.node;
  const bool primary = node.contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY;
  Constraint constraint;
  constraint.type = primary ? ConstraintType::primary_key : ConstraintType::unique;
  constraint.deferrable = node.deferrable != 0;
  constraint.initially_deferred = node.initdeferred != 0;
  constraint.nulls_not_distinct = node.nulls_not_distinct != 0;
  if (!text(node.indexname).empty()) {
    adopt_index(catalog, table, node, std::move(constraint));
    return;
  }
  constraint.columns = texts({node.keys, node.n_keys});
  if (constraint.columns.empty() && !part.column.empty()) constraint.columns = {part.column};
  constraint.include = texts({node.including, node.n_including});
  constraint.options = options_of({node.options, node.n_options});
  constraint.tablespace = text(node.indexspace);
  std::vector<std::string> columns = constraint.columns;
  columns.insert(columns.end(), constraint.include.begin(), constraint.include.end());
  need_columns(catalog, table, columns);
  std::string name = text(node.conname);
  if (name.empty()) {
    name = free_relation_name(catalog, table.schema, table.name,
                              primary ? "" : joined_columns(columns), primary ? "pkey" : "key");
  } else if (catalog.has_relation(table.schema, name)) {
    catalog.fail(fmt::format("relation {}.{} already exists", table.schema, name));
  }
  if (primary) {
    for (const Object* other :
         parts_of(catalog.schema(), Kind::constraint, table.schema, table.name))
      if (as<Constraint>(*other).type == ConstraintType::primary_key)
        catalog.fail(fmt::format("{}.{} already has a primary key", table.schema, table.name));
    for (const std::string& column : constraint.columns)
      set_not_null(catalog, {Kind::column, table.schema, table.name, column});
  }
  const ObjectId id = constraint_id(catalog, table, std::move(name));
  catalog.add(id, std::move(constraint));
  depend_on_columns(catalog, id, table, columns);
  if (part.only) return;
  const Object copy = *catalog.find(id);
  for (const ObjectId& child : children_of(catalog, table))
    if (as<Table>(*catalog.find(child)).partition_of)
      inherit_constraint(catalog, child, copy, true);
}

// The key of the other table that makes the reference unambiguous.
std::optional<ObjectId> referenced_key(const Catalog& catalog, const ObjectId& table,
                                       std::vector<std::string> columns) {
  std::sort(columns.begin(), columns.end());
  for (const Object* object :
       parts_of(catalog.schema(), Kind::constraint, table.schema, table.name)) {
    const auto& constraint = as<Constraint>(*object);
    if (constraint.type != ConstraintType::primary_key && constraint.type != ConstraintType::unique)
      continue;
    std::vector<std::string> own = constraint.columns;
    std::sort(own.begin(), own.end());
    if (own == columns) return object->id;
  }
  for (const ObjectId& dependent :
       catalog.dependents_of({Kind::column, table.schema, table.name, columns.front()})) {
    if (dependent.kind != Kind::index) continue;
    const auto& index = as<Index>(*catalog.schema().find(dependent));
    if (!index.unique || !index.predicate.empty()) continue;
    std::vector<std::string> own;
    for (const IndexKey& key : index.keys) own.push_back(key.column);
    std::sort(own.begin(), own.end());
    if (own == columns && index.table == RelationName{table.schema, table.name}) return dependent;
  }
  return std::nullopt;
}

void add_foreign_key(Catalog& catalog, const ObjectId& table, const TableConstraint& part) {
  const PgQuery__Constraint& node = *part.node;
  const ObjectId referenced = need_table(catalog, *node.pktable);
  Constraint constraint;
  constraint.type = ConstraintType::foreign_key;
  constraint.columns = texts({node.fk_attrs, node.n_fk_attrs});
  if (constraint.columns.empty() && !part.column.empty()) constraint.columns = {part.column};
  constraint.deferrable = node.deferrable != 0;
  constraint.initially_deferred = node.initdeferred != 0;
  constraint.validated = node.skip_validation == 0 || node.initially_valid != 0;
  ForeignKey key;
  key.table = {referenced.schema, referenced.name};
  key.columns = texts({node.pk_attrs, node.n_pk_attrs});
  key.on_update = action(node.fk_upd_action);
  key.on_delete = action(node.fk_del_action);
  key.on_delete_columns = texts({node.fk_del_set_cols, node.n_fk_del_set_cols});
  key.match = text(node.fk_matchtype) == "f" ? "FULL" : "SIMPLE";
  if (key.columns.empty()) {
    for (const Object* other :
         parts_of(catalog.schema(), Kind::constraint, referenced.schema, referenced.name))
      if (as<Constraint>(*other).type == ConstraintType::primary_key)
        key.columns = as<Constraint>(*other).columns;
    if (key.columns.empty())
      catalog.fail(fmt::format("there is no primary key for referenced table {}.{}",
                               referenced.schema, referenced.name));
  }
  need_columns(catalog, table, constraint.columns);
  need_columns(catalog, referenced, key.columns);
  const auto relies_on = referenced_key(catalog, referenced, key.columns);
  if (!relies_on)
    catalog.fail(
        fmt::format("there is no unique constraint matching given keys for referenced "
                    "table {}.{}",
                    referenced.schema, referenced.name));
  std::string name = text(node.conname);
  if (name.empty())
    name = free_constraint_name(catalog, table.schema, table.name,
                                joined_columns(constraint.columns), "fkey");
  const ObjectId id = constraint_id(catalog, table, std::move(name));
  const std::vector<std::string> own = constraint.columns;
  const std::vector<std::string> theirs = key.columns;
  constraint.foreign_key = std::move(key);
  catalog.add(id, std::move(constraint));
  depend_on_columns(catalog, id, table, own);
  depend_on_columns(catalog, id, referenced, theirs);
  catalog.depend(id, *relies_on);
  const Object copy = *catalog.find(id);
  for (const ObjectId& child : children_of(catalog, table))
    if (as<Table>(*catalog.find(child)).partition_of)
      inherit_constraint(catalog, child, copy, true);
}

std::string key_text(const IndexKey& key) {
  std::string written = key.column.empty() ? key.expression : identifier(key.column);
  if (!key.collation.empty()) {
    std::string collation = key.collation;
    constexpr std::string_view own = "pg_catalog.";
    if (collation.compare(0, own.size(), own) == 0) collation.erase(0, own.size());
    written += " COLLATE " + collation;
  }
  if (!key.opclass.empty()) written += " " + key.opclass;
  if (key.descending) written += " DESC";
  if (key.nulls_first != key.descending)
    written += key.nulls_first ? " NULLS FIRST" : " NULLS LAST";
  return written;
}

void add_exclusion(Catalog& catalog, const ObjectId& table, const PgQuery__Constraint& node) {
  const std::string method = text(node.access_method).empty() ? "btree" : text(node.access_method);
  std::vector<Node*> elements;
  std::vector<std::string> operators;
  for (const Node* pair : Nodes{node.exclusions, node.n_exclusions}) {
    const Nodes both = items(pair);
    if (both.size() != 2) continue;
    elements.push_back(both.first[0]);
    operators.push_back(name_of(items(both[1])).name);
  }
  const Nodes parameters{elements.data(), elements.size()};
  std::set<ObjectId> uses;
  std::string doubt;
  const std::vector<IndexKey> keys =
      index_keys(catalog, table, parameters, method, table, uses, doubt);
  Constraint constraint;
  constraint.type = ConstraintType::exclusion;
  constraint.deferrable = node.deferrable != 0;
  constraint.initially_deferred = node.initdeferred != 0;
  constraint.tablespace = text(node.indexspace);
  std::string list;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!keys[i].column.empty()) constraint.columns.push_back(keys[i].column);
    list += fmt::format("{}{} WITH {}", list.empty() ? "" : ", ", key_text(keys[i]), operators[i]);
  }
  constraint.exclusion = fmt::format("USING {} ({})", method, list);
  if (node.n_including != 0) {
    std::string included;
    for (const std::string& name : texts({node.including, node.n_including}))
      included += (included.empty() ? "" : ", ") + identifier(name);
    constraint.exclusion += fmt::format(" INCLUDE ({})", included);
  }
  if (node.where_clause != nullptr) {
    const Expression where =
        write_expression(catalog, node.where_clause, scope_of(catalog, table), built_in("bool"));
    constraint.exclusion += fmt::format(" WHERE ({})", where.text);
    uses.insert(where.uses.begin(), where.uses.end());
    if (doubt.empty()) doubt = where.doubt;
  }
  std::string name = text(node.conname);
  if (name.empty())
    name = free_relation_name(catalog, table.schema, table.name,
                              joined_columns(index_column_names(parameters)), "excl");
  const ObjectId id = constraint_id(catalog, table, std::move(name));
  catalog.add(id, std::move(constraint));
  for (const ObjectId& on : uses) catalog.depend(id, on);
  catalog.set_uncertain(id, doubt);
}

bool is_attribute(PgQuery__ConstrType type) {
  return type == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE ||
         type == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_NOT_DEFERRABLE ||
         type == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRED ||
         type == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_IMMEDIATE;
}

// A key that says nothing more than another one.
bool is_repeated(const std::vector<TableConstraint>& keys, const TableConstraint& key) {
  if (!text(key.node->conname).empty()) return false;
  const auto columns = [](const TableConstraint& one) {
    std::vector<std::string> names = texts({one.node->keys, one.node->n_keys});
    if (names.empty()) names = {one.column};
    return names;
  };
  return std::any_of(keys.begin(), keys.end(), [&](const TableConstraint& other) {
    return other.node != key.node && columns(other) == columns(key) &&
           other.node->deferrable == key.node->deferrable;
  });
}

}  // namespace

void add_constraint(Catalog& catalog, const ObjectId& table, const TableConstraint& part) {
  const PgQuery__Constraint& node = *part.node;
  const ObjectId column{Kind::column, table.schema, table.name, part.column};
  switch (node.contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT:
      set_default(catalog, column, node.raw_expr);
      break;
    case PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED:
      set_generated(catalog, column, node.raw_expr);
      break;
    case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
      add_check(catalog, table, node);
      break;
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
    case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
      add_key(catalog, table, part);
      break;
    case PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION:
      add_exclusion(catalog, table, node);
      break;
    case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
      add_foreign_key(catalog, table, part);
      break;
    default:
      break;
  }
}

void add_constraints(Catalog& catalog, const ObjectId& table,
                     const std::vector<TableConstraint>& all) {
  // What stands behind a column's constraint: DEFERRABLE, INITIALLY DEFERRED.
  std::vector<PgQuery__Constraint> nodes;
  std::vector<TableConstraint> constraints;
  nodes.reserve(all.size());
  for (const TableConstraint& part : all) {
    if (is_attribute(part.node->contype)) {
      if (nodes.empty()) continue;
      if (part.node->contype == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE)
        nodes.back().deferrable = 1;
      if (part.node->contype == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRED)
        nodes.back().deferrable = nodes.back().initdeferred = 1;
      continue;
    }
    nodes.push_back(*part.node);
    constraints.push_back({&nodes.back(), part.column, part.only});
  }
  // In the server's order: defaults and checks, the primary key, other keys, foreign keys.
  std::vector<TableConstraint> keys;
  const auto rank = [](const TableConstraint& part) {
    switch (part.node->contype) {
      case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
        return 1;
      case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
      case PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION:
        return 2;
      case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
        return 3;
      default:
        return 0;
    }
  };
  std::stable_sort(constraints.begin(), constraints.end(),
                   [&](const TableConstraint& left, const TableConstraint& right) {
                     return rank(left) < rank(right);
                   });
  for (const TableConstraint& part : constraints) {
    const bool key = rank(part) == 1 || part.node->contype == PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE;
    if (key && is_repeated(keys, part)) continue;
    if (key) keys.push_back(part);
    add_constraint(catalog, table, part);
  }
}

}  // namespace limbeck::postgres::memory
