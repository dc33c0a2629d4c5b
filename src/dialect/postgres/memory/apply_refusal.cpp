// What the server refuses although all that the statement names is there.
#include <algorithm>
#include <fmt/format.h>

#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {
namespace {

bool is_view(Kind kind) {
  return kind == Kind::view || kind == Kind::materialized_view || kind == Kind::rule;
}

// A view depends on each column that its query may mean. Whether it means this one is certain when
// nothing else that it reads has a column of that name.
bool surely_uses(const Catalog& catalog, const ObjectId& view, const ObjectId& column) {
  if (catalog.uncertain(view) == nullptr) return true;
  const auto& edges = catalog.schema().dependencies;
  for (auto at = edges.lower_bound({view, {Kind::schema, "", "", ""}});
       at != edges.end() && at->dependent == view; ++at) {
    const ObjectId& on = at->on;
    if (on.kind == Kind::view || on.kind == Kind::materialized_view) return false;
    const bool other = on.schema != column.schema || on.name != column.name;
    if (other && catalog.find(Kind::column, on.schema, on.name, column.part) != nullptr)
      return false;
  }
  return true;
}

// What uses the column and keeps its type as it is; empty: nothing does.
std::string user_of_type(const Catalog& catalog, const ObjectId& column) {
  for (const ObjectId& id : catalog.dependents_of(column)) {
    if (is_view(id.kind) && surely_uses(catalog, id, column))
      return fmt::format("the {} {}", to_string(id.kind), id.part.empty() ? id.name : id.part);
    if (id.kind == Kind::policy) return fmt::format("the policy {}", id.part);
    if (id.kind == Kind::trigger) return fmt::format("the trigger {}", id.part);
    if (id.kind != Kind::column || id.part == column.part) continue;
    const Object* object = catalog.schema().find(id);
    if (object != nullptr && as<Column>(*object).generated)
      return fmt::format("the generated column {}", id.part);
  }
  return {};
}

}  // namespace

void refuse_type_change(const Catalog& catalog, const ObjectId& column) {
  const std::string user = user_of_type(catalog, column);
  if (!user.empty())
    catalog.fail(fmt::format("the type of {} in {}.{} cannot be changed: {} uses it", column.part,
                             column.schema, column.name, user),
                 "drop that first, and make it again afterwards, in the same section");
}

void refuse_late_foreign_key(const Catalog& catalog, const ObjectId& table,
                             const PgQuery__Constraint& constraint) {
  constexpr int version_18 = 180000;
  const bool late = constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN &&
                    constraint.skip_validation != 0;
  const Object* object = catalog.schema().find(table);
  if (!late || object == nullptr || as<Table>(*object).partition_key.empty() ||
      catalog.server_version() >= version_18)
    return;
  catalog.fail(
      fmt::format("{}.{} is partitioned: PostgreSQL before 18 adds no foreign key with NOT VALID "
                  "to it",
                  table.schema, table.name),
      "add it with NOT VALID to each partition and validate it there; then add it to the "
      "partitioned table, which takes those over");
}

void refuse_concurrent_index(const Catalog& catalog, const ObjectId& table) {
  catalog.fail(fmt::format("{}.{} is partitioned: no index of it can be built concurrently",
                           table.schema, table.name),
               "CREATE INDEX ... ON ONLY it, CREATE INDEX CONCURRENTLY on each partition, then "
               "ALTER INDEX ... ATTACH PARTITION for each");
}

void refuse_drop_of_index(const Catalog& catalog, const Object& object, bool concurrently) {
  const auto& index = as<Index>(object);
  if (index.partition_of)
    catalog.fail(fmt::format("the index {} cannot be dropped: it is a part of {}", object.id.name,
                             index.partition_of->name),
                 "drop that one, which takes it along");
  const Object* table = catalog.find(Kind::table, index.table.schema, index.table.name);
  if (concurrently && table != nullptr && !as<Table>(*table).partition_key.empty())
    catalog.fail(fmt::format("the index {} of a partitioned table cannot be dropped concurrently",
                             object.id.name),
                 "DROP INDEX without CONCURRENTLY");
}

void refresh(Catalog& catalog, const PgQuery__RefreshMatViewStmt& statement) {
  Object* found = catalog.search({Kind::materialized_view}, name_of(*statement.relation));
  if (found == nullptr) return;
  auto& view = as<MaterializedView>(*found);
  const auto is_enough = [&](const ObjectId& id) {
    if (id.kind != Kind::index) return false;
    const auto& index = as<Index>(*catalog.find(id));
    return index.unique && index.valid && index.predicate.empty() &&
           std::none_of(index.keys.begin(), index.keys.end(),
                        [](const IndexKey& key) { return key.column.empty(); });
  };
  if (statement.concurrent != 0) {
    const auto& dependents = catalog.dependents_of(found->id);
    if (std::none_of(dependents.begin(), dependents.end(), is_enough))
      catalog.fail(fmt::format("{}.{} has no unique index, and cannot be refreshed concurrently",
                               found->id.schema, found->id.name),
                   "CREATE UNIQUE INDEX on columns of it, without WHERE");
    if (!view.populated)
      catalog.fail(fmt::format("{}.{} was never filled, and cannot be refreshed concurrently",
                               found->id.schema, found->id.name),
                   "REFRESH MATERIALIZED VIEW without CONCURRENTLY, once");
  }
  view.populated = statement.skip_data == 0;
}

}  // namespace limbeck::postgres::memory
