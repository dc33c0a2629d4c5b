// CREATE TABLE, in all its forms but AS.
#include <algorithm>
#include <fmt/format.h>

#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {
namespace {

// Bits of TableLikeOption.
enum Like : std::uint32_t {
  like_comments = 1U << 0U,
  like_compression = 1U << 1U,
  like_constraints = 1U << 2U,
  like_defaults = 1U << 3U,
  like_generated = 1U << 4U,
  like_identity = 1U << 5U,
  like_indexes = 1U << 6U,
  like_statistics = 1U << 7U,
  like_storage = 1U << 8U,
};

void copy_like_column(Catalog& catalog, const ObjectId& table, const Object& source,
                      std::uint32_t options) {
  const ObjectId id{Kind::column, table.schema, table.name, source.id.part};
  Column column = as<Column>(source);
  column.position = next_position(catalog, table);
  column.inherited = false;
  column.local = true;
  column.statistics = -1;
  column.options.clear();
  if ((options & like_storage) == 0) column.storage.clear();
  if ((options & like_compression) == 0) column.compression.clear();
  if ((options & like_generated) == 0) column.generated.reset();
  if ((options & like_identity) == 0) column.identity.reset();
  if (column.identity) {
    column.identity->sequence = free_relation_name(catalog, id.schema, id.name, id.part, "seq");
    catalog.take_relation_name(id.schema, column.identity->sequence, id);
  }
  const Type type = parse_type(catalog, column.type);
  Object& added = catalog.add(id, std::move(column));
  if ((options & like_comments) != 0) added.comment = source.comment;
  depend_on_type(catalog, id, type);
}

void copy_like_default(Catalog& catalog, const ObjectId& table, const ObjectId& source) {
  const ObjectId from{Kind::column_default, source.schema, source.name, source.part};
  const Object* value = catalog.find(from);
  if (value == nullptr) return;
  const ObjectId to{Kind::column_default, table.schema, table.name, source.part};
  std::vector<ObjectId> uses;
  const auto& edges = catalog.schema().dependencies;
  for (auto at = edges.lower_bound({from, {Kind::schema, "", "", ""}});
       at != edges.end() && at->dependent == from; ++at)
    if (!is_part(at->on.kind) && at->on.kind != Kind::table) uses.push_back(at->on);
  ColumnDefault definition = as<ColumnDefault>(*value);
  catalog.add(to, std::move(definition));
  for (const ObjectId& on : uses) catalog.depend(to, on);
  if (const std::string* why = catalog.uncertain(from)) catalog.set_uncertain(to, *why);
}

void copy_like_check(Catalog& catalog, const ObjectId& table, const Object& source,
                     std::uint32_t options) {
  const ObjectId id{Kind::constraint, table.schema, table.name, source.id.part};
  Constraint constraint = as<Constraint>(source);
  constraint.inherited = false;
  constraint.local = true;
  const std::vector<std::string> columns = constraint.columns;
  Object& added = catalog.add(id, std::move(constraint));
  if ((options & like_comments) != 0) added.comment = source.comment;
  for (const std::string& column : columns)
    catalog.depend(id, {Kind::column, table.schema, table.name, column});
}

void copy_like_key(Catalog& catalog, const ObjectId& table, const Object& source) {
  Constraint constraint = as<Constraint>(source);
  const bool primary = constraint.type == ConstraintType::primary_key;
  std::vector<std::string> names = constraint.columns;
  names.insert(names.end(), constraint.include.begin(), constraint.include.end());
  const std::string name =
      free_relation_name(catalog, table.schema, table.name, primary ? "" : joined_columns(names),
                         primary ? "pkey" : "key");
  constraint.inherited = false;
  constraint.local = true;
  constraint.parent.reset();
  const ObjectId id{Kind::constraint, table.schema, table.name, name};
  if (primary)
    for (const std::string& column : constraint.columns)
      set_not_null(catalog, {Kind::column, table.schema, table.name, column});
  catalog.add(id, std::move(constraint));
  for (const std::string& column : names)
    catalog.depend(id, {Kind::column, table.schema, table.name, column});
}

void copy_like_index(Catalog& catalog, const ObjectId& table, const Object& source) {
  Index index = as<Index>(source);
  std::vector<std::string> names;
  for (const IndexKey& key : index.keys) names.push_back(key.column.empty() ? "expr" : key.column);
  names.insert(names.end(), index.include.begin(), index.include.end());
  const ObjectId id{
      Kind::index, table.schema,
      free_relation_name(catalog, table.schema, table.name, joined_columns(names), "idx"), ""};
  index.table = {table.schema, table.name};
  index.partition_of.reset();
  catalog.add(id, std::move(index));
  catalog.depend(id, table);
  for (const std::string& column : names)
    catalog.depend(id, {Kind::column, table.schema, table.name, column});
}

// LIKE other INCLUDING ...; the columns first, the rest when all columns are there.
void copy_like(Catalog& catalog, const ObjectId& table, const PgQuery__TableLikeClause& like,
               bool columns) {
  const Object& source = catalog.need({Kind::table, Kind::view, Kind::materialized_view},
                                      "relation", name_of(*like.relation));
  const ObjectId from = source.id;
  const std::uint32_t options = like.options;
  std::vector<Object> parts;
  if (columns) {
    for (const Object* column : columns_of(catalog.schema(), from.schema, from.name))
      parts.push_back(*column);
    for (const Object& part : parts) {
      copy_like_column(catalog, table, part, options);
      if ((options & like_defaults) != 0) copy_like_default(catalog, table, part.id);
    }
    return;
  }
  for (const Object* constraint :
       parts_of(catalog.schema(), Kind::constraint, from.schema, from.name))
    parts.push_back(*constraint);
  for (const Object& part : parts) {
    const ConstraintType type = as<Constraint>(part).type;
    if (type == ConstraintType::check && (options & like_constraints) != 0)
      copy_like_check(catalog, table, part, options);
    if ((type == ConstraintType::primary_key || type == ConstraintType::unique) &&
        (options & like_indexes) != 0)
      copy_like_key(catalog, table, part);
  }
  if ((options & like_indexes) == 0) return;
  parts.clear();
  for (const ObjectId& id : catalog.dependents_of(from))
    if (id.kind == Kind::index) parts.push_back(*catalog.find(id));
  for (const Object& part : parts) copy_like_index(catalog, table, part);
}

void add_parents(Catalog& catalog, const ObjectId& table, Nodes parents) {
  std::vector<Object> checks;
  for (const Node* node : parents) {
    const ObjectId parent = need_table(catalog, *node->range_var);
    as<Table>(*catalog.find(table)).inherits.push_back({parent.schema, parent.name});
    catalog.depend(table, parent);
    std::vector<Object> columns;
    for (const Object* column : columns_of(catalog.schema(), parent.schema, parent.name))
      columns.push_back(*column);
    for (const Object& column : columns) inherit_column(catalog, table, column, false);
    for (const Object* constraint :
         parts_of(catalog.schema(), Kind::constraint, parent.schema, parent.name))
      if (as<Constraint>(*constraint).type == ConstraintType::check &&
          !as<Constraint>(*constraint).no_inherit) {
        checks.push_back(*constraint);
        as<Constraint>(checks.back()).validated = true;  // there are no rows yet
      }
  }
  for (const Object& check : checks) inherit_constraint(catalog, table, check, false);
}

void add_typed_columns(Catalog& catalog, const ObjectId& table, const PgQuery__TypeName& name) {
  const Type type = resolve(catalog, name);
  as<Table>(*catalog.find(table)).of_type = format(type);
  if (!type.object) return;
  catalog.depend(table, *type.object);
  const Object* object = catalog.find(*type.object);
  if (object == nullptr || object->id.kind != Kind::composite) return;
  const std::vector<Attribute> attributes = as<Composite>(*object).attributes;
  for (const Attribute& attribute : attributes) {
    Column column;
    column.position = next_position(catalog, table);
    column.type = attribute.type;
    column.collation = attribute.collation;
    const ObjectId id{Kind::column, table.schema, table.name, attribute.name};
    const Type column_type = parse_type(catalog, column.type);
    catalog.add(id, std::move(column));
    depend_on_type(catalog, id, column_type);
  }
}

// A column of CREATE TABLE ... OF or PARTITION OF only adds to what is there.
void refine_column(Catalog& catalog, const ObjectId& table, const PgQuery__ColumnDef& definition,
                   std::vector<TableConstraint>& constraints) {
  PgQuery__ColumnDef bare = definition;
  bare.type_name = nullptr;
  const ObjectId id{Kind::column, table.schema, table.name, text(definition.colname)};
  Object* there = catalog.find(id);
  if (there == nullptr)
    catalog.fail(fmt::format("there is no column {} in {}.{}", id.part, id.schema, id.name));
  const Column before = as<Column>(*there);
  as<Column>(*there).inherited = true;
  as<Column>(*there).local = false;
  add_column(catalog, table, bare, constraints);
  auto& column = as<Column>(*catalog.find(id));
  column.inherited = before.inherited;
  column.local = before.local;
}

void build(Catalog& catalog, const ObjectId& id, const PgQuery__CreateStmt& statement) {
  std::vector<TableConstraint> constraints;
  std::vector<const PgQuery__TableLikeClause*> likes;
  std::optional<Object> parent;
  const Nodes parents{statement.inh_relations, statement.n_inh_relations};
  if (statement.partbound != nullptr && !parents.empty()) {
    const ObjectId parent_id = need_table(catalog, *parents[0]->range_var);
    parent = *catalog.find(parent_id);
    std::vector<Object> columns;
    for (const Object* column : columns_of(catalog.schema(), parent_id.schema, parent_id.name))
      columns.push_back(*column);
    for (const Object& column : columns) inherit_column(catalog, id, column, true);
    as<Table>(*catalog.find(id)).partition_of =
        PartitionOf{.parent = {parent_id.schema, parent_id.name}};
    catalog.depend(id, parent_id);
    std::string bound = partition_bound(catalog, id, *parent, *statement.partbound);
    as<Table>(*catalog.find(id)).partition_of->bound = std::move(bound);
  } else {
    add_parents(catalog, id, parents);
  }
  if (statement.of_typename != nullptr) add_typed_columns(catalog, id, *statement.of_typename);
  const bool refines = parent || statement.of_typename != nullptr;
  for (const Node* node : Nodes{statement.table_elts, statement.n_table_elts}) {
    if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF) {
      if (refines)
        refine_column(catalog, id, *node->column_def, constraints);
      else
        add_column(catalog, id, *node->column_def, constraints);
    } else if (node->node_case == PG_QUERY__NODE__NODE_CONSTRAINT) {
      constraints.push_back({node->constraint, ""});
    } else if (node->node_case == PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE) {
      likes.push_back(node->table_like_clause);
      copy_like(catalog, id, *node->table_like_clause, true);
    }
  }
  if (statement.partspec != nullptr) {
    std::string key = partition_key(catalog, id, *statement.partspec);
    as<Table>(*catalog.find(id)).partition_key = std::move(key);
  }
  add_constraints(catalog, id, constraints);
  // A new table has no rows that NOT VALID could speak of; a foreign one has.
  if (!as<Table>(*catalog.find(id)).foreign)
    for (const Object* part : parts_of(catalog.schema(), Kind::constraint, id.schema, id.name))
      as<Constraint>(*catalog.find(part->id)).validated = true;
  for (const PgQuery__TableLikeClause* like : likes) copy_like(catalog, id, *like, false);
  if (parent) adopt_partition(catalog, id, *parent);
}

