#include "verify/fill.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <optional>
#include <vector>

#include "base/terminal.h"
#include "dialect/tokens.h"
#include "verify/sample_values.h"

namespace limbeck {
namespace {

constexpr std::size_t least_rows = 3;
constexpr int max_attempts = 300;  // for one row
constexpr std::size_t max_parents = 20;

using Cell = std::optional<std::string>;

struct ColumnPlan {
  std::string name = {};
  std::string type = {};
  bool not_null = false;
  bool is_key = false;
  std::vector<std::string> hints = {};  // the expressions of its checks
};

struct KeyPlan {  // a foreign key
  std::vector<std::size_t> columns = {};
  RelationName table = {};
  std::vector<std::string> refers_to = {};
  bool may_be_null = false;
  std::vector<std::vector<Cell>> parents = {};
};

struct TablePlan {
  RelationName name = {};
  std::vector<ColumnPlan> columns = {};
  std::vector<KeyPlan> keys = {};
  std::map<std::string, std::vector<std::size_t>> checks = {};  // by name: their columns
  std::vector<std::string> checks_to_come = {};
  std::size_t rows = least_rows;
  std::string signature = {};
};

std::optional<std::size_t> column_of(const TablePlan& plan, const std::string& name) {
  for (std::size_t i = 0; i < plan.columns.size(); ++i) {
    if (plan.columns[i].name == name) return i;
  }
  return std::nullopt;
}

// Those that an expression names.
std::vector<std::size_t> columns_in(std::string_view expression, const TablePlan& plan) {
  std::vector<std::size_t> columns;
  for (const Token& token : first_tokens(expression, expression.size())) {
    if (token.kind != Token::Kind::word && token.kind != Token::Kind::quoted_name) continue;
    const auto column = column_of(plan, token.text);
    if (column && std::find(columns.begin(), columns.end(), *column) == columns.end())
      columns.push_back(*column);
  }
  return columns;
}

// The database gives it a value, or nobody else may.
bool fills_itself(const Schema& schema, const Object& column) {
  const auto& definition = as<Column>(column);
  if (definition.generated || definition.identity) return true;
  const Object* stated =
      schema.find({Kind::column_default, column.id.schema, column.id.name, column.id.part});
  return stated != nullptr &&
         as<ColumnDefault>(*stated).expression.find("nextval(") != std::string::npos;
}

void add_constraint(const Object& object, TablePlan& plan) {
  const auto& constraint = as<Constraint>(object);
  std::vector<std::size_t> columns;
  for (const std::string& name : constraint.columns) {
    if (const auto column = column_of(plan, name)) columns.push_back(*column);
  }
  const bool all_there = columns.size() == constraint.columns.size();
  switch (constraint.type) {
    case ConstraintType::primary_key:
    case ConstraintType::unique:
      for (const std::size_t column : columns) plan.columns[column].is_key = true;
      return;
    case ConstraintType::foreign_key: {
      if (!all_there) return;
      KeyPlan key{.columns = columns,
                  .table = constraint.foreign_key->table,
                  .refers_to = constraint.foreign_key->columns};
      key.may_be_null = std::any_of(columns.begin(), columns.end(), [&](std::size_t column) {
        return !plan.columns[column].not_null;
      });
      for (const std::size_t column : columns) plan.columns[column].is_key = true;
      plan.keys.push_back(std::move(key));
      return;
    }
    case ConstraintType::check:
    case ConstraintType::exclusion:
      if (columns.empty()) columns = columns_in(constraint.expression, plan);
      for (const std::size_t column : columns)
        plan.columns[column].hints.push_back(constraint.expression);
      // SQLite names one without a name by its text.
      plan.checks[constraint.expression] = columns;
      plan.checks[object.id.part] = std::move(columns);
  }
}

// The checks of the column's domain; they refuse a value by their own names.
void add_domain_checks(const Schema& schema, std::size_t column, TablePlan& plan) {
  ColumnPlan& it = plan.columns[column];
  for (const auto& [id, object] : schema.objects) {
    if (id.kind != Kind::domain_constraint || it.type.find(id.name) == std::string::npos) continue;
    it.hints.push_back(as<DomainConstraint>(object).expression);
    plan.checks[id.part].push_back(column);
  }
}

TablePlan plan_of(const Schema& schema, const Schema& later, const ObjectId& table) {
  TablePlan plan{.name = {table.schema, table.name}};
  for (const Object* column : columns_of(schema, table.schema, table.name)) {
    const auto& definition = as<Column>(*column);
    plan.signature += fmt::format("{} {},", column->id.part, definition.type);
    if (fills_itself(schema, *column)) continue;
    ColumnPlan it{
        .name = column->id.part, .type = definition.type, .not_null = definition.not_null};
    plan.rows = std::max(plan.rows, wanted_rows(schema, it.type));
    plan.columns.push_back(std::move(it));
    add_domain_checks(schema, plan.columns.size() - 1, plan);
  }
  for (const Object* constraint : parts_of(schema, Kind::constraint, table.schema, table.name)) {
    if (as<Constraint>(*constraint).type == ConstraintType::primary_key) {
      for (const std::string& name : as<Constraint>(*constraint).columns) {
        if (const auto column = column_of(plan, name)) plan.columns[*column].not_null = true;
      }
    }
  }
  for (const Schema* from : {&schema, &later}) {
    for (const Object* constraint : parts_of(*from, Kind::constraint, table.schema, table.name))
      add_constraint(*constraint, plan);
  }
  for (const Object* constraint : parts_of(later, Kind::constraint, table.schema, table.name)) {
    if (as<Constraint>(*constraint).type == ConstraintType::check)
      plan.checks_to_come.push_back(as<Constraint>(*constraint).expression);
  }
  for (const auto& [id, object] : schema.objects) {
    if (id.kind != Kind::index || !as<Index>(object).unique) continue;
    if (as<Index>(object).table != plan.name) continue;
    for (const IndexKey& key : as<Index>(object).keys) {
      if (const auto column = column_of(plan, key.column)) plan.columns[*column].is_key = true;
    }
  }
  return plan;
}

bool is_number(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && rest == end;
}

// One row: what each column holds, and what else it might.
class RowSearch {
 public:
  RowSearch(const TablePlan& plan, const Schema& schema, std::size_t row, std::size_t number)
      : plan_(plan), nulls_(row % least_rows == 2) {
    for (const ColumnPlan& column : plan.columns)
      candidates_.push_back(candidates(column, schema, number));
    chosen_.resize(candidates_.size(), 0);
    for (const KeyPlan& key : plan.keys) choose_parent(key, number);
  }

