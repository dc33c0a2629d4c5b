// The statements behind limbeck/rows.h, as text.
//
// Names are quoted by the dialect; a condition is the program's own SQL. It never runs anything.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "limbeck/rows.h"

#include "dialect/dialect.h"

namespace limbeck::detail {

class RowSql {
 public:
  RowSql(const model::TableSpec& table, const Dialect& dialect) : spec_(table), dialect_(dialect) {}

  // Without a schema where the database has none.
  QualifiedName table() const;
  Identifier column(std::size_t position) const;

  // Values are $1, $2, ... in the order of columns. Gives back every column.
  std::string insert(std::span<const std::size_t> columns) const;
  std::string upsert(std::span<const std::size_t> columns,
                     std::span<const std::size_t> unique) const;
  std::string select(const Where& where) const;
  std::string find(std::span<const std::size_t> key) const;
  // Parameters: before of the condition's, then the values of columns, then those of the key.
  std::string update(std::span<const std::size_t> columns, std::span<const std::size_t> key,
                     std::string_view condition, std::size_t before) const;
  std::string erase(std::span<const std::size_t> key) const;
  std::string erase(std::string_view condition) const;

 private:
  std::string quoted_table() const { return dialect_.quote(table()); }
  std::string names(std::span<const std::size_t> columns) const;
  std::string returning() const;
  // a = $1 and b = $2, with numbers after those before.
  std::string equal(std::span<const std::size_t> columns, std::string_view between,
                    std::size_t before) const;

  const model::TableSpec& spec_;
  const Dialect& dialect_;
};

}  // namespace limbeck::detail
