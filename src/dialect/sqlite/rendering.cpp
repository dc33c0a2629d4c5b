#include <algorithm>
#include <fmt/format.h>
#include <functional>

#include "dialect/sqlite/create_table.h"
#include "dialect/sqlite/schema_dialect.h"
#include "dialect/sqlite/sql_text.h"
#include "dialect/sqlite/statements.h"
#include "operation/match.h"

namespace limbeck::sqlite {
namespace {

using Statements = std::vector<SqlStatement>;

[[noreturn]] void refuse(const Operation& operation) {
  throw Error({.code = ExitCode::internal_error,
               .message = "SQLite has no statement for this change: " + describe(operation)});
}

// ---- tables ----

std::string conflict_sql(const std::string& resolution) {
  return resolution.empty() ? "" : " ON CONFLICT " + resolution;
}

std::string name_prefix(const Object& constraint) {
  const auto name = constraint_name(constraint);
  return name ? fmt::format("CONSTRAINT {} ", name_sql(*name)) : "";
}

const std::string* option(const std::vector<Option>& options, std::string_view name) {
  const auto found = std::find_if(options.begin(), options.end(),
                                  [&](const Option& option) { return option.name == name; });
  return found == options.end() ? nullptr : &found->value;
}

// Whether the key is written at its column: AUTOINCREMENT can stand nowhere else, and DESC there
// means something else than in a key of its own.
bool stands_at_column(const Object& object) {
  const auto& constraint = as<Constraint>(object);
  if (constraint.type != ConstraintType::primary_key || constraint.columns.size() != 1)
    return false;
  return option(constraint.options, "place") != nullptr ||
         option(constraint.options, column_option(constraint.columns[0])) == nullptr;
}

std::string column_key_sql(const Object& object, const Column& column) {
  const auto& key = as<Constraint>(object);
  return fmt::format(" {}PRIMARY KEY{}{}{}", name_prefix(object),
                     option(key.options, "place") != nullptr ? " DESC" : "",
                     conflict_sql(key.conflict), column.identity ? " AUTOINCREMENT" : "");
}

std::string default_sql(const std::string& expression) {
  const std::vector<SqlToken> tokens = tokens_of(expression);
  const bool sign = tokens.size() == 2 && (tokens[0].is("-") || tokens[0].is("+")) &&
                    tokens[1].kind == sql::TokenKind::number;
  return tokens.size() == 1 || sign ? expression : fmt::format("({})", expression);
}

std::string column_sql(const Object& object, const Object* default_value, const Object* key) {
  const auto& column = as<Column>(object);
  std::string sql = name_sql(object.id.part);
  if (!column.type.empty()) sql += ' ' + column.type;
  if (column.not_null) {
    if (const std::string* name = option(column.options, "not null name"))
      sql += " CONSTRAINT " + name_sql(*name);
    sql += " NOT NULL";
    if (const std::string* resolution = option(column.options, "not null conflict"))
      sql += conflict_sql(*resolution);
  }
  if (key != nullptr) sql += column_key_sql(*key, column);
  if (!column.collation.empty()) sql += " COLLATE " + name_sql(column.collation);
  if (default_value != nullptr)
    sql += " DEFAULT " + default_sql(as<ColumnDefault>(*default_value).expression);
  if (column.generated)
    sql += fmt::format(" GENERATED ALWAYS AS ({}) {}", column.generated->expression,
                       column.generated->stored ? "STORED" : "VIRTUAL");
  return sql;
}

std::string key_columns(const Constraint& constraint) {
  std::string sql;
  for (const std::string& column : constraint.columns) {
    sql += (sql.empty() ? "" : ", ") + name_sql(column);
    if (const std::string* modifiers = option(constraint.options, column_option(column)))
      sql += ' ' + *modifiers;
  }
  return sql;
}

std::string foreign_key_sql(const Constraint& constraint) {
  const ForeignKey& key = *constraint.foreign_key;
  std::string sql = fmt::format("FOREIGN KEY ({}) REFERENCES {}", list_sql(constraint.columns),
                                name_sql(key.table.name));
  if (!key.columns.empty()) sql += fmt::format(" ({})", list_sql(key.columns));
  if (key.on_update != "NO ACTION") sql += " ON UPDATE " + key.on_update;
  if (key.on_delete != "NO ACTION") sql += " ON DELETE " + key.on_delete;
  if (key.match != "SIMPLE") sql += " MATCH " + name_sql(key.match);
  if (constraint.deferrable) sql += " DEFERRABLE";
  if (constraint.initially_deferred) sql += " INITIALLY DEFERRED";
  return sql;
}

std::string constraint_sql(const Object& object) {
  const auto& constraint = as<Constraint>(object);
  switch (constraint.type) {
    case ConstraintType::primary_key:
      return fmt::format("{}PRIMARY KEY ({}){}", name_prefix(object), key_columns(constraint),
                         conflict_sql(constraint.conflict));
    case ConstraintType::unique:
      return fmt::format("{}UNIQUE ({}){}", name_prefix(object), key_columns(constraint),
                         conflict_sql(constraint.conflict));
    case ConstraintType::foreign_key:
      return name_prefix(object) + foreign_key_sql(constraint);
    default:
      return fmt::format("{}CHECK ({})", name_prefix(object), constraint.expression);
  }
}

// The parts of a table by what they are.
struct Parts {
  explicit Parts(const std::vector<Object>& parts) {
    for (const Object& part : parts) {
      if (part.id.kind == Kind::column) columns.push_back(&part);
      if (part.id.kind == Kind::column_default) defaults.push_back(&part);
      if (part.id.kind == Kind::constraint) constraints.push_back(&part);
    }
    std::sort(columns.begin(), columns.end(), [](const Object* left, const Object* right) {
      return as<Column>(*left).position < as<Column>(*right).position;
    });
  }

