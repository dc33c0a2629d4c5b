#include "dialect/model_dialect.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "dialect/postgres/model_dialect.h"
#include "dialect/sqlite/model_dialect.h"

namespace limbeck {

std::string ModelDialect::quote(std::string_view name) const {
  return dialect().quote(Identifier{std::string(name)});
}

const ModelDialect& model_dialect_named(std::string_view name) {
  for (const auto get : {postgres::model_dialect, sqlite::model_dialect}) {
    if (get().dialect().name() == name) return get();
  }
  throw Error({.code = ExitCode::usage,
               .message = fmt::format("there is no dialect named \"{}\"", name),
               .hint = "known dialects: postgresql, sqlite"});
}

std::vector<std::string_view> key_columns(const model::TableSpec& table) {
  std::vector<std::string_view> columns;
  for (const model::ConstraintSpec& it : table.constraints) {
    if (it.kind != model::ConstraintKind::primary_key) continue;
    for (std::size_t i = 0; i < it.count; ++i) columns.push_back(table.columns[it.columns[i]].name);
    return columns;
  }
  for (const model::ColumnSpec& column : table.columns) {
    if (column.primary) columns.push_back(column.name);
  }
  return columns;
}

std::optional<std::size_t> sole_key(const model::TableSpec& table) {
  const std::vector<std::string_view> key = key_columns(table);
  if (key.size() != 1) return std::nullopt;
  const auto column = std::find_if(table.columns.begin(), table.columns.end(),
                                   [&](const model::ColumnSpec& it) { return it.name == key[0]; });
  return static_cast<std::size_t>(column - table.columns.begin());
}

std::string referential_actions(model::Action on_delete, model::Action on_update) {
  constexpr std::array words{"NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT"};
  const auto clause = [&](std::string_view event, model::Action action) {
    if (action == model::Action::no_action) return std::string();
    return fmt::format(" ON {} {}", event, words.at(static_cast<std::size_t>(action)));
  };
  return clause("DELETE", on_delete) + clause("UPDATE", on_update);
}

bool keeps_updated_at(const model::TableSpec& table) {
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [](const model::ColumnSpec& column) { return column.updated_at; });
}

}  // namespace limbeck