Table table_as_written(const PgQuery__CreateStmt& statement) {
  Table table;
  if (text(statement.relation->relpersistence) == "u") table.persistence = Persistence::unlogged;
  table.options = options_of({statement.options, statement.n_options});
  table.tablespace = text(statement.tablespacename);
  table.access_method = text(statement.access_method);
  if (table.access_method == "heap") table.access_method.clear();
  return table;
}

// nothing: there is one, and the statement does not mind.
std::optional<ObjectId> new_table(Catalog& catalog, const PgQuery__CreateStmt& statement) {
  const Name written = name_of(*statement.relation);
  const bool temporary = text(statement.relation->relpersistence) == "t";
  ObjectId id{Kind::table,
              temporary ? temporary_schema_of(catalog) : catalog.creation_schema(written.schema),
              written.name, ""};
  if (catalog.has_relation(id.schema, id.name)) {
    if (statement.if_not_exists != 0) return std::nullopt;
    catalog.fail(fmt::format("relation {}.{} already exists", id.schema, id.name));
  }
  return id;
}

}  // namespace

std::string temporary_schema_of(Catalog& catalog) {
  const ObjectId id{Kind::schema, "", std::string(temporary_schema), ""};
  if (catalog.find(id) == nullptr) catalog.add(id, Namespace{});
  return id.name;
}

void create_table(Catalog& catalog, const PgQuery__CreateStmt& statement) {
  if (text(statement.relation->relpersistence) == "t" && !catalog.keeps_temporary()) {
    catalog.not_interpreted("CREATE TEMPORARY TABLE", "it ends with the session");
    return;
  }
  const auto id = new_table(catalog, statement);
  if (!id) return;
  catalog.add(*id, table_as_written(statement));
  build(catalog, *id, statement);
  if (statement.oncommit == PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_DROP) catalog.drop_at_commit(*id);
}

void create_foreign_table(Catalog& catalog, const PgQuery__CreateForeignTableStmt& statement) {
  const auto id = new_table(catalog, *statement.base_stmt);
  if (!id) return;
  Table table = table_as_written(*statement.base_stmt);
  table.foreign = ForeignTable{.server = text(statement.servername),
                               .options = options_of({statement.options, statement.n_options})};
  const ObjectId server{Kind::server, "", table.foreign->server, ""};
  if (catalog.find(server) == nullptr)
    catalog.fail(fmt::format("there is no server {}", server.name));
  catalog.add(*id, std::move(table));
  catalog.depend(*id, server);
  build(catalog, *id, *statement.base_stmt);
}

}  // namespace limbeck::postgres::memory