  const Object* default_of(const Object& column) const {
    for (const Object* object : defaults) {
      if (object->id.part == column.id.part) return object;
    }
    return nullptr;
  }
  const Object* key_at(const Object& column) const {
    for (const Object* object : constraints) {
      if (stands_at_column(*object) && as<Constraint>(*object).columns[0] == column.id.part)
        return object;
    }
    return nullptr;
  }

  std::vector<const Object*> columns, defaults, constraints;
};

std::string built_table_sql(const Object& table, const Parts& parts) {
  std::string body;
  const auto line = [&](const std::string& sql) {
    body += (body.empty() ? "\n  " : ",\n  ") + sql;
  };
  for (const Object* column : parts.columns)
    line(column_sql(*column, parts.default_of(*column), parts.key_at(*column)));
  for (const Object* constraint : parts.constraints) {
    if (!stands_at_column(*constraint)) line(constraint_sql(*constraint));
  }
  std::string options;
  if (as<Table>(table).without_rowid) options += " WITHOUT ROWID";
  if (as<Table>(table).strict) options += options.empty() ? " STRICT" : ", STRICT";
  return fmt::format("CREATE TABLE {} ({}\n){}", name_sql(table.id.name), body, options);
}

// Whether the author's text, when it is read, gives these objects and no others.
bool says(const std::string& text, const std::vector<Object>& objects,
          const std::function<std::vector<Object>(const std::string&)>& read) {
  if (text.empty()) return false;
  const std::vector<Object> read_objects = read(text);
  return read_objects.size() == objects.size() &&
         std::all_of(objects.begin(), objects.end(), [&](const Object& object) {
           return std::find(read_objects.begin(), read_objects.end(), object) != read_objects.end();
         });
}

// The author's line where the column is said by it alone.
std::string added_column_sql(const Object& column, const std::vector<Object>& parts) {
  std::vector<Object> objects = parts;
  objects.push_back(column);
  as<Column>(objects.back()).position = 1;
  const auto read = [&](const std::string& text) {
    std::vector<Object> all =
        read_create_table(fmt::format("CREATE TABLE {} ({}\n)", name_sql(column.id.name), text));
    all.erase(all.begin());
    return all;
  };
  // The expression of a generated column names columns that are not there to be read.
  if (!as<Column>(column).generated && says(column.source.text, objects, read))
    return column.source.text;
  return column_sql(column, Parts(parts).default_of(column), nullptr);
}

// ---- what stands on tables ----

std::string key_sql(const IndexKey& key) {
  std::string sql = key.column.empty() ? key.expression : name_sql(key.column);
  if (!key.collation.empty()) sql += " COLLATE " + name_sql(key.collation);
  if (key.descending) sql += " DESC";
  return sql;
}

std::string index_sql(const Object& object) {
  const auto& index = as<Index>(object);
  std::string keys;
  for (const IndexKey& key : index.keys) keys += (keys.empty() ? "" : ", ") + key_sql(key);
  return fmt::format("CREATE {}INDEX {} ON {} ({}){}", index.unique ? "UNIQUE " : "",
                     name_sql(object.id.name), name_sql(index.table.name), keys,
                     index.predicate.empty() ? "" : " WHERE " + index.predicate);
}

std::vector<std::string> key_names(const Index& index) {
  std::vector<std::string> names;
  for (const IndexKey& key : index.keys) {
    if (!key.column.empty()) names.push_back(key.column);
  }
  return names;
}

// ---- operations ----

Statements one(std::string sql) {
  return {{.sql = std::move(sql)}};
}

Statements create(const Create& operation) {
  const Object& object = operation.object;
  switch (object.id.kind) {
    case Kind::table:
      return one(table_sql(object, operation.parts));
    case Kind::column:
      return one(fmt::format("ALTER TABLE {} ADD COLUMN {}", name_sql(object.id.name),
                             added_column_sql(object, operation.parts)));
    case Kind::index:
    case Kind::view:
    case Kind::trigger:
    case Kind::opaque:
      return one(create_sql(object));
    default:
      refuse(operation);
  }
}

Statements drop(const Drop& operation) {
  const ObjectId& id = operation.object.id;
  switch (id.kind) {
    case Kind::table:
      return one("DROP TABLE " + name_sql(id.name));
    case Kind::column:
      return one(
          fmt::format("ALTER TABLE {} DROP COLUMN {}", name_sql(id.name), name_sql(id.part)));
    case Kind::index:
      return one("DROP INDEX " + name_sql(id.name));
    case Kind::view:
      return one("DROP VIEW " + name_sql(id.name));
    case Kind::trigger:
      return one("DROP TRIGGER " + name_sql(id.part));
    case Kind::opaque:
      return one(as<Opaque>(operation.object).drop);
    default:
      refuse(operation);
  }
}

Statements rename(const Rename& operation) {
  const ObjectId& from = operation.from.id;
  const ObjectId& to = operation.to.id;
  if (from.kind == Kind::table)
    return one(fmt::format("ALTER TABLE {} RENAME TO {}", name_sql(from.name), name_sql(to.name)));
  if (from.kind != Kind::column) refuse(operation);
  return one(fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {}", name_sql(from.name),
                         name_sql(from.part), name_sql(to.part)));
}

}  // namespace

