#include "verify/fill.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>
#include <vector>

#include "base/terminal.h"
#include "verify/row_search.h"
#include "verify/table_plan.h"

namespace limbeck {
namespace {

constexpr int max_attempts = 300;  // for one row
constexpr std::size_t max_parents = 20;

class TableFiller {
 public:
  TableFiller(Connection& connection, const Dialect& dialect, const Schema& schema, TablePlan& plan)
      : connection_(connection), dialect_(dialect), schema_(schema), plan_(plan) {}

  // Why no row could be made; empty when there are some.
  std::string fill() {
    read_parents();
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
        failed = insert_row(row, number);
        if (failed.empty() || !taken_) break;
      }
      if (failed.empty()) {
        ++made;
        if (refers_to_itself()) read_parents();
      } else {
        reason = failed;
      }
    }
    return made > 0 ? std::string() : reason;
  }

  std::string name(const std::string& column) const { return dialect_.quote(Identifier{column}); }
  std::string table(const RelationName& relation) const {
    return dialect_.quote(QualifiedName{{relation.schema}, {relation.name}});
  }

  bool refers_to_itself() const {
    return std::any_of(plan_.keys.begin(), plan_.keys.end(),
                       [&](const KeyPlan& key) { return key.table == plan_.name; });
  }

  void read_parents() {
    for (KeyPlan& key : plan_.keys) {
      key.parents.clear();
      std::string columns;
      for (const std::string& column : key.refers_to)
        columns += fmt::format("{}CAST({} AS text)", columns.empty() ? "" : ", ", name(column));
      if (columns.empty() ||
          schema_.find({Kind::table, key.table.schema, key.table.name, {}}) == nullptr)
        continue;
      const ResultSet found =
          connection_.query({.sql = fmt::format("SELECT {} FROM {} ORDER BY {} LIMIT {}", columns,
                                                table(key.table), columns, max_parents)});
      for (const Row& row : found.rows) {
        std::vector<Cell> cells;
        for (const Value& value : row)
          cells.push_back(is_null(value) ? Cell{} : Cell{text_of(value)});
        key.parents.push_back(std::move(cells));
      }
    }
  }

  // The check to come that a new row breaks: the row is taken away again. Empty: none.
  std::string broken_check() {
    for (const std::string& check : plan_.checks_to_come) {
      try {
        const Command command{
            .sql = fmt::format("DELETE FROM {} WHERE NOT ({})", table(plan_.name), check)};
        if (connection_.run({&command, 1}, Wrap::own_transaction).at(0) > 0) return check;
      } catch (const ConnectionLost&) {
        throw;
      } catch (const Interrupted&) {
        throw;
      } catch (const DatabaseError&) {
        continue;  // it names what is not there yet
      }
    }
    return {};
  }

  // Such a key is there already, or what an exclusion constraint keeps apart from it.
  static bool is_taken(const SqlFailure& failure) {
    return failure.sqlstate == "23505" || failure.sqlstate == "23P01" ||
           failure.message.find("UNIQUE constraint") != std::string::npos;
  }

  std::string insert_row(std::size_t row, std::size_t number) {
    taken_ = false;
    RowSearch search(plan_, schema_, row, number);
    if (!search.possible()) return "no value is known for a type of its columns";
    std::string failed;
    for (int attempt = 0; attempt < max_attempts; ++attempt) {
      try {
        const Command command = insert(search.row());
        connection_.run({&command, 1}, Wrap::own_transaction);
        const std::string broken = broken_check();
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
        if (taken_ || !search.reject(columns_at_fault(error.failure(), search))) return failed;
      }
    }
    return failed;
  }

  std::vector<std::size_t> columns_at_fault(const SqlFailure& failure,
                                            const RowSearch& search) const {
    const auto known = plan_.checks.find(failure.constraint);
    if (known != plan_.checks.end()) return known->second;
    for (std::size_t i = 0; i < plan_.columns.size(); ++i) {  // NOT NULL, also of a domain
      if (failure.sqlstate == "23502" && plan_.columns[i].name == failure.column) return {i};
    }
    for (const auto& [constraint, columns] : plan_.checks) {  // SQLite names it in its message
      if (failure.message.ends_with(": " + constraint)) return columns;
    }
    for (std::size_t i = 0; i < plan_.columns.size(); ++i) {  // or the column that has it
      if (failure.message.ends_with(": " + plan_.columns[i].name)) return {i};
    }
    return search.all();
  }

  Command insert(const std::vector<Cell>& row) const {
    if (row.empty())
      return {.sql = fmt::format("INSERT INTO {} DEFAULT VALUES", table(plan_.name))};
    Command command;
    std::string columns;
    std::string values;
    for (std::size_t i = 0; i < row.size(); ++i) {
      columns += (i == 0 ? "" : ", ") + name(plan_.columns[i].name);
      values += fmt::format("{}${}", i == 0 ? "" : ", ", i + 1);
      command.parameters.push_back(row[i] ? Value(*row[i]) : Value(std::monostate{}));
    }
    command.sql =
        fmt::format("INSERT INTO {} ({}) VALUES ({})", table(plan_.name), columns, values);
    return command;
  }

  Connection& connection_;
  const Dialect& dialect_;
  const Schema& schema_;
  TablePlan& plan_;
  bool taken_ = false;  // the last failure: such a key is there already
};

}  // namespace

std::map<RelationName, std::string> Filler::fill(std::map<RelationName, std::string>& filled) {
  std::vector<TablePlan> plans;
  for (const auto& [id, object] : schema_.objects) {
    if (id.kind != Kind::table) continue;
    const auto& table = as<Table>(object);
    if (table.partition_of || table.foreign) continue;
    TablePlan plan = plan_of(schema_, later_, id);
    if (filled[plan.name] != plan.signature) plans.push_back(std::move(plan));
  }
  std::map<RelationName, std::string> unfilled;
  for (TablePlan& plan : in_order(std::move(plans))) {
    std::string reason = TableFiller(connection_, dialect_, schema_, plan).fill();
    filled[plan.name] = plan.signature;
    if (!reason.empty()) unfilled.emplace(plan.name, printable(reason));
  }
  return unfilled;
}

}  // namespace limbeck
