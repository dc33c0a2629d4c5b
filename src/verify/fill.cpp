#include "verify/fill.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>
#include <vector>

#include "base/terminal.h"
#include "verify/circle.h"
#include "verify/many_rows.h"
#include "verify/row_search.h"
#include "verify/row_statements.h"
#include "verify/table_plan.h"

namespace limbeck {
namespace {

class TableFiller {
 public:
  TableFiller(Connection& connection, const Dialect& dialect, const Schema& schema, TablePlan& plan)
      : connection_(connection), dialect_(dialect), schema_(schema), plan_(plan) {}

  // Why no row could be made; empty when there are some.
  std::string fill() {
    read_parents(connection_, dialect_, schema_, max_parents, plan_);
    std::string reason = make_rows();
    // What a later revision checks may be what it makes of rows first.
    if (!reason.empty() && !std::exchange(plan_.checks_to_come, {}).empty()) reason = make_rows();
    return reason;
  }

 private:
  std::string make_rows() {
    std::size_t made = 0;
    std::string reason;
    // Numbers that rows of the revisions themselves have taken are passed over.
    for (std::size_t row = 0; row < plan_.rows; ++row) {
      std::string failed;
      for (std::size_t number = row; number < row + 1'000; number = number * 2 + plan_.rows) {
        failed = make_row(row, number);
        if (failed.empty() || !taken_) break;
      }
      if (failed.empty()) {
        ++made;
        if (refers_to_itself()) read_parents(connection_, dialect_, schema_, max_parents, plan_);
      } else {
        reason = failed;
      }
    }
    return made > 0 ? std::string() : reason;
  }

  bool refers_to_itself() const {
    return std::any_of(plan_.keys.begin(), plan_.keys.end(),
                       [&](const KeyPlan& key) { return key.table == plan_.name; });
  }

  std::string make_row(std::size_t row, std::size_t number) {
    taken_ = false;
    RowSearch search(plan_, schema_, row, number);
    if (!search.possible()) return "no value is known for a type of its columns";
    std::string failed;
    for (int attempt = 0; attempt < max_attempts; ++attempt) {
      try {
        const Command command = insert_row(dialect_, plan_, search.row());
        connection_.run({&command, 1}, Wrap::own_transaction);
        const std::string broken = remove_breaking(connection_, dialect_, plan_);
        if (broken.empty()) return {};
        failed = "a later revision checks " + broken;
        if (!search.reject(plan_.checks.at(broken))) return failed;
      } catch (const ConnectionLost&) {
        throw;
      } catch (const Interrupted&) {
        throw;
      } catch (const DatabaseError& error) {
        failed = error.failure().message;
        taken_ = is_taken(error.failure());
        if (taken_ || !search.reject(columns_at_fault(error.failure(), plan_))) return failed;
      }
    }
    return failed;
  }

  Connection& connection_;
  const Dialect& dialect_;
  const Schema& schema_;
  TablePlan& plan_;
  bool taken_ = false;  // the last failure: such a key is there already
};

void note_what_is_filled(const TableShape& shape, TablePlan& plan) {
  for (ColumnPlan& column : plan.columns) column.filled_there = shape.is_filled(column.name);
}

}  // namespace

std::map<RelationName, std::string> Filler::fill(std::map<RelationName, std::string>& filled) {
  std::vector<TablePlan> plans;
  for (const auto& [id, object] : schema_.objects) {
    if (id.kind != Kind::table) continue;
    const auto& table = as<Table>(object);
    if (table.partition_of || table.foreign) continue;
    TablePlan plan = plan_of(schema_, later_, id);
    const auto shape = shapes_.find(plan.name);
    if (shape != shapes_.end()) note_what_is_filled(shape->second, plan);
    if (filled[plan.name] != plan.signature) plans.push_back(std::move(plan));
  }
  std::map<RelationName, std::string> unfilled;
  for (std::vector<TablePlan>& group : in_order(std::move(plans))) {
    const std::string reason = fill_first(group);
    for (TablePlan& plan : group) {
      const bool is_new = filled[plan.name].empty();
      filled[plan.name] = plan.signature;
      const std::string failed =
          reason.empty() ? TableFiller(connection_, dialect_, schema_, plan).fill() : reason;
      if (!failed.empty()) {
        unfilled.emplace(plan.name, printable(failed));
        continue;
      }
      const auto shape = shapes_.find(plan.name);
      if (is_new && shape != shapes_.end())
        make_many_rows(connection_, dialect_, schema_, shape->second, plan);
    }
  }
  return unfilled;
}

std::string Filler::fill_first(std::vector<TablePlan>& group) {
  if (!is_circle(group)) return {};
  for (const TablePlan& plan : group) {
    const ResultSet found = connection_.query(
        {.sql = fmt::format("SELECT 1 FROM {} LIMIT 1", quoted(dialect_, plan.name))});
    if (!found.rows.empty()) return {};  // what the others can refer to
  }
  return make_first_rows(connection_, dialect_, scratch_dialect_, schema_, group);
}

}  // namespace limbeck
