// Rules about which indexes a table has: one too few, one too many, one of too many columns.
#include <algorithm>

#include "dialect/tokens.h"
#include "lint/rule_parts.h"

namespace limbeck {
namespace {

constexpr std::size_t many_columns = 3;

// The indexes of the table, which are in its schema, without those of constraints.
std::vector<const Object*> indexes_of(const Schema& schema, const RelationName& table) {
  std::vector<const Object*> indexes;
  for (auto it = schema.objects.lower_bound({Kind::index, table.schema, "", ""});
       it != schema.objects.end() && it->first.kind == Kind::index &&
       it->first.schema == table.schema;
       ++it)
    if (as<Index>(it->second).table == table) indexes.push_back(&it->second);
  return indexes;
}

// The constraints of the table that have an index.
std::vector<const Object*> keys_of(const Schema& schema, const RelationName& table) {
  std::vector<const Object*> keys = parts_of(schema, Kind::constraint, table.schema, table.name);
  std::erase_if(keys, [](const Object* it) {
    const ConstraintType type = as<Constraint>(*it).type;
    return type != ConstraintType::primary_key && type != ConstraintType::unique;
  });
  return keys;
}

std::vector<std::string> columns_of_keys(const Index& index) {
  std::vector<std::string> columns;
  for (const IndexKey& key : index.keys) columns.push_back(key.column);
  return columns;
}

// Whether each column of the index that the statement makes is compared and ordered as it is by
// itself: two that are not may be for two kinds of query.
bool compares_plainly(const std::string& statement) {
  for (const std::string_view special : {"_ops", "collate", " desc", " using "})
    if (contains_ignoring_case(statement, special)) return false;
  return true;
}

bool compares_plainly(const Index& index) {
  return index.method == "btree" &&
         std::all_of(index.keys.begin(), index.keys.end(), [](const IndexKey& key) {
           return key.opclass.empty() && key.collation.empty() && !key.descending;
         });
}

// The index or key of the table with just these columns, if there is one beside the effect's own.
std::string twin_of(const Look& look, const Effect& effect) {
  if (look.schema == nullptr || effect.columns.empty() || !compares_plainly(look.statement.text))
    return {};
  for (const Object* key : keys_of(*look.schema, effect.table))
    if (as<Constraint>(*key).columns == effect.columns) return key->id.part;
  for (const Object* object : indexes_of(*look.schema, effect.table)) {
    const auto& index = as<Index>(*object);
    if (!index.predicate.empty() || object->id.name == effect.name || !compares_plainly(index))
      continue;
    if (columns_of_keys(index) == effect.columns && (index.unique || !effect.has(Trait::unique)))
      return object->id.name;
  }
  return {};
}

// Whether an index begins with these columns, in whatever order.
bool begins_with(std::vector<std::string> index, std::vector<std::string> columns) {
  if (index.size() < columns.size()) return false;
  index.resize(columns.size());
  std::sort(index.begin(), index.end());
  std::sort(columns.begin(), columns.end());
  return index == columns;
}

bool is_indexed(const Schema& schema, const RelationName& table,
                const std::vector<std::string>& columns) {
  for (const Object* key : keys_of(schema, table))
    if (begins_with(as<Constraint>(*key).columns, columns)) return true;
  for (const Object* object : indexes_of(schema, table)) {
    const auto& index = as<Index>(*object);
    if (index.predicate.empty() && begins_with(columns_of_keys(index), columns)) return true;
  }
  return false;
}

}  // namespace

std::vector<LintRule> index_choice_rules() {
  using enum EffectKind;
  return {
      {.name = "foreign-key-without-index",
       .dialect = for_postgres,
       .severity = Severity::warning,
       .summary = "A foreign key whose columns have no index",
       .why = "Each DELETE from the table that it refers to, and each UPDATE of its key, reads the "
              "whole referring table.",
       .rewrite = "CREATE INDEX CONCURRENTLY on the columns of the foreign key.",
       .fires = "CREATE TABLE payments (id bigint PRIMARY KEY, order_id bigint REFERENCES orders "
                "(id));",
       .quiet = "CREATE TABLE payments (id bigint PRIMARY KEY, order_id bigint REFERENCES orders "
                "(id));\nCREATE INDEX payments_order ON payments (order_id);",
       .of_revision = [](const RevisionPast& past, const Schema& schema) -> Hits {
         Hits hits;
         for (std::size_t i = 0; i < past.foreign_keys.size(); ++i) {
           const Effect& key = past.foreign_keys[i];
           const bool there =
               schema.find({Kind::table, key.table.schema, key.table.name, ""}) != nullptr;
           if (!there || key.columns.empty() || is_indexed(schema, key.table, key.columns))
             continue;
           Hit found = hit("the foreign key on {} ({}) has no index", shown(key.table),
                           listed(key.columns));
           found.place = past.foreign_key_places[i];
           found.object = shown(key.table);
           hits.push_back(std::move(found));
         }
         return hits;
       }},
      {.name = "duplicate-index",
       .dialect = for_postgres,
       .severity = Severity::warning,
       .summary = "An index on columns that have one already",
       .why = "Both are kept up to date by every write, and queries use one of them.",
       .rewrite = "Leave it out, or drop the other one afterwards.",
       .fires = "-- limbeck:upgrade no-transaction\nCREATE INDEX CONCURRENTLY orders_code_2 ON "
                "orders (code);",
       .quiet = "-- limbeck:upgrade no-transaction\nCREATE INDEX CONCURRENTLY orders_code_2 ON "
                "orders (code) WHERE note IS NULL;",
       .kinds = {create_index},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (effect.has(Trait::has_where)) return std::nullopt;
         const std::string twin = twin_of(look, effect);
         if (twin.empty()) return std::nullopt;
         return hit("{} has the index {} on the same columns", shown(effect.table), twin);
       }},
      {.name = "index-column-twice",
       .severity = Severity::warning,
       .summary = "An index that has a column twice",
       .why = "The second time it orders nothing any more, and makes the index larger.",
       .rewrite = "Leave the column out where it stands for the second time.",
       .fires = "-- limbeck:upgrade no-transaction\nCREATE INDEX CONCURRENTLY orders_code_2 ON "
                "orders (code, note, code);",
       .quiet = "-- limbeck:upgrade no-transaction\nCREATE INDEX CONCURRENTLY orders_code_2 ON "
                "orders (code, note);",
       .kinds = {create_index},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!compares_plainly(look.statement.text)) return std::nullopt;
         std::set<std::string> seen;
         for (const std::string& column : effect.columns)
           if (!seen.insert(column).second)
             return hit("the index{}{} of {} has {} twice", effect.name.empty() ? "" : " ",
                        effect.name, shown(effect.table), column);
         return std::nullopt;
       }},
      {.name = "index-replaced-too-late",
       .dialect = for_postgres,
       .severity = Severity::warning,
       .summary = "An index dropped before the one that takes its place is built",
       .why = "Between the two, queries that need it read the whole table.",
       .rewrite = "Build the new index first, under another name, and drop the old one after it.",
       .fires = "-- limbeck:upgrade no-transaction\nDROP INDEX CONCURRENTLY orders_code;\nCREATE "
                "INDEX CONCURRENTLY orders_code_note ON orders (code, note);",
       .quiet = "-- limbeck:upgrade no-transaction\nCREATE INDEX CONCURRENTLY orders_code_note ON "
                "orders (code, note);\nDROP INDEX CONCURRENTLY orders_code;",
       .kinds = {create_index},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         const auto dropped = look.past.dropped_indexes.find(effect.table);
         if (dropped == look.past.dropped_indexes.end() || effect.columns.empty())
           return std::nullopt;
         for (const auto& columns : dropped->second)
           if (!columns.empty() && columns.front() == effect.columns.front())
             return hit("an index of {} on {} was dropped before this one is built",
                        shown(effect.table), listed(columns));
         return std::nullopt;
       }},
      {.name = "wide-index",
       .severity = Severity::notice,
       .summary = "An index on more than three columns",
       .why = "It is large and slow to keep up to date, and seldom used for its last columns.",
       .rewrite = "Keep the columns that narrow the search most.",
       .fires = "-- limbeck:upgrade no-transaction\nCREATE INDEX CONCURRENTLY everything ON orders "
                "(code, note, amount, placed_at);",
       .quiet =
           "-- limbeck:upgrade no-transaction\nCREATE INDEX CONCURRENTLY three ON orders (code, "
           "note, amount);",
       .kinds = {create_index},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         if (effect.columns.size() <= many_columns || effect.has(Trait::unique))
           return std::nullopt;
         return hit("the index {} has {} columns", effect.name, effect.columns.size());
       }},
  };
}

}  // namespace limbeck
