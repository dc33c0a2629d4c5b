#include "verify/row_statements.h"

#include <fmt/format.h>
#include <numeric>

namespace limbeck {
namespace {

std::string quoted(const Dialect& dialect, const std::string& column) {
  return dialect.quote(Identifier{column});
}

}  // namespace

std::string quoted(const Dialect& dialect, const RelationName& table) {
  return dialect.quote(QualifiedName{{table.schema}, {table.name}});
}

Command insert_row(const Dialect& dialect, const TablePlan& plan, const Cells& cells) {
  const std::string table = quoted(dialect, plan.name);
  if (cells.empty()) return {.sql = fmt::format("INSERT INTO {} DEFAULT VALUES", table)};
  Command command;
  std::string columns;
  std::string values;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    columns += (i == 0 ? "" : ", ") + quoted(dialect, plan.columns[i].name);
    values += fmt::format("{}${}", i == 0 ? "" : ", ", i + 1);
    command.parameters.push_back(cells[i] ? Value(*cells[i]) : Value(std::monostate{}));
  }
  command.sql = fmt::format("INSERT INTO {} ({}) VALUES ({})", table, columns, values);
  return command;
}

void read_parents(Connection& connection, const Dialect& dialect, const Schema& schema,
                  std::size_t limit, TablePlan& plan) {
  for (KeyPlan& key : plan.keys) {
    key.parents.clear();
    std::string columns;
    for (const std::string& column : key.refers_to)
      columns +=
          fmt::format("{}CAST({} AS text)", columns.empty() ? "" : ", ", quoted(dialect, column));
    if (columns.empty() ||
        schema.find({Kind::table, key.table.schema, key.table.name, {}}) == nullptr)
      continue;
    key.parents =
        read_rows(connection, fmt::format("SELECT {} FROM {} ORDER BY {} LIMIT {}", columns,
                                          quoted(dialect, key.table), columns, limit));
  }
}

std::string remove_breaking(Connection& connection, const Dialect& dialect, const TablePlan& plan) {
  std::string broken;
  for (const std::string& check : plan.checks_to_come) {
    try {
      const Command command{
          .sql = fmt::format("DELETE FROM {} WHERE NOT ({})", quoted(dialect, plan.name), check)};
      const bool any = connection.run({&command, 1}, Wrap::own_transaction).at(0) > 0;
      if (any && broken.empty()) broken = check;
    } catch (const ConnectionLost&) {
      throw;
    } catch (const Interrupted&) {
      throw;
    } catch (const DatabaseError&) {
      continue;  // it names what is not there yet
    }
  }
  return broken;
}

bool is_taken(const SqlFailure& failure) {
  return failure.sqlstate == "23505" || failure.sqlstate == "23P01" ||
         failure.message.find("UNIQUE constraint") != std::string::npos;
}

std::vector<std::size_t> columns_at_fault(const SqlFailure& failure, const TablePlan& plan) {
  const auto known = plan.checks.find(failure.constraint);
  if (known != plan.checks.end()) return known->second;
  if (failure.sqlstate == "23514" && failure.constraint.empty()) {  // there is no partition for it
    std::vector<std::size_t> columns;
    for (std::size_t i = 0; i < plan.columns.size(); ++i)
      if (plan.columns[i].partitions) columns.push_back(i);
    if (!columns.empty()) return columns;
  }
  for (std::size_t i = 0; i < plan.columns.size(); ++i) {  // NOT NULL, also of a domain
    if (failure.sqlstate == "23502" && plan.columns[i].name == failure.column) return {i};
  }
  for (const auto& [constraint, columns] : plan.checks) {  // SQLite names it in its message
    if (failure.message.ends_with(": " + constraint)) return columns;
  }
  for (std::size_t i = 0; i < plan.columns.size(); ++i) {  // or the column that has it
    if (failure.message.ends_with(": " + plan.columns[i].name)) return {i};
  }
  std::vector<std::size_t> all(plan.columns.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

}  // namespace limbeck
