#include "verify/table_shape.h"

#include <algorithm>
#include <cmath>

namespace limbeck {
namespace {

constexpr double fewest_rows = 20;  // of a table that has so many

bool has_rows_of_its_own(const TableStatistics& table, const Schema& schema) {
  const Object* object = schema.find({Kind::table, table.schema, table.table, {}});
  return table.rows > 0 && object != nullptr && !as<Table>(*object).partition_of;
}

}  // namespace

bool TableShape::is_filled(const std::string& column) const {
  const auto known = columns.find(column);
  return known != columns.end() && known->second.null_fraction <= 0;
}

std::map<RelationName, TableShape> shapes_of(std::span<const TableStatistics> statistics,
                                             const Schema& schema, std::size_t most_rows) {
  double total = 0;
  for (const TableStatistics& table : statistics)
    if (has_rows_of_its_own(table, schema)) total += table.rows;
  const double scale = total > 0 ? std::min(1.0, static_cast<double>(most_rows) / total) : 1.0;
  std::map<RelationName, TableShape> shapes;
  for (const TableStatistics& table : statistics) {
    if (!has_rows_of_its_own(table, schema)) continue;
    const double wanted = std::max(std::round(table.rows * scale), fewest_rows);
    TableShape shape{.rows = static_cast<std::size_t>(std::min(wanted, table.rows)),
                     .rows_there = table.rows};
    for (const ColumnStatistics& column : table.columns) shape.columns[column.column] = column;
    shapes.emplace(RelationName{table.schema, table.table}, std::move(shape));
  }
  return shapes;
}

}  // namespace limbeck
