// Building a table anew, so that nothing is lost: rows with their ids, the last number of an
// AUTOINCREMENT, indexes, triggers, and the rows of other tables that refer to it.
//
// The old table steps aside under another name, which changes no reference to it: foreign_keys is
// off and legacy_alter_table on. Every statement fails when the one before it has failed and rolled
// the transaction back, so that a client which goes on after an error destroys nothing.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

#include "dialect/quoting.h"
#include "dialect/sqlite/create_table.h"
#include "dialect/sqlite/schema_dialect.h"
#include "dialect/sqlite/sql_text.h"

namespace limbeck::sqlite {
namespace {

using Statements = std::vector<SqlStatement>;

std::string text_literal(const std::string& text) {
  return in_quotes(text, '\'');
}

std::vector<const Object*> columns_in(const std::vector<Object>& table) {
  std::vector<const Object*> columns;
  for (const Object& object : table) {
    if (object.id.kind == Kind::column) columns.push_back(&object);
  }
  std::sort(columns.begin(), columns.end(), [](const Object* left, const Object* right) {
    return as<Column>(*left).position < as<Column>(*right).position;
  });
  return columns;
}

bool autoincrements(const std::vector<Object>& table) {
  const auto columns = columns_in(table);
  return std::any_of(columns.begin(), columns.end(),
                     [](const Object* column) { return as<Column>(*column).identity.has_value(); });
}

bool has_row_ids(const std::vector<Object>& table) {
  return !as<Table>(table.front()).without_rowid;
}

// The column that is another name of the row's id.
std::optional<std::string> row_id_column(const std::vector<Object>& table) {
  for (const Object& object : table) {
    if (object.id.kind != Kind::constraint) continue;
    const auto& key = as<Constraint>(object);
    if (key.type != ConstraintType::primary_key) continue;
    for (const Object* column : columns_in(table)) {
      if (column->id.part == key.columns.front() &&
          is_row_id(as<Column>(*column), key, as<Table>(table.front())))
        return column->id.part;
    }
  }
  return std::nullopt;
}

// A name of the row's id that no column hides, on both sides.
std::optional<std::string> row_id_name(const RebuildTable& operation) {
  constexpr std::array<std::string_view, 3> names{"rowid", "_rowid_", "oid"};
  const auto is_column = [](const std::vector<Object>& table, std::string_view name) {
    return std::any_of(table.begin(), table.end(), [&](const Object& object) {
      return object.id.kind == Kind::column && same_name(object.id.part, name);
    });
  };
  for (const std::string_view name : names) {
    if (!is_column(operation.from, name) && !is_column(operation.to, name))
      return std::string(name);
  }
  return std::nullopt;
}

std::string free_name(const std::string& table, const Schema& from, const Schema& to) {
  const auto taken = [&](const std::string& name) {
    for (const Schema* schema : {&from, &to}) {
      for (const Kind kind : {Kind::table, Kind::view, Kind::index, Kind::opaque}) {
        for (auto at = schema->objects.lower_bound(ObjectId{kind, "", "", ""});
             at != schema->objects.end() && at->first.kind == kind; ++at) {
          if (same_name(at->first.name, name)) return true;
        }
      }
    }
    return false;
  };
  const std::string stem = "limbeck_old_" + table;
  std::string name = stem;
  for (int number = 2; taken(name); ++number) name = fmt::format("{}_{}", stem, number);
  return name;
}

// A column and its value for rows of which nothing is kept: an INSERT has to name one.
std::pair<std::string, std::string> value_of_new_rows(const std::vector<Object>& table) {
  const std::vector<const Object*> columns = columns_in(table);
  for (const Object& part : table)
    if (part.id.kind == Kind::column_default)
      return {part.id.part, as<ColumnDefault>(part).expression};
  const auto takes_null = [](const Object* column) {
    return !as<Column>(*column).not_null && !as<Column>(*column).generated;
  };
  const auto found = std::find_if(columns.begin(), columns.end(), takes_null);
  return {(found == columns.end() ? columns.front() : *found)->id.part, "NULL"};
}

std::string copy_sql(const RebuildTable& operation, const std::string& old_name) {
  std::vector<std::string> targets, sources;
  // A column that is another name of the id is copied with the others, or numbered anew if it is
  // new.
  const bool keeps_row_ids =
      has_row_ids(operation.from) && has_row_ids(operation.to) && !row_id_column(operation.to);
  if (keeps_row_ids) {
    if (const auto name = row_id_name(operation)) {
      targets.push_back(*name);
      sources.push_back(*name);
    }
  }
  for (const Object* column : columns_in(operation.to)) {
    if (as<Column>(*column).generated) continue;
    for (const auto& [old_column, new_column] : operation.copied) {
      if (new_column != column->id.part) continue;
      targets.push_back(new_column);
      sources.push_back(old_column);
    }
  }
  std::string source_list = list_sql(sources);
  if (targets.empty()) {
    const auto [column, value] = value_of_new_rows(operation.to);
    targets.push_back(column);
    source_list = value;
  }
  return fmt::format("INSERT OR ROLLBACK INTO {} ({}) SELECT {} FROM {}",
                     name_sql(operation.to.front().id.name), list_sql(targets), source_list,
                     name_sql(old_name));
}

// An AUTOINCREMENT never gives a number again, also when its row is gone.
void keep_sequence(Statements& statements, const std::string& table, const std::string& old_name) {
  statements.push_back(
      {.sql = fmt::format("DELETE FROM sqlite_sequence WHERE name = {}", text_literal(table))});
  statements.push_back(
      {.sql = fmt::format("INSERT INTO sqlite_sequence (name, seq) SELECT {}, seq FROM "
                          "sqlite_sequence WHERE name = {}",
                          text_literal(table), text_literal(old_name))});
}

// ---- the frame ----

bool is_referred_to(const std::string& table, const Schema& schema) {
  for (auto at = schema.objects.lower_bound(ObjectId{Kind::constraint, "", "", ""});
       at != schema.objects.end() && at->first.kind == Kind::constraint; ++at) {
    const auto& key = as<Constraint>(at->second).foreign_key;
    if (key && same_name(key->table.name, table)) return true;
  }
  return false;
}

bool needs_foreign_keys_off(const Operation& operation, const Schema& from) {
  if (std::holds_alternative<RebuildTable>(operation)) return true;
  const auto* drop = std::get_if<Drop>(&operation);
  return drop != nullptr && drop->object.id.kind == Kind::table &&
         is_referred_to(drop->object.id.name, from);
}

// Whether the rows have to be held against a foreign key that they were not held against before.
bool has_new_foreign_key(const RebuildTable& operation) {
  return std::any_of(operation.to.begin(), operation.to.end(), [&](const Object& object) {
    if (object.id.kind != Kind::constraint || !as<Constraint>(object).foreign_key) return false;
    return std::none_of(operation.from.begin(), operation.from.end(), [&](const Object& old) {
      return old.id.kind == Kind::constraint &&
             as<Constraint>(old).foreign_key == as<Constraint>(object).foreign_key &&
             as<Constraint>(old).columns == as<Constraint>(object).columns;
    });
  });
}

const Object* table_called(const std::string& name, const Schema& schema) {
  for (auto at = schema.objects.lower_bound(ObjectId{Kind::table, "", "", ""});
       at != schema.objects.end() && at->first.kind == Kind::table; ++at) {
    if (same_name(at->first.name, name)) return &at->second;
  }
  return nullptr;
}

// SQLite refuses to look at rows when a key refers to columns that are not unique.
bool can_be_checked(const std::vector<Object>& table, const Schema& to) {
  const auto same_columns = [](const std::vector<std::string>& left,
                               const std::vector<std::string>& right) {
    return std::is_permutation(left.begin(), left.end(), right.begin(), right.end(), same_name);
  };
  const auto is_unique = [&](const Object& parent, const std::vector<std::string>& columns) {
    for (const Object* part : parts_of(to, Kind::constraint, "", parent.id.name)) {
      const auto& key = as<Constraint>(*part);
      if (key.type == ConstraintType::primary_key &&
          (columns.empty() || same_columns(key.columns, columns)))
        return true;
      if (key.type == ConstraintType::unique && same_columns(key.columns, columns)) return true;
    }
    for (const auto& [id, object] : to.objects) {
      if (id.kind != Kind::index || as<Index>(object).table.name != parent.id.name) continue;
      std::vector<std::string> names;
      for (const IndexKey& key : as<Index>(object).keys) names.push_back(key.column);
      if (as<Index>(object).unique && as<Index>(object).predicate.empty() &&
          same_columns(names, columns))
        return true;
    }
    return false;
  };
  return std::all_of(table.begin(), table.end(), [&](const Object& object) {
    if (object.id.kind != Kind::constraint || !as<Constraint>(object).foreign_key) return true;
    const ForeignKey& key = *as<Constraint>(object).foreign_key;
    const Object* parent = table_called(key.table.name, to);
    return parent == nullptr || is_unique(*parent, key.columns);
  });
}

}  // namespace

Statements rebuild(const RebuildTable& operation, const Schema& from, const Schema& to) {
  const std::string& old_table = operation.from.front().id.name;
  const std::string& table = operation.to.front().id.name;
  const std::string aside = free_name(old_table, from, to);
  Statements statements;
  const auto add = [&](std::string sql) { statements.push_back({.sql = std::move(sql)}); };

  add("PRAGMA legacy_alter_table = ON");
  add(fmt::format("ALTER TABLE {} RENAME TO {}", name_sql(old_table), name_sql(aside)));
  add("PRAGMA legacy_alter_table = OFF");
  std::vector<Object> parts;
  std::copy_if(operation.to.begin(), operation.to.end(), std::back_inserter(parts),
               [](const Object& object) {
                 return object.id.kind == Kind::column || object.id.kind == Kind::column_default ||
                        object.id.kind == Kind::constraint;
               });
  add(table_sql(operation.to.front(), parts));
  add(copy_sql(operation, aside));
  if (autoincrements(operation.from) && autoincrements(operation.to))
    keep_sequence(statements, table, aside);
  add("DROP TABLE " + name_sql(aside));
  for (const Kind kind : {Kind::index, Kind::trigger}) {
    for (const Object& object : operation.to) {
      if (object.id.kind == kind) add(create_sql(object));
    }
  }
  return statements;
}

PlanFrame frame(const std::vector<Operation>& operations, const Schema& from, const Schema& to) {
  PlanFrame frame;
  std::string checks;
  for (const Operation& operation : operations) {
    if (frame.before.empty() && needs_foreign_keys_off(operation, from))
      frame.before.push_back({.sql = "PRAGMA foreign_keys = OFF", .outside_transaction = true});
    const auto* rebuilt = std::get_if<RebuildTable>(&operation);
    if (rebuilt != nullptr) frame.one_transaction = true;
    if (rebuilt == nullptr || !has_new_foreign_key(*rebuilt) || !can_be_checked(rebuilt->to, to))
      continue;
    checks +=
        fmt::format("{}SELECT * FROM pragma_foreign_key_check({})",
                    checks.empty() ? "" : " UNION ALL ", text_literal(rebuilt->to.front().id.name));
  }
  if (checks.empty()) return frame;
  // A pragma only tells; the check makes it an error.
  frame.after = {
      {.sql = "CREATE TEMP TABLE limbeck_foreign_keys (violations INTEGER CONSTRAINT "
              "\"rows that a new foreign key forbids\" CHECK (violations = 0))"},
      {.sql = fmt::format("INSERT OR ROLLBACK INTO limbeck_foreign_keys SELECT count(*) FROM ({})",
                          checks)},
      {.sql = "DROP TABLE temp.limbeck_foreign_keys"}};
  return frame;
}

}  // namespace limbeck::sqlite
