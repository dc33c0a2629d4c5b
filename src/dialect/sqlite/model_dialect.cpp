#include "dialect/sqlite/model_dialect.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "dialect/sqlite/dialect.h"

namespace limbeck::sqlite {
namespace {

using model::ColumnSpec;
using model::SqlTypeSpec;
using model::TableSpec;

bool is_integer(model::Kind kind) {
  return kind == model::Kind::smallint || kind == model::Kind::integer ||
         kind == model::Kind::bigint;
}

// SQLite makes an affinity of parts of the name, which has to keep every value as it is: no INT in
// the name of what is text, and TEXT in that of a decimal number.
std::string type_name(const SqlTypeSpec& type) {
  if (type.array) return "TEXT";
  switch (type.kind) {
    case model::Kind::boolean:
      return "BOOLEAN";
    case model::Kind::smallint:
      return "SMALLINT";
    case model::Kind::integer:
      return "INTEGER";
    case model::Kind::bigint:
      return "BIGINT";
    case model::Kind::real:
      return "REAL";
    case model::Kind::double_precision:
      return "DOUBLE";
    case model::Kind::varchar:
      return type.length == 0 ? "VARCHAR" : fmt::format("VARCHAR({})", type.length);
    case model::Kind::character:
      return fmt::format("CHAR({})", type.length);
    case model::Kind::bytes:
      return "BLOB";
    case model::Kind::uuid:
      return "CHAR(36)";
    case model::Kind::date:
      return "DATE";
    case model::Kind::time:
      return "TIME";
    case model::Kind::timestamp:
      return "TIMESTAMP";
    case model::Kind::timestamptz:
      return "TIMESTAMP_TZ";
    case model::Kind::numeric:
      return type.length == 0 ? "DECIMAL_TEXT"
                              : fmt::format("DECIMAL_TEXT({}, {})", type.length, type.scale);
    case model::Kind::text:
    case model::Kind::interval:
    case model::Kind::json:
    case model::Kind::jsonb:
    case model::Kind::enumeration:
    case model::Kind::custom:
      return "TEXT";
  }
  return {};
}

// In the canonical text of the type, with six digits after the seconds.
std::string_view now(model::Kind kind) {
  if (kind == model::Kind::date) return "strftime('%Y-%m-%d', 'now')";
  if (kind == model::Kind::timestamp) return "strftime('%Y-%m-%d %H:%M:%f000', 'now')";
  return "strftime('%Y-%m-%d %H:%M:%f000+00:00', 'now')";
}

constexpr std::string_view random_uuid =
    "lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || "
    "substr(lower(hex(randomblob(2))), 2) || '-' || substr('89ab', 1 + (abs(random()) % 4), 1) || "
    "substr(lower(hex(randomblob(2))), 2) || '-' || lower(hex(randomblob(6)))";

class Sqlite : public ModelDialect {
 public:
  const Dialect& dialect() const override { return sqlite::dialect(); }

  std::string_view text(const model::Sql& sql) const override { return sql.sqlite; }
  QualifiedName table(std::string_view /*schema*/, std::string_view name) const override {
    return {{}, {std::string(name)}};
  }

  std::string in_schema(const std::string& /*schema*/) const override { return {}; }

  std::string column_type(const ColumnSpec& column, bool sole_key) const override {
    const bool counts = sole_key && is_integer(column.type.kind) && !column.type.array;
    if (column.identity != model::Identity::none && !counts) {
      throw Error({.code = ExitCode::invalid_project,
                   .message = fmt::format("column {} cannot count up: in SQLite only a column that "
                                          "alone is the primary key can",
                                          quote(column.name))});
    }
    if (!text(column.native_type).empty()) return std::string(text(column.native_type));
    // Only under this very name is the key the number of the row itself.
    return counts ? "INTEGER" : type_name(column.type);
  }
  std::string_view key_suffix(const ColumnSpec& column) const override {
    return column.identity == model::Identity::always ? " AUTOINCREMENT" : "";
  }
  std::string filled(model::Filled filled, model::Kind kind) const override {
    switch (filled) {
      case model::Filled::by_default_sql:
        return {};
      case model::Filled::random_uuid:
        return std::string(random_uuid);
      case model::Filled::now:
        return std::string(now(kind));
    }
    return {};
  }
  std::string value_check(const SqlTypeSpec& type, const std::string& column) const override {
    if (type.kind != model::Kind::enumeration || type.array) return {};
    std::vector<std::string> labels;
    for (const std::string_view label : type.labels)
      labels.push_back(dialect().quote_literal(label));
    return fmt::format("{} IN ({})", column, fmt::join(labels, ", "));
  }
  bool has_virtual_columns() const override { return true; }
  bool extends_keys() const override { return false; }
  bool foreign_keys_need_tables() const override { return false; }

  std::vector<SharedSql> needed_by(const TableSpec& /*table*/) const override { return {}; }
  std::vector<SharedSql> needed_for(const model::Extra& /*extra*/) const override { return {}; }

  std::string index(const TableSpec& table, const model::IndexSpec& index) const override {
    if (!index.on_sqlite || (!index.method.empty() && index.method != "btree")) return {};
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < index.count; ++i) {
      const model::IndexPartSpec& part = index.parts[i];
      std::string sql = part.is_column ? quote(table.columns[part.column].name)
                                       : fmt::format("({})", text(part.expression));
      if (!text(part.collation).empty()) sql += " COLLATE " + quote(text(part.collation));
      if (part.descending) sql += " DESC";
      parts.push_back(std::move(sql));
    }
    return fmt::format("CREATE {}INDEX {} ON {} ({})", index.unique ? "UNIQUE " : "",
                       quote(index.name), quote(table.name), fmt::join(parts, ", "));
  }

  std::vector<std::string> after(const TableSpec& table) const override {
    if (!keeps_updated_at(table)) return {};
    // Of the other columns: what the trigger does itself does not start it again.
    std::vector<std::string> others;
    for (const ColumnSpec& column : table.columns) {
      if (!column.updated_at && text(column.computed).empty()) others.push_back(quote(column.name));
    }
    std::vector<std::string> row;
    for (const std::string_view key : key_columns(table))
      row.push_back(fmt::format("{0} = NEW.{0}", quote(key)));
    if (row.empty()) row.emplace_back("rowid = NEW.rowid");
    std::vector<std::string> statements;
    for (const ColumnSpec& column : table.columns) {
      if (!column.updated_at) continue;
      statements.push_back(fmt::format(
          "CREATE TRIGGER {} AFTER UPDATE OF {} ON {} FOR EACH ROW\nBEGIN\n  UPDATE {} SET {} = {} "
          "WHERE {};\nEND",
          quote(fmt::format("{}_set_{}", table.name, column.name)), fmt::join(others, ", "),
          quote(table.name), quote(table.name), quote(column.name), now(column.type.kind),
          fmt::join(row, " AND ")));
    }
    return statements;
  }
};

}  // namespace

const ModelDialect& model_dialect() {
  static const Sqlite sqlite;
  return sqlite;
}

}  // namespace limbeck::sqlite
