// The definitions of columns and constraints as SQL of one database.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "limbeck/operations.h"

#include "dialect/model_dialect.h"

namespace limbeck {

class DefinitionText {
 public:
  explicit DefinitionText(const ModelDialect& dialect) : dialect_(dialect) {}

  std::string quote(std::string_view name) const { return dialect_.quote(name); }
  std::string quote_table(const TableName& table) const;
  std::string list(const std::vector<std::string>& names) const;  // "(a, b)"
  std::string_view text(const model::Sql& sql) const { return dialect_.text(sql); }

  // Of a column whose name and use are not known: what it is cast to.
  std::string type(std::string_view column, const model::SqlTypeSpec& type) const;
  // The labels that a column of an enum may have, where its type does not say; empty: it does.
  std::string value_check(std::string_view column, const model::SqlTypeSpec& type) const;
  // What stands after DEFAULT; empty: none.
  std::string default_value(const NewColumn& column) const;
  // Without the name, as in CREATE TABLE.
  std::string column(const NewColumn& column) const;
  std::string references(const Reference& reference) const;

  // Without CONSTRAINT and the name. An empty one is not there on this database.
  std::string unique(const NewUnique& unique) const;
  std::string check(const NewCheck& check) const;
  std::string foreign_key(const NewForeignKey& key) const;

  // The whole statement. Throws Error (ExitCode::invalid_project).
  std::string create_table(const TableName& table, const NewTable& content) const;

 private:
  model::ColumnSpec spec(const NewColumn& column) const;

  const ModelDialect& dialect_;
};

// "CONSTRAINT name " before a definition, or nothing without a name.
std::string named(const DefinitionText& text, std::string_view name);

// What follows DEFAULT: a literal or one word as it is, anything else in parentheses.
std::string default_expression(std::string_view expression);

}  // namespace limbeck
