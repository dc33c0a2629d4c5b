// The operations that are one statement on a database that can alter tables, and a table built anew
// on one that cannot; and those on enums, which only the former has.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

#include "limbeck/operations.h"

#include "service/operation_host.h"

namespace limbeck {
namespace {

void add_constraint(OperationHost& host, const TableName& table, AddConstraint constraint) {
  if (constraint.definition.empty()) return;
  if (!host.alters_tables) return host.change(table, {std::move(constraint)});
  host.run(fmt::format("ALTER TABLE {} ADD {}{}", host.text.quote_table(table),
                       named(host.text, constraint.name), constraint.definition));
}

// In place, in one statement.
void alter_in_place(OperationHost& host, const TableName& table, std::string_view column,
                    const ColumnChange& change) {
  const DefinitionText& text = host.text;
  std::vector<std::string> parts;
  const auto part = [&](std::string words) {
    parts.push_back(fmt::format("ALTER COLUMN {} {}", text.quote(column), words));
  };
  const bool new_default = change.default_sql && !text.text(*change.default_sql).empty();
  // The old default may be no value of the new type.
  if (change.default_sql && (change.type || !new_default)) part("DROP DEFAULT");
  if (change.type) {
    const std::string_view how = text.text(change.using_sql);
    part(fmt::format("TYPE {}{}", text.type(column, *change.type),
                     how.empty() ? "" : fmt::format(" USING {}", how)));
  }
  if (new_default) part("SET DEFAULT " + default_expression(text.text(*change.default_sql)));
  if (change.nullable) part(*change.nullable ? "DROP NOT NULL" : "SET NOT NULL");
  if (!parts.empty())
    host.run(fmt::format("ALTER TABLE {} {}", text.quote_table(table), fmt::join(parts, ", ")));
}

// The table anew, with the check of an enum's labels in the place of the one before.
void alter_anew(OperationHost& host, const TableName& table, std::string_view column,
                const ColumnChange& change) {
  const std::string name(column);
  AlterColumn altered{.name = name, .nullable = change.nullable};
  if (change.type) altered.type = host.text.type(column, *change.type);
  if (change.default_sql) {
    const std::string_view value = host.text.text(*change.default_sql);
    altered.default_value = value.empty() ? std::optional<std::string>()
                                          : std::optional<std::string>(default_expression(value));
  }
  std::vector<TableChange> changes;
  if (change.type && change.type->kind == model::Kind::enumeration) {
    changes.emplace_back(
        DropConstraint{.name = {}, .columns = {name}, .type = ConstraintType::check});
    changes.emplace_back(AddConstraint{
        .type = ConstraintType::check,
        .definition = fmt::format("CHECK ({})", host.text.value_check(column, *change.type))});
  }
  changes.emplace_back(std::move(altered));
  host.change(table, std::move(changes));
}

}  // namespace

void Operations::alter_column(const TableName& table, std::string_view column,
                              const ColumnChange& change) {
  if (host_.alters_tables) return alter_in_place(host_, table, column, change);
  alter_anew(host_, table, column, change);
}

void Operations::add_unique(const TableName& table, const NewUnique& unique) {
  add_constraint(host_, table,
                 {.name = unique.name,
                  .type = ConstraintType::unique,
                  .definition = host_.text.unique(unique)});
}

void Operations::add_check(const TableName& table, const NewCheck& check) {
  add_constraint(
      host_, table,
      {.name = check.name, .type = ConstraintType::check, .definition = host_.text.check(check)});
}

void Operations::add_foreign_key(const TableName& table, const NewForeignKey& key) {
  add_constraint(host_, table,
                 {.name = key.name,
                  .type = ConstraintType::foreign_key,
                  .definition = host_.text.foreign_key(key)});
}

void Operations::drop_constraint(const TableName& table, std::string_view name) {
  if (!host_.alters_tables) return host_.change(table, {DropConstraint{.name = std::string(name)}});
  host_.run(fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", host_.text.quote_table(table),
                        host_.text.quote(name)));
}

// ---- enums ----

void Operations::create_enum(const TableName& name, const std::vector<std::string>& labels) {
  if (!host_.is_postgres()) return;
  std::vector<std::string> literals;
  for (const std::string& label : labels) literals.push_back(host_.dialect.quote_literal(label));
  host_.run(fmt::format("CREATE TYPE {} AS ENUM ({})", host_.text.quote_table(name),
                        fmt::join(literals, ", ")));
}

void Operations::add_enum_value(const TableName& name, std::string_view label) {
  if (!host_.is_postgres()) return;
  host_.run(fmt::format("ALTER TYPE {} ADD VALUE {}", host_.text.quote_table(name),
                        host_.dialect.quote_literal(label)));
}

void Operations::rename_enum_value(const TableName& name, std::string_view label,
                                   std::string_view new_label) {
  if (!host_.is_postgres()) return;
  host_.run(fmt::format("ALTER TYPE {} RENAME VALUE {} TO {}", host_.text.quote_table(name),
                        host_.dialect.quote_literal(label),
                        host_.dialect.quote_literal(new_label)));
}

void Operations::drop_enum(const TableName& name) {
  if (!host_.is_postgres()) return;
  host_.run("DROP TYPE " + host_.text.quote_table(name));
}

}  // namespace limbeck
