#include "service/definition_text.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace limbeck {

std::string default_expression(std::string_view expression) {
  const auto is_word = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '.';
  };
  std::string_view rest = expression;
  const bool is_quoted =
      rest.size() > 1 && rest.front() == '\'' && rest.find('\'', 1) == rest.size() - 1;
  if (rest.starts_with('-')) rest.remove_prefix(1);
  const bool is_simple = is_quoted || std::all_of(rest.begin(), rest.end(), is_word);
  return is_simple ? std::string(expression) : fmt::format("({})", expression);
}

std::string named(const DefinitionText& text, std::string_view name) {
  return name.empty() ? "" : fmt::format("CONSTRAINT {} ", text.quote(name));
}

std::string DefinitionText::quote_table(const TableName& table) const {
  return dialect_.dialect().quote(dialect_.table(table.schema, table.name));
}

std::string DefinitionText::list(const std::vector<std::string>& names) const {
  std::vector<std::string> quoted;
  quoted.reserve(names.size());
  for (const std::string& name : names) quoted.push_back(quote(name));
  return fmt::format("({})", fmt::join(quoted, ", "));
}

model::ColumnSpec DefinitionText::spec(const NewColumn& column) const {
  model::ColumnSpec spec;
  spec.name = column.name;
  spec.type = column.type;
  spec.nullable = column.nullable;
  spec.primary = column.primary_key;
  spec.identity = column.identity;
  spec.native_type = column.native_type;
  return spec;
}

std::string DefinitionText::type(std::string_view column, const model::SqlTypeSpec& type) const {
  model::ColumnSpec spec;
  spec.name = column;
  spec.type = type;
  return dialect_.column_type(spec, false);
}

std::string DefinitionText::value_check(std::string_view column,
                                        const model::SqlTypeSpec& type) const {
  return dialect_.value_check(type, quote(column));
}

std::string DefinitionText::default_value(const NewColumn& column) const {
  const std::string expression = column.filled == model::Filled::by_default_sql
                                     ? std::string(text(column.default_sql))
                                     : dialect_.filled(column.filled, column.type.kind);
  return expression.empty() ? expression : default_expression(expression);
}

std::string DefinitionText::references(const Reference& reference) const {
  std::string sql = "REFERENCES " + quote_table(reference.table);
  if (!reference.columns.empty()) sql += " " + list(reference.columns);
  sql += referential_actions(reference.on_delete, reference.on_update);
  if (reference.initially_deferred) return sql + " DEFERRABLE INITIALLY DEFERRED";
  return reference.deferrable ? sql + " DEFERRABLE" : sql;
}

std::string DefinitionText::column(const NewColumn& column) const {
  const model::ColumnSpec spec = this->spec(column);
  std::string sql = dialect_.column_type(spec, column.primary_key);
  if (!text(column.computed).empty())
    sql += fmt::format(" GENERATED ALWAYS AS ({}) STORED", text(column.computed));
  if (!column.nullable) sql += " NOT NULL";
  if (const std::string value = default_value(column); !value.empty()) sql += " DEFAULT " + value;
  if (column.primary_key) sql += fmt::format(" PRIMARY KEY{}", dialect_.key_suffix(spec));
  if (column.unique) sql += " UNIQUE";
  if (!text(column.check).empty()) sql += fmt::format(" CHECK ({})", text(column.check));
  if (text(column.native_type).empty()) {
    if (const std::string check = value_check(column.name, column.type); !check.empty())
      sql += fmt::format(" CHECK ({})", check);
  }
  if (column.references) sql += " " + references(*column.references);
  return sql;
}

std::string DefinitionText::unique(const NewUnique& unique) const {
  return "UNIQUE " + list(unique.columns);
}

std::string DefinitionText::check(const NewCheck& check) const {
  const std::string_view expression = text(check.expression);
  return expression.empty() ? "" : fmt::format("CHECK ({})", expression);
}

std::string DefinitionText::foreign_key(const NewForeignKey& key) const {
  return fmt::format("FOREIGN KEY {} {}", list(key.columns), references(key.references));
}

std::string DefinitionText::create_table(const TableName& table, const NewTable& content) const {
  std::vector<std::string> lines;
  for (const NewColumn& it : content.columns) lines.push_back(quote(it.name) + " " + column(it));
  if (!content.primary_key.empty()) lines.push_back("PRIMARY KEY " + list(content.primary_key));
  for (const NewUnique& it : content.uniques) lines.push_back(named(*this, it.name) + unique(it));
  for (const NewCheck& it : content.checks) {
    if (const std::string definition = check(it); !definition.empty())
      lines.push_back(named(*this, it.name) + definition);
  }
  for (const NewForeignKey& it : content.foreign_keys)
    lines.push_back(named(*this, it.name) + foreign_key(it));
  return fmt::format("CREATE TABLE {} (\n  {}\n)", quote_table(table), fmt::join(lines, ",\n  "));
}

}  // namespace limbeck
