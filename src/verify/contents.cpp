#include "verify/contents.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "verify/row_statements.h"

namespace limbeck {
namespace {

bool holds_rows(const Object& object) {
  if (object.id.kind != Kind::table) return false;
  const auto& table = as<Table>(object);
  return table.partition_key.empty() && !table.foreign;
}

std::vector<std::string> key_of(const Schema& schema, const ObjectId& table) {
  for (const Object* part : parts_of(schema, Kind::constraint, table.schema, table.name)) {
    if (as<Constraint>(*part).type == ConstraintType::primary_key)
      return as<Constraint>(*part).columns;
  }
  return {};
}

std::string as_text(const Dialect& dialect, const std::string& column) {
  return fmt::format("CAST({} AS text)", dialect.quote(Identifier{column}));
}

}  // namespace

std::vector<Cells> read_rows(Connection& connection, const std::string& sql) {
  std::vector<Cells> rows;
  for (const Row& row : connection.query({.sql = sql}).rows) {
    Cells cells;
    cells.reserve(row.size());
    for (const Value& value : row) cells.push_back(is_null(value) ? Cell{} : Cell{text_of(value)});
    rows.push_back(std::move(cells));
  }
  return rows;
}

std::string order_of_reading(const Dialect& dialect, const TableContents& table) {
  std::vector<std::string> columns;
  for (const std::string& column : table.columns) columns.push_back(as_text(dialect, column));
  return fmt::format("{}", fmt::join(columns, ", "));
}

std::optional<std::size_t> index_of(const std::vector<std::string>& names,
                                    const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

Contents read_contents(Connection& connection, const Dialect& dialect,
                       const ScratchDialect& scratch_dialect, const Schema& schema) {
  Contents contents;
  for (const auto& [id, object] : schema.objects) {
    if (!holds_rows(object)) continue;
    TableContents table{.key = key_of(schema, id)};
    for (const Object* column : columns_of(schema, id.schema, id.name)) {
      table.columns.push_back(column->id.part);
      table.types.push_back(as<Column>(*column).type);
      table.computed.push_back(as<Column>(*column).generated.has_value());
    }
    if (table.columns.empty()) continue;
    table.has_triggers = !parts_of(schema, Kind::trigger, id.schema, id.name).empty();
    const RelationName name{id.schema, id.name};
    const std::string columns = order_of_reading(dialect, table);
    table.rows = read_rows(connection, fmt::format("SELECT {} FROM {} ORDER BY {}", columns,
                                                   quoted(dialect, name), columns));
    contents.emplace(name, std::move(table));
  }
  for (const DrawnColumn& drawn : scratch_dialect.drawn_columns(connection)) {
    const auto table = contents.find({drawn.schema, drawn.table});
    if (table != contents.end()) table->second.next[drawn.column] = drawn.next;
  }
  return contents;
}

}  // namespace limbeck