std::string table_sql(const Object& table, const std::vector<Object>& parts) {
  std::vector<Object> objects = parts;
  objects.push_back(table);
  if (says(table.source.text, objects, read_create_table)) return table.source.text;
  return built_table_sql(table, Parts(parts));
}

std::string create_sql(const Object& object) {
  const std::string& text = object.source.text;
  const auto reads_as = [&](const auto& read) {
    return says(text, {object}, [&](const std::string& sql) {
      Object found = read(sql);
      return std::vector<Object>{std::move(found)};
    });
  };
  switch (object.id.kind) {
    case Kind::index: {
      const std::vector<std::string> names = key_names(as<Index>(object));
      const auto read = [&](const std::string& sql) { return read_create_index(sql, names); };
      return reads_as(read) ? text : index_sql(object);
    }
    case Kind::view:
      return reads_as(read_create_view) ? text : view_sql(object);
    case Kind::trigger:
      return reads_as(read_create_trigger) ? text : as<Trigger>(object).definition;
    default:
      return reads_as(read_create_virtual_table) ? text : as<Opaque>(object).create;
  }
}

Statements render(const Operation& operation, const Schema& from, const Schema& to) {
  return match(
      operation, [](const Create& create_object) { return create(create_object); },
      [](const Drop& drop_object) { return drop(drop_object); },
      [&](const Alter& /*alter*/) -> Statements { refuse(operation); },
      [](const Rename& rename_object) { return rename(rename_object); },
      [&](const ReplaceTypes& /*types*/) -> Statements { refuse(operation); },
      [&](const RebuildTable& rebuild_table) { return rebuild(rebuild_table, from, to); });
}

}  // namespace limbeck::sqlite
