// How many rows a table gets, and what its columns are to be like: in the likeness of a database in
// use.
//
// It knows counts, fractions and widths. No value of that database ever comes here.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>

#include "dialect/scratch.h"
#include "schema/schema.h"

namespace limbeck {

struct TableShape {
  std::size_t rows = 0;
  double rows_there = 0;  // where it is used
  std::map<std::string, ColumnStatistics> columns = {};

  // Whether no row holds NULL in the column, as far as is known.
  bool is_filled(const std::string& column) const;
};

// most_rows: all tables together have no more, apart from the fewest that each one gets. They keep
// their proportions. The rows of a partition are those of the table that it is one of, and what
// is no table of the schema has none.
std::map<RelationName, TableShape> shapes_of(std::span<const TableStatistics> statistics,
                                             const Schema& schema, std::size_t most_rows);

}  // namespace limbeck
