#include "dialect/sqlite/live_rows.h"

#include <algorithm>
#include <fmt/format.h>

#include "dialect/sqlite/dialect.h"

namespace limbeck::sqlite {

bool has_tables(Connection& connection, std::span<const RelationName> without) {
  // More names than those that are left out are one too many.
  const ResultSet found = connection.query(
      {.sql = fmt::format("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE "
                          "'sqlite!_%' ESCAPE '!' LIMIT {}",
                          without.size() + 1)});
  return std::any_of(found.rows.begin(), found.rows.end(), [&](const Row& row) {
    return std::none_of(without.begin(), without.end(),
                        [&](const RelationName& it) { return it.name == text_of(row.at(0)); });
  });
}

std::vector<std::string> table_names(Connection& connection) {
  const ResultSet found =
      connection.query({.sql = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"});
  std::vector<std::string> names;
  for (const Row& row : found.rows) names.push_back(text_of(row.at(0)));
  return names;
}

bool holds_rows(Connection& connection, const RelationName& table) {
  const ResultSet there = connection.query({.sql = "SELECT name FROM sqlite_master WHERE type IN "
                                                   "('table', 'view') AND name = $1 COLLATE nocase",
                                            .parameters = {table.name}});
  if (there.rows.empty()) return false;
  const ResultSet found =
      connection.query({.sql = fmt::format("SELECT EXISTS (SELECT 1 FROM {})",
                                           dialect().quote(Identifier{table.name}))});
  return integer_of(found.rows.at(0).at(0)) != 0;
}

}  // namespace limbeck::sqlite
