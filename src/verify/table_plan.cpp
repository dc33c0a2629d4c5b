#include "verify/table_plan.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <set>

#include "dialect/tokens.h"
#include "verify/sample_values.h"

namespace limbeck {
namespace {

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
      for (const std::size_t column : columns)
        plan.columns[column].is_key = plan.columns[column].unique = true;
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
      for (const std::size_t column : columns) {
        plan.columns[column].hints.push_back(constraint.expression);
        plan.columns[column].bounded = true;
      }
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
    it.bounded = true;
    plan.checks[id.part].push_back(column);
  }
}

// Rows fit no partition but those that are there, and theirs.
void add_partitions(const Schema& schema, const ObjectId& table, TablePlan& plan) {
  const std::vector<std::size_t> columns =
      columns_in(as<Table>(*schema.find(table)).partition_key, plan);
  for (const std::size_t column : columns)
    plan.columns[column].bounded = plan.columns[column].partitions = true;
  if (columns.empty()) return;
  for (const auto& [id, object] : schema.objects) {
    if (id.kind != Kind::table) continue;
    const auto& partition = as<Table>(object).partition_of;
    if (!partition || partition->parent != RelationName{table.schema, table.name}) continue;
    for (const std::size_t column : columns) plan.columns[column].hints.push_back(partition->bound);
    add_partitions(schema, id, plan);
  }
}

// The columns whose values others must have as well: those of foreign keys, and what these refer
// to.
std::set<std::string> shared_columns(const Schema& schema, const TablePlan& plan) {
  std::set<std::string> shared;
  for (const auto& [id, object] : schema.objects) {
    if (id.kind != Kind::constraint) continue;
    const auto& constraint = as<Constraint>(object);
    if (constraint.type != ConstraintType::foreign_key) continue;
    if (RelationName{id.schema, id.name} == plan.name)
      shared.insert(constraint.columns.begin(), constraint.columns.end());
    if (constraint.foreign_key->table == plan.name)
      shared.insert(constraint.foreign_key->columns.begin(), constraint.foreign_key->columns.end());
  }
  return shared;
}

void tell_columns_apart(const Schema& schema, const Schema& later, TablePlan& plan) {
  std::set<std::string> shared = shared_columns(schema, plan);
  shared.merge(shared_columns(later, plan));
  std::map<std::string, std::size_t> same;
  for (ColumnPlan& column : plan.columns) {
    if (shared.contains(column.name)) continue;
    const auto values = sample_values(schema, column.type, {.is_key = column.is_key});
    if (!values.empty()) column.variant = same[values.front()]++;
  }
}

// A key whose column is also in another one must go with that.
void tell_keys_apart(TablePlan& plan) {
  std::map<std::pair<RelationName, std::vector<std::string>>, std::vector<std::size_t>> same;
  for (KeyPlan& key : plan.keys) {
    const auto shares = [&](const KeyPlan& other) {
      return other.columns != key.columns && std::find(other.columns.begin(), other.columns.end(),
                                                       key.columns[0]) != other.columns.end();
    };
    if (key.columns.size() != 1 || std::any_of(plan.keys.begin(), plan.keys.end(), shares))
      continue;
    std::vector<std::size_t>& columns = same[{key.table, key.refers_to}];
    auto column = std::find(columns.begin(), columns.end(), key.columns[0]);
    if (column == columns.end()) column = columns.insert(column, key.columns[0]);
    key.variant = static_cast<std::size_t>(column - columns.begin());
  }
}

}  // namespace

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
    // One in the place of another is for rows as the revision makes them.
    const bool replaces = schema.find(constraint->id) != nullptr;
    if (as<Constraint>(*constraint).type == ConstraintType::check && !replaces)
      plan.checks_to_come.push_back(as<Constraint>(*constraint).expression);
  }
  for (const auto& [id, object] : schema.objects) {
    if (id.kind != Kind::index || !as<Index>(object).unique) continue;
    if (as<Index>(object).table != plan.name) continue;
    for (const IndexKey& key : as<Index>(object).keys) {
      if (const auto column = column_of(plan, key.column))
        plan.columns[*column].is_key = plan.columns[*column].unique = true;
    }
  }
  add_partitions(schema, table, plan);
  tell_columns_apart(schema, later, plan);
  tell_keys_apart(plan);
  return plan;
}

namespace {

bool must_refer(const KeyPlan& key, const TablePlan& from, const RelationName& to) {
  return key.table == to && key.table != from.name && !key.may_be_null;
}

// Those that lead from the first one back to one that was passed, by keys that may not be NULL.
// REQUIRES that each of the plans has such a key to another one of them.
std::vector<std::size_t> circle_in(const std::vector<TablePlan>& plans) {
  std::vector<std::size_t> way{0};
  for (;;) {
    const TablePlan& from = plans[way.back()];
    std::size_t next = 0;
    while (std::none_of(from.keys.begin(), from.keys.end(), [&](const KeyPlan& key) {
      return must_refer(key, from, plans[next].name);
    }))
      ++next;
    const auto passed = std::find(way.begin(), way.end(), next);
    if (passed != way.end()) return {passed, way.end()};
    way.push_back(next);
  }
}

}  // namespace

std::vector<std::vector<TablePlan>> in_order(std::vector<TablePlan> plans) {
  std::vector<std::vector<TablePlan>> ordered;
  std::set<RelationName> waiting;
  for (const TablePlan& plan : plans) waiting.insert(plan.name);
  const auto is_free = [&](const TablePlan& plan, bool with_nulls) {
    return std::all_of(plan.keys.begin(), plan.keys.end(), [&](const KeyPlan& key) {
      return key.table == plan.name || (with_nulls && key.may_be_null) ||
             !waiting.contains(key.table);
    });
  };
  while (!plans.empty()) {
    auto next = std::find_if(plans.begin(), plans.end(),
                             [&](const TablePlan& plan) { return is_free(plan, false); });
    if (next == plans.end())
      next = std::find_if(plans.begin(), plans.end(),
                          [&](const TablePlan& plan) { return is_free(plan, true); });
    std::vector<std::size_t> chosen;
    if (next != plans.end())
      chosen = {static_cast<std::size_t>(next - plans.begin())};
    else
      chosen = circle_in(plans);
    std::vector<TablePlan> group;
    for (const std::size_t i : chosen) {
      waiting.erase(plans[i].name);
      group.push_back(plans[i]);
    }
    std::erase_if(plans, [&](const TablePlan& plan) { return !waiting.contains(plan.name); });
    ordered.push_back(std::move(group));
  }
  return ordered;
}

bool is_circle(const std::vector<TablePlan>& group) {
  if (group.size() > 1) return true;
  return std::any_of(group.front().keys.begin(), group.front().keys.end(), [&](const KeyPlan& key) {
    return key.table == group.front().name && !key.may_be_null;
  });
}

}  // namespace limbeck
