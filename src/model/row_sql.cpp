#include "model/row_sql.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <numeric>

#include "model/value_fault.h"

namespace limbeck::detail {
namespace {

// The line break ends a comment in it.
std::string in_parentheses(std::string_view condition) {
  return fmt::format("({}\n)", condition);
}

bool is_in(std::span<const std::size_t> positions, std::size_t position) {
  return std::find(positions.begin(), positions.end(), position) != positions.end();
}

}  // namespace

QualifiedName RowSql::table() const {
  const bool has_schemas = dialect_.name() != "sqlite";
  return {{std::string(has_schemas ? spec_.schema : "")}, {std::string(spec_.name)}};
}

Identifier RowSql::column(std::size_t position) const {
  return {std::string(spec_.columns[position].name)};
}

std::string RowSql::names(std::span<const std::size_t> columns) const {
  std::string text;
  for (const std::size_t position : columns) {
    if (!text.empty()) text += ", ";
    text += dialect_.quote(column(position));
  }
  return text;
}

std::string RowSql::returning() const {
  std::vector<std::size_t> all(spec_.columns.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return " RETURNING " + names(all);
}

std::string RowSql::equal(std::span<const std::size_t> columns, std::string_view between,
                          std::size_t before) const {
  std::string text;
  for (const std::size_t position : columns) {
    text += fmt::format("{}{} = ${}", text.empty() ? "" : between, dialect_.quote(column(position)),
                        ++before);
  }
  return text;
}

namespace {

std::string values_of(std::size_t count) {
  std::string text;
  for (std::size_t i = 1; i <= count; ++i) text += fmt::format("{}${}", i > 1 ? ", " : "", i);
  return text;
}

}  // namespace

std::string RowSql::insert(std::span<const std::size_t> columns) const {
  if (columns.empty())
    return fmt::format("INSERT INTO {} DEFAULT VALUES{}", quoted_table(), returning());
  return fmt::format("INSERT INTO {} ({}) VALUES ({}){}", quoted_table(), names(columns),
                     values_of(columns.size()), returning());
}

std::string RowSql::upsert(std::span<const std::size_t> columns,
                           std::span<const std::size_t> unique) const {
  const Columns key = primary_key_in(spec_);
  const auto primary = std::span(key.positions).first(key.count);
  std::string changes;
  for (const std::size_t position : columns) {
    const model::ColumnSpec& spec = spec_.columns[position];
    const bool stays =
        is_in(primary, position) || spec.updated_at || spec.identity != model::Identity::none;
    if (stays || is_in(unique, position)) continue;
    const std::string name = dialect_.quote(column(position));
    changes += fmt::format("{}{} = excluded.{}", changes.empty() ? "" : ", ", name, name);
  }
  if (changes.empty()) {  // DO NOTHING would give no row back
    const std::string name = dialect_.quote(column(unique.front()));
    changes = fmt::format("{} = excluded.{}", name, name);
  }
  return fmt::format("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT ({}) DO UPDATE SET {}{}",
                     quoted_table(), names(columns), values_of(columns.size()), names(unique),
                     changes, returning());
}

std::string RowSql::select(const Where& where) const {
  std::vector<std::size_t> all(spec_.columns.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  std::string sql = fmt::format("SELECT {} FROM {}", names(all), quoted_table());
  if (!where.condition.empty()) sql += " WHERE " + in_parentheses(where.condition);
  if (!where.order_by.empty()) sql += fmt::format(" ORDER BY {}\n", where.order_by);
  if (where.limit.value_or(0) < 0 || where.offset.value_or(0) < 0) {
    refuse_value("a limit and an offset are not below zero");
  }
  if (where.limit || where.offset) {
    // SQLite takes no OFFSET without a LIMIT.
    constexpr std::int64_t all_rows = std::numeric_limits<std::int64_t>::max();
    sql += fmt::format(" LIMIT {}", where.limit.value_or(all_rows));
  }
  if (where.offset) sql += fmt::format(" OFFSET {}", *where.offset);
  return sql;
}

std::string RowSql::find(std::span<const std::size_t> key) const {
  return select({}) + " WHERE " + equal(key, " AND ", 0);
}

std::string RowSql::update(std::span<const std::size_t> columns, std::span<const std::size_t> key,
                           std::string_view condition, std::size_t before) const {
  std::string sql =
      fmt::format("UPDATE {} SET {} WHERE {}", quoted_table(), equal(columns, ", ", before),
                  equal(key, " AND ", before + columns.size()));
  if (!condition.empty()) sql += " AND " + in_parentheses(condition);
  return sql;
}

std::string RowSql::erase(std::span<const std::size_t> key) const {
  return fmt::format("DELETE FROM {} WHERE {}", quoted_table(), equal(key, " AND ", 0));
}

std::string RowSql::erase(std::string_view condition) const {
  return fmt::format("DELETE FROM {} WHERE {}", quoted_table(), in_parentheses(condition));
}

}  // namespace limbeck::detail
