#include "verify/row_search.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "verify/hinted_values.h"
#include "verify/sample_values.h"

namespace limbeck {
namespace {

bool is_number(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && rest == end;
}

// Where nothing else is possible, a column that is filled there holds it all the same.
bool may_hold_null(const ColumnPlan& column) {
  return !column.not_null && !column.filled_there;
}

}  // namespace

RowSearch::RowSearch(const TablePlan& plan, const Schema& schema, std::size_t row,
                     std::size_t number)
    : plan_(plan), nulls_(row % least_rows == 2) {
  for (const ColumnPlan& column : plan.columns)
    candidates_.push_back(candidates(column, schema, number));
  chosen_.resize(candidates_.size(), 0);
  for (const KeyPlan& key : plan.keys) choose_parent(key, number);
}

bool RowSearch::possible() const {
  return std::none_of(candidates_.begin(), candidates_.end(),
                      [](const std::vector<Cell>& cells) { return cells.empty(); });
}

std::vector<Cell> RowSearch::row() const {
  std::vector<Cell> cells;
  for (std::size_t i = 0; i < candidates_.size(); ++i) cells.push_back(candidates_[i][chosen_[i]]);
  return cells;
}

bool RowSearch::reject(const std::vector<std::size_t>& columns) {
  if (columns.size() != 1 || fixed_.contains(columns[0])) return advance(columns);
  const std::size_t column = columns[0];
  std::vector<Cell>& cells = candidates_[column];
  cells.erase(cells.begin() + static_cast<std::ptrdiff_t>(chosen_[column]));
  if (chosen_[column] >= cells.size()) chosen_[column] = 0;
  return !cells.empty();
}

bool RowSearch::advance(const std::vector<std::size_t>& columns) {
  for (const std::size_t column : columns) {
    if (fixed_.contains(column)) continue;
    if (++chosen_[column] < candidates_[column].size()) return true;
    chosen_[column] = 0;
  }
  return false;
}

std::vector<Cell> RowSearch::candidates(const ColumnPlan& column, const Schema& schema,
                                        std::size_t number) const {
  std::vector<Cell> cells;
  const bool null_first = nulls_ && may_hold_null(column);
  if (null_first) cells.emplace_back(std::nullopt);
  std::vector<std::string> values = sample_values(
      schema, column.type, {.row = number, .variant = column.variant, .is_key = column.is_key});
  if (column.variant > 0 && !values.empty()) {
    // A check may want it to be what another column is.
    const auto plain = sample_values(schema, column.type, {.row = number, .is_key = column.is_key});
    values.push_back(plain.front());
  }
  const bool known = !values.empty();
  // A number's column takes no other hint, and a date's none but texts.
  const bool numbers = known && std::all_of(values.begin(), values.end(), is_number);
  const bool texts = known && !numbers && column.type.find("char") == std::string::npos &&
                     column.type.find("text") == std::string::npos;
  for (const std::string& expression : column.hints) {
    for (std::string& value : hinted_values(expression, number)) {
      const bool fits = numbers ? is_number(value) : !texts || !is_number(value);
      if (fits) values.push_back(std::move(value));
    }
  }
  for (std::string& value : values) {
    const Cell cell(std::move(value));
    if (std::find(cells.begin(), cells.end(), cell) == cells.end()) cells.push_back(cell);
  }
  if (!null_first && !column.not_null) {
    if (known)
      cells.emplace_back(std::nullopt);
    else
      cells.insert(cells.begin(), std::nullopt);
  }
  return cells;
}

void RowSearch::choose_parent(const KeyPlan& key, std::size_t number) {
  if (key.parents.empty()) {
    if (!key.may_be_null) return;  // the table that it will refer to is not there yet
    for (const std::size_t column : key.columns) {
      if (!plan_.columns[column].not_null) set(column, {std::nullopt});
    }
    return;
  }
  const std::vector<Cell>& parent = key.parents[(number + key.variant) % key.parents.size()];
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    std::vector<Cell> cells{parent[i]};
    if (nulls_ && may_hold_null(plan_.columns[key.columns[i]]))
      cells.insert(cells.begin(), std::nullopt);
    set(key.columns[i], std::move(cells));
    if (key.columns.size() > 1) fixed_.insert(key.columns[i]);
  }
  if (key.columns.size() > 1) return;
  // Another parent may be the one that is still free.
  for (const std::vector<Cell>& other : key.parents) {
    std::vector<Cell>& cells = candidates_[key.columns[0]];
    if (std::find(cells.begin(), cells.end(), other[0]) == cells.end()) cells.push_back(other[0]);
  }
}

void RowSearch::set(std::size_t column, std::vector<Cell> cells) {
  candidates_[column] = std::move(cells);
  chosen_[column] = 0;
}

}  // namespace limbeck
