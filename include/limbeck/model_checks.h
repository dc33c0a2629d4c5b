// The checks of a declaration at compile time: loops over its values. Included by limbeck/model.h.
#pragma once

#include "limbeck/model_mistakes.h"
#include "limbeck/model_spec.h"

namespace limbeck::model {

constexpr void check_column(const ColumnSpec& c) {
  // The function that keeps updated_at is called like its column, with a few letters more.
  const std::size_t longest = c.updated_at ? 54 : 63;
  if (c.name.empty() || c.name.size() > longest) mistake::a_name_must_have_1_to_63_bytes();
  if (c.type.kind == Kind::enumeration && (c.type.name.empty() || c.type.name.size() > 63))
    mistake::a_name_must_have_1_to_63_bytes();
  const bool filled =
      !c.default_sql.empty() || c.filled != Filled::by_default_sql || c.identity != Identity::none;
  if (!c.computed.empty() && filled) mistake::a_computed_column_has_no_default();
  if (c.primary && c.nullable) mistake::a_primary_key_cannot_be_null();
  if (c.is_foreign && !c.nullable &&
      (c.foreign.on_delete == Action::set_null || c.foreign.on_update == Action::set_null))
    mistake::set_null_needs_a_column_that_can_be_null();
}

constexpr void check_columns(std::span<const ColumnSpec> columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    check_column(columns[i]);
    for (std::size_t j = 0; j < i; ++j) {
      if (columns[i].member == columns[j].member) mistake::a_member_has_two_columns();
      if (columns[i].name == columns[j].name) mistake::two_columns_have_the_same_name();
    }
  }
}

constexpr bool has_primary_columns(const TableSpec& table) {
  for (const ColumnSpec& c : table.columns) {
    if (c.primary) return true;
  }
  return false;
}

constexpr std::size_t primary_keys(const TableSpec& table) {
  std::size_t count = has_primary_columns(table) ? 1 : 0;
  for (const ConstraintSpec& it : table.constraints) {
    if (it.kind == ConstraintKind::primary_key) ++count;
  }
  return count;
}

constexpr void check_constraint(const TableSpec& table, const ConstraintSpec& it) {
  for (std::size_t i = 0; i < it.count; ++i) {
    const bool nullable = table.columns[it.columns[i]].nullable;
    if (it.kind == ConstraintKind::primary_key && nullable) mistake::a_primary_key_cannot_be_null();
    if (it.kind == ConstraintKind::foreign_key && !nullable &&
        (it.foreign.on_delete == Action::set_null || it.foreign.on_update == Action::set_null))
      mistake::set_null_needs_a_column_that_can_be_null();
  }
}

constexpr bool check_table(const TableSpec& table) {
  check_columns(table.columns);
  const std::size_t keys = primary_keys(table);
  if (keys > 1) mistake::the_table_has_two_primary_keys();
  if (keys == 0 && !table.without_primary_key) mistake::the_table_has_no_primary_key();
  for (std::size_t i = 0; i < table.constraints.size(); ++i) {
    check_constraint(table, table.constraints[i]);
    for (std::size_t j = 0; j < i && !table.constraints[i].name.empty(); ++j) {
      if (table.constraints[i].name == table.constraints[j].name)
        mistake::two_indexes_or_constraints_have_the_same_name();
    }
  }
  for (std::size_t i = 0; i < table.indexes.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (table.indexes[i].name == table.indexes[j].name)
        mistake::two_indexes_or_constraints_have_the_same_name();
    }
  }
  return true;
}

// ---- what a foreign key may lead to ----

constexpr bool holds(std::span<const std::size_t> positions, std::size_t position) {
  for (const std::size_t it : positions) {
    if (it == position) return true;
  }
  return false;
}

constexpr bool is_primary_key(const TableSpec& table, std::span<const std::size_t> positions) {
  std::size_t primary = 0;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (!table.columns[i].primary) continue;
    ++primary;
    if (!holds(positions, i)) return false;
  }
  return primary == positions.size();
}

constexpr bool are_columns_of(const ConstraintSpec& key, std::span<const std::size_t> positions) {
  if (key.kind != ConstraintKind::primary_key && key.kind != ConstraintKind::unique) return false;
  for (std::size_t i = 0; i < key.count; ++i) {
    if (!holds(positions, key.columns[i])) return false;
  }
  return key.count == positions.size();
}

constexpr bool are_columns_of(const IndexSpec& index, std::span<const std::size_t> positions) {
  if (!index.unique || !index.where.empty()) return false;
  for (std::size_t i = 0; i < index.count; ++i) {
    if (!index.parts[i].is_column || !holds(positions, index.parts[i].column)) return false;
  }
  return index.count == positions.size();
}

// Whether the columns are a primary key, or unique.
constexpr bool is_key(const TableSpec& table, std::span<const std::size_t> positions) {
  if (is_primary_key(table, positions)) return true;
  if (positions.size() == 1 && table.columns[positions[0]].unique) return true;
  for (const ConstraintSpec& it : table.constraints) {
    if (are_columns_of(it, positions)) return true;
  }
  for (const IndexSpec& it : table.indexes) {
    if (are_columns_of(it, positions)) return true;
  }
  return false;
}

constexpr KeyTarget key_target(const TableSpec& table, std::span<const std::string_view> members) {
  KeyTarget target{.schema = table.schema, .table = table.name};
  std::array<std::size_t, max_key_columns> positions = {};
  for (const std::string_view member : members) {
    std::size_t i = 0;
    while (i < table.columns.size() && table.columns[i].member != member) ++i;
    if (i == table.columns.size()) mistake::the_member_has_no_column();
    target.columns[target.count] = table.columns[i].name;
    positions[target.count++] = i;
  }
  target.is_key = is_key(table, std::span(positions).first(target.count));
  return target;
}

// ---- sets ----

constexpr KeyTarget key_target(std::span<const TableSpec> tables, const ForeignKeySpec& key,
                               std::span<const std::string_view> members) {
  if (key.leaves_set) return key.of_another_set();
  for (const TableSpec& table : tables) {
    if (table.struct_name == key.struct_name) return key_target(table, members);
  }
  mistake::the_foreign_key_refers_to_a_table_outside_of_the_set();
  return {};
}

constexpr void check_foreign_key(std::span<const TableSpec> tables, const ForeignKeySpec& key,
                                 std::span<const std::string_view> members) {
  if (!key_target(tables, key, members).is_key)
    mistake::the_foreign_key_refers_to_columns_that_are_no_key();
}

constexpr bool check_foreign_keys(std::span<const TableSpec> tables, const TableSpec& table) {
  for (const ColumnSpec& c : table.columns) {
    if (c.is_foreign) check_foreign_key(tables, c.foreign, {&c.foreign_member, 1});
  }
  for (const ConstraintSpec& it : table.constraints) {
    if (it.kind == ConstraintKind::foreign_key)
      check_foreign_key(tables, it.foreign, {it.foreign_members.data(), it.count});
  }
  return true;
}

constexpr bool check_names(std::span<const TableSpec> tables) {
  for (std::size_t i = 0; i < tables.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (tables[i].name == tables[j].name && tables[i].schema == tables[j].schema)
        mistake::two_tables_of_the_set_have_the_same_name();
    }
  }
  return true;
}

}  // namespace limbeck::model
