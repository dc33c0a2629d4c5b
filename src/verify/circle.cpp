#include "verify/circle.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <optional>

#include "verify/row_search.h"
#include "verify/row_statements.h"

namespace limbeck {
namespace {

bool is_missing_parent(const SqlFailure& failure) {
  return failure.sqlstate == "23503" ||
         failure.message.find("FOREIGN KEY constraint") != std::string::npos;
}

class FirstRows {
 public:
  FirstRows(Connection& connection, const Dialect& dialect, const ScratchDialect& scratch_dialect,
            const Schema& schema, std::vector<TablePlan>& circle)
      : connection_(connection),
        dialect_(dialect),
        scratch_dialect_(scratch_dialect),
        circle_(circle) {
    const std::vector<DrawnColumn> drawn = scratch_dialect.drawn_columns(connection);
    for (TablePlan& plan : circle_) {
      read_parents(connection, dialect, schema, max_parents, plan);
      searches_.emplace_back(plan, schema, 0, 0);
      for (const DrawnColumn& column : drawn)
        if (RelationName{column.schema, column.table} == plan.name)
          drawn_[plan.name][column.column] = column;
    }
  }

  std::string make() {
    std::string failed;
    for (int attempt = 0; attempt < max_attempts; ++attempt) {
      for (const RowSearch& search : searches_)
        if (!search.possible()) return "no value is known for a type of its columns";
      std::size_t current = 0;
      connection_.begin();
      try {
        scratch_dialect_.defer_foreign_keys(connection_);
        const std::vector<Command> commands = insert_all();
        for (; current < commands.size(); ++current)
          connection_.run({&commands[current], 1}, Wrap::open_transaction);
        connection_.commit();
        return {};
      } catch (const ConnectionLost&) {
        throw;
      } catch (const Interrupted&) {
        throw;
      } catch (const DatabaseError& error) {
        connection_.rollback();
        failed = error.failure().message;
        if (is_missing_parent(error.failure())) return refusal(failed);
        const std::size_t at = std::min(current, circle_.size() - 1);
        if (!searches_[at].reject(columns_at_fault(error.failure(), circle_[at]))) return failed;
      }
    }
    return failed;
  }

 private:
  // Columns that the database fills, with what it is told to put there.
  using Given = std::map<std::string, std::string>;

  std::string refusal(const std::string& said) const {
    std::vector<std::string> names;
    for (const TablePlan& plan : circle_)
      names.push_back(plan.name.schema.empty() ? plan.name.name
                                               : plan.name.schema + "." + plan.name.name);
    if (names.size() == 1) return said;
    return fmt::format(
        "no row can be the first: {} refer to each other in a circle by foreign keys that may not "
        "be NULL and are checked at once, not being DEFERRABLE ({})",
        fmt::join(names, ", "), said);
  }

  std::vector<Command> insert_all() {
    std::vector<Cells> rows;
    for (const RowSearch& search : searches_) rows.push_back(search.row());
    std::vector<Given> given(circle_.size());
    // What a key refers to may itself be a key of the circle.
    for (std::size_t round = 0; round < circle_.size(); ++round) {
      for (std::size_t i = 0; i < circle_.size(); ++i) refer(i, rows, given);
    }
    std::vector<Command> commands;
    for (std::size_t i = 0; i < circle_.size(); ++i)
      commands.push_back(insert(circle_[i], rows[i], given[i]));
    return commands;
  }

  void refer(std::size_t i, std::vector<Cells>& rows, std::vector<Given>& given) {
    for (const KeyPlan& key : circle_[i].keys) {
      const auto parent = std::find_if(circle_.begin(), circle_.end(),
                                       [&](const TablePlan& it) { return it.name == key.table; });
      if (parent == circle_.end() || key.may_be_null) continue;
      const auto at = static_cast<std::size_t>(parent - circle_.begin());
      for (std::size_t k = 0; k < key.columns.size() && k < key.refers_to.size(); ++k)
        rows[i][key.columns[k]] = value_of(at, key.refers_to[k], rows, given);
    }
  }

  Cell value_of(std::size_t at, const std::string& name, const std::vector<Cells>& rows,
                std::vector<Given>& given) {
    const TablePlan& plan = circle_[at];
    for (std::size_t i = 0; i < plan.columns.size(); ++i)
      if (plan.columns[i].name == name) return rows[at][i];
    const auto known = given[at].find(name);
    if (known != given[at].end()) return known->second;
    const auto drawn = drawn_[plan.name].find(name);
    if (drawn == drawn_[plan.name].end()) return std::nullopt;
    return given[at][name] = std::to_string(scratch_dialect_.draw(connection_, drawn->second));
  }

  Command insert(const TablePlan& plan, const Cells& row, const Given& given) const {
    if (given.empty()) return insert_row(dialect_, plan, row);
    TablePlan wider = plan;
    Cells cells = row;
    for (const auto& [column, value] : given) {
      wider.columns.push_back({.name = column});
      cells.emplace_back(value);
    }
    Command command = insert_row(dialect_, wider, cells);
    // An identity column takes no other number without it.
    const std::string values = " VALUES (";
    command.sql.replace(command.sql.rfind(values), values.size(),
                        " OVERRIDING SYSTEM VALUE VALUES (");
    return command;
  }

  Connection& connection_;
  const Dialect& dialect_;
  const ScratchDialect& scratch_dialect_;
  std::vector<TablePlan>& circle_;
  std::vector<RowSearch> searches_ = {};
  std::map<RelationName, std::map<std::string, DrawnColumn>> drawn_ = {};
};

}  // namespace

std::string make_first_rows(Connection& connection, const Dialect& dialect,
                            const ScratchDialect& scratch_dialect, const Schema& schema,
                            std::vector<TablePlan>& circle) {
  return FirstRows(connection, dialect, scratch_dialect, schema, circle).make();
}

}  // namespace limbeck
