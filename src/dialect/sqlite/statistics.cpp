#include "dialect/sqlite/statistics.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <fmt/format.h>
#include <map>
#include <string>

#include "dialect/sqlite/dialect.h"

namespace limbeck::sqlite {
namespace {

constexpr int sampled_rows = 10'000;
// Three results of each, where SQLite gives no more than 2000.
constexpr std::ptrdiff_t columns_at_once = 500;
// Nearly all values are different: more rows would have more of them.
constexpr double nearly_all = 0.9;

std::string quote(const std::string& name) {
  return dialect().quote(Identifier{name});
}

double number_of(const Value& value) {
  return is_null(value) ? 0 : std::strtod(text_of(value).c_str(), nullptr);
}

std::vector<std::string> names(Connection& connection, const std::string& sql) {
  std::vector<std::string> found;
  for (const Row& row : connection.query({.sql = sql}).rows) found.push_back(text_of(row.at(0)));
  return found;
}

// What ANALYZE has counted, by table; none where it was never run.
std::map<std::string, double> analyzed(Connection& connection) {
  std::map<std::string, double> rows;
  if (names(connection, "SELECT name FROM sqlite_master WHERE name = 'sqlite_stat1'").empty())
    return rows;
  const ResultSet found = connection.query({.sql = "SELECT tbl, stat FROM sqlite_stat1"});
  for (const Row& row : found.rows)
    if (!is_null(row.at(1))) rows[text_of(row.at(0))] = number_of(row.at(1));
  return rows;
}

// The largest rowid is no less than the number of rows, and found at once.
double largest_rowid(Connection& connection, const std::string& table) {
  try {
    const ResultSet found =
        connection.query({.sql = fmt::format("SELECT max(_rowid_) FROM {}", quote(table))});
    return number_of(found.rows.at(0).at(0));
  } catch (const ConnectionLost&) {
    throw;
  } catch (const Interrupted&) {
    throw;
  } catch (const DatabaseError&) {
    return -1;  // WITHOUT ROWID
  }
}

// Of its first rows. Returns how many they are.
double look_at_columns(Connection& connection, const std::vector<std::string>& columns,
                       TableStatistics& table) {
  std::string sql = "SELECT count(*)";
  for (const std::string& column : columns) {
    const std::string name = quote(column);
    sql += fmt::format(", count({0}), count(DISTINCT {0}), avg(length(CAST({0} AS BLOB)))", name);
  }
  sql += fmt::format(" FROM (SELECT * FROM {} LIMIT {})", quote(table.table), sampled_rows);
  const ResultSet found = connection.query({.sql = sql});
  const Row& row = found.rows.at(0);
  const double rows = number_of(row.at(0));
  for (std::size_t i = 0; i < columns.size() && rows > 0; ++i) {
    const double there = number_of(row.at(3 * i + 1));
    const double distinct = number_of(row.at(3 * i + 2));
    table.columns.push_back(
        {.column = columns[i],
         .null_fraction = 1 - there / rows,
         .distinct = distinct > nearly_all * there ? -distinct / rows : distinct,
         .width = number_of(row.at(3 * i + 3))});
  }
  return rows;
}

double look_at_rows(Connection& connection, TableStatistics& table) {
  const std::vector<std::string> columns = names(
      connection,
      fmt::format("SELECT name FROM pragma_table_info({})", dialect().quote_literal(table.table)));
  double rows = 0;
  for (auto at = columns.begin(); at != columns.end();) {
    const auto end = at + std::min(columns.end() - at, columns_at_once);
    rows = look_at_columns(connection, {at, end}, table);
    at = end;
  }
  return rows;
}

}  // namespace

std::vector<TableStatistics> table_statistics(Connection& connection) {
  const std::map<std::string, double> counted = analyzed(connection);
  std::vector<TableStatistics> tables;
  for (const std::string& name :
       names(connection,
             "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE "
             "'sqlite\\_%' ESCAPE '\\' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY "
             "name")) {
    TableStatistics table{.table = name};
    const double seen = look_at_rows(connection, table);
    const auto known = counted.find(name);
    if (seen < sampled_rows)
      table.rows = seen;  // all of them
    else
      table.rows = known != counted.end() ? known->second : largest_rowid(connection, name);
    tables.push_back(std::move(table));
  }
  return tables;
}

}  // namespace limbeck::sqlite
