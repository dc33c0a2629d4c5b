#include "verify/many_rows.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <vector>

#include "verify/row_statements.h"
#include "verify/sample_values.h"

namespace limbeck {
namespace {

constexpr std::size_t batch_size = 1'000;
constexpr std::size_t most_refused = 50;
constexpr std::size_t most_models = 20;
// Behind the numbers of the rows that tell of each kind of value.
constexpr std::size_t first_number = 2'000;

class ManyRows {
 public:
  ManyRows(Connection& connection, const Dialect& dialect, const Schema& schema,
           const TableShape& shape, TablePlan& plan)
      : connection_(connection), dialect_(dialect), shape_(shape), plan_(plan) {
    read_parents(connection, dialect, schema, shape.rows, plan);
    models_ = read_models();
    for (const ColumnPlan& column : plan.columns) columns_.push_back(filling_of(column, schema));
    for (const KeyPlan& key : plan.keys) {
      for (const std::size_t column : key.columns) columns_[column].values.clear();
    }
  }

  void make() {
    if (models_.empty()) return;
    std::vector<Command> batch;
    for (std::size_t row = plan_.rows; row < shape_.rows && refused_ <= most_refused; ++row) {
      batch.push_back(insert_row(dialect_, plan_, cells_of(row)));
      if (batch.size() == batch_size) insert(batch);
    }
    insert(batch);
    remove_breaking(connection_, dialect_, plan_);
  }

 private:
  struct Filling {
    std::vector<std::string> values = {};  // in turn; empty: as in a row that is there
    double null_fraction = 0;
  };

  std::vector<Cells> read_models() {
    if (plan_.columns.empty()) return {Cells{}};
    std::vector<std::string> columns;
    for (const ColumnPlan& column : plan_.columns)
      columns.push_back(fmt::format("CAST({} AS text)", dialect_.quote(Identifier{column.name})));
    return read_rows(connection_,
                     fmt::format("SELECT {} FROM {} LIMIT {}", fmt::join(columns, ", "),
                                 quoted(dialect_, plan_.name), most_models));
  }

  Filling filling_of(const ColumnPlan& column, const Schema& schema) const {
    Filling filling;
    const auto known = shape_.columns.find(column.name);
    const ColumnStatistics like =
        known == shape_.columns.end() ? ColumnStatistics{} : known->second;
    if (!column.not_null) filling.null_fraction = like.null_fraction;
    const ValueMaker maker = value_maker(schema, column.type);
    if (!maker || (column.bounded && !must_differ(column))) return filling;
    const auto width = static_cast<std::size_t>(std::max(std::round(like.width), 1.0));
    for (std::size_t i = 0; i < different_values(column, like); ++i) {
      const auto values = maker({.row = first_number + i,
                                 .variant = column.unique ? 0 : column.variant,
                                 .is_key = column.is_key,
                                 .width = width});
      if (values.empty()) break;
      filling.values.push_back(values.front());
    }
    return filling;
  }

  // Rows of a partitioned table that differ in another column of its key may be in one partition.
  bool must_differ(const ColumnPlan& column) const {
    if (!column.partitions) return column.unique;
    return column.unique &&
           std::none_of(plan_.columns.begin(), plan_.columns.end(),
                        [](const ColumnPlan& other) { return other.unique && !other.partitions; });
  }

  std::size_t different_values(const ColumnPlan& column, const ColumnStatistics& like) const {
    const auto rows = static_cast<double>(shape_.rows);
    if (column.unique || like.distinct == 0) return shape_.rows;
    const double wanted = like.distinct > 0 ? like.distinct : -like.distinct * rows;
    return static_cast<std::size_t>(std::clamp(std::round(wanted), 1.0, rows));
  }

  // Spread evenly, whatever the fraction is.
  static bool is_null(std::size_t row, std::size_t column, double fraction) {
    constexpr double golden = 0.618033988749895;
    const double place = static_cast<double>(row + 1) * golden + static_cast<double>(column) * 0.37;
    return place - std::floor(place) < fraction;
  }

  Cells cells_of(std::size_t row) const {
    Cells cells = models_[row % models_.size()];
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Filling& filling = columns_[i];
      if (!filling.values.empty()) cells[i] = filling.values[row % filling.values.size()];
      if (is_null(row, i, filling.null_fraction)) cells[i] = std::nullopt;
    }
    refer(row, cells);
    return cells;
  }

  // Several keys go through their rows as the digits of a number do, so that no pair comes twice.
  void refer(std::size_t row, Cells& cells) const {
    std::size_t passed = 1;
    for (const KeyPlan& key : plan_.keys) {
      if (key.parents.empty()) continue;
      const std::size_t used = parents_used(key);
      const Cells& parent = key.parents[(row / passed + row % passed) % used];
      if (passed <= row) passed *= used;  // beyond it makes no difference
      for (std::size_t i = 0; i < key.columns.size(); ++i) {
        const std::size_t column = key.columns[i];
        if (!is_null(row, column, columns_[column].null_fraction)) cells[column] = parent[i];
      }
    }
  }

  std::size_t parents_used(const KeyPlan& key) const {
    const ColumnPlan& column = plan_.columns[key.columns.front()];
    const auto like = shape_.columns.find(column.name);
    if (column.unique || like == shape_.columns.end()) return key.parents.size();
    return std::min(key.parents.size(), different_values(column, like->second));
  }

  // Without those that are refused.
  void insert(std::vector<Command>& batch) {
    while (!batch.empty() && refused_ <= most_refused) {
      try {
        connection_.run(batch, Wrap::own_transaction);
        batch.clear();
      } catch (const ConnectionLost&) {
        throw;
      } catch (const Interrupted&) {
        throw;
      } catch (const DatabaseError& error) {
        ++refused_;
        if (error.failure().command >= batch.size())
          batch.clear();  // the commit
        else
          batch.erase(batch.begin() + static_cast<std::ptrdiff_t>(error.failure().command));
      }
    }
    batch.clear();
  }

  Connection& connection_;
  const Dialect& dialect_;
  const TableShape& shape_;
  TablePlan& plan_;
  std::vector<Cells> models_ = {};
  std::vector<Filling> columns_ = {};  // as those of the plan
  std::size_t refused_ = 0;
};

}  // namespace

void make_many_rows(Connection& connection, const Dialect& dialect, const Schema& schema,
                    const TableShape& shape, TablePlan& plan) {
  if (shape.rows > plan.rows) ManyRows(connection, dialect, schema, shape, plan).make();
}

}  // namespace limbeck
