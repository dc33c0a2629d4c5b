// One row that is looked for: what each column holds, and what else it might.
//
// It asks no database: who inserts the row says which columns were at fault.
#pragma once

#include <cstddef>
#include <set>
#include <vector>

#include "schema/schema.h"
#include "verify/table_plan.h"

namespace limbeck {

class RowSearch {
 public:
  // row: of the table; number: what its values are made of.
  RowSearch(const TablePlan& plan, const Schema& schema, std::size_t row, std::size_t number);

  // Whether something is known for each column.
  bool possible() const;
  std::vector<Cell> row() const;
  // After a row that was refused for what these columns hold, together: the next choice of them;
  // false when there is none. What one column holds by itself is not tried again.
  bool reject(const std::vector<std::size_t>& columns);

 private:
  bool advance(const std::vector<std::size_t>& columns);
  std::vector<Cell> candidates(const ColumnPlan& column, const Schema& schema,
                               std::size_t number) const;
  void choose_parent(const KeyPlan& key, std::size_t number);
  void set(std::size_t column, std::vector<Cell> cells);

  const TablePlan& plan_;
  bool nulls_;  // wherever it may stand
  std::vector<std::vector<Cell>> candidates_ = {};
  std::vector<std::size_t> chosen_ = {};
  std::set<std::size_t> fixed_ = {};
};

}  // namespace limbeck