  bool possible() const {
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (candidates_[i].empty()) return false;
    }
    return true;
  }

  std::vector<Cell> row() const {
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < candidates_.size(); ++i)
      cells.push_back(candidates_[i][chosen_[i]]);
    return cells;
  }

  // The next choice of these columns; false after the last one.
  bool advance(const std::vector<std::size_t>& columns) {
    for (const std::size_t column : columns) {
      if (fixed_.contains(column)) continue;
      if (++chosen_[column] < candidates_[column].size()) return true;
      chosen_[column] = 0;
    }
    return false;
  }

  std::vector<std::size_t> all() const {
    std::vector<std::size_t> columns(candidates_.size());
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i] = i;
    return columns;
  }

 private:
  std::vector<Cell> candidates(const ColumnPlan& column, const Schema& schema,
                               std::size_t number) const {
    std::vector<Cell> cells;
    const bool null_first = nulls_ && !column.not_null;
    if (null_first) cells.emplace_back(std::nullopt);
    std::vector<std::string> values = sample_values(schema, column.type, number, column.is_key);
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

  void choose_parent(const KeyPlan& key, std::size_t number) {
    if (key.parents.empty()) {
      if (!key.may_be_null) return;  // the table that it will refer to is not there yet
      for (const std::size_t column : key.columns) {
        if (!plan_.columns[column].not_null) set(column, {std::nullopt});
      }
      return;
    }
    const std::vector<Cell>& parent = key.parents[number % key.parents.size()];
    for (std::size_t i = 0; i < key.columns.size(); ++i) {
      std::vector<Cell> cells{parent[i]};
      if (nulls_ && !plan_.columns[key.columns[i]].not_null)
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

  void set(std::size_t column, std::vector<Cell> cells) {
    candidates_[column] = std::move(cells);
    chosen_[column] = 0;
  }

  const TablePlan& plan_;
  bool nulls_;
  std::vector<std::vector<Cell>> candidates_ = {};
  std::vector<std::size_t> chosen_ = {};
  std::set<std::size_t> fixed_ = {};
};

class TableFiller {
 public:
  TableFiller(Connection& connection, const Dialect& dialect, const Schema& schema, TablePlan& plan)
      : connection_(connection), dialect_(dialect), schema_(schema), plan_(plan) {}

  // Why no row could be made; empty when there are some.
  std::string fill() {
    read_parents();
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

 private:
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
        if (!search.advance(plan_.checks.at(broken))) return failed;
      } catch (const ConnectionLost&) {
        throw;
      } catch (const Interrupted&) {
        throw;
      } catch (const DatabaseError& error) {
        failed = error.failure().message;
        taken_ = error.failure().sqlstate == "23505" ||
                 failed.find("UNIQUE constraint") != std::string::npos;
        if (taken_ || !search.advance(columns_at_fault(error.failure(), search))) return failed;
      }
    }
    return failed;
  }

  std::vector<std::size_t> columns_at_fault(const SqlFailure& failure,
                                            const RowSearch& search) const {
    const auto known = plan_.checks.find(failure.constraint);
    if (known != plan_.checks.end()) return known->second;
    for (const auto& [constraint, columns] : plan_.checks) {  // SQLite names it in its message
      if (failure.message.ends_with(": " + constraint)) return columns;
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

// What others refer to before them, as far as there is such an order.
std::vector<TablePlan> in_order(std::vector<TablePlan> plans) {
  std::vector<TablePlan> ordered;
  std::set<RelationName> waiting;
  for (const TablePlan& plan : plans) waiting.insert(plan.name);
  while (!plans.empty()) {
    const auto ready = std::find_if(plans.begin(), plans.end(), [&](const TablePlan& plan) {
      return std::all_of(plan.keys.begin(), plan.keys.end(), [&](const KeyPlan& key) {
        return key.table == plan.name || key.may_be_null || !waiting.contains(key.table);
      });
    });
    const auto hard = std::find_if(plans.begin(), plans.end(), [&](const TablePlan& plan) {
      return std::all_of(plan.keys.begin(), plan.keys.end(), [&](const KeyPlan& key) {
        return key.table == plan.name || !waiting.contains(key.table);
      });
    });
    const auto next = hard != plans.end() ? hard : ready != plans.end() ? ready : plans.begin();
    waiting.erase(next->name);
    ordered.push_back(std::move(*next));
    plans.erase(next);
  }
  return ordered;
}

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
