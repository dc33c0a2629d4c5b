// How a database writes down a declaration of tables in C++ (limbeck/model_spec.h): what differs
// from one to the other. src/model/ddl.h writes the rest.
//
// It never reads a database, and knows nothing of sets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "limbeck/model_spec.h"

#include "dialect/dialect.h"

namespace limbeck {

// What several tables may need, and one statement makes: a type, a schema, a function.
struct SharedSql {
  std::string name = {};  // "type role": no two of one name may differ
  std::string sql = {};   // without a final semicolon

  bool operator==(const SharedSql&) const = default;
};

class ModelDialect {
 public:
  virtual ~ModelDialect() = default;

  virtual const Dialect& dialect() const = 0;
  std::string quote(std::string_view name) const;

  // The piece that is meant for this database; empty: none.
  virtual std::string_view text(const model::Sql& sql) const = 0;
  // The table as this database has it, which may have no schemas.
  virtual QualifiedName table(std::string_view schema, std::string_view name) const = 0;

  // What makes names without a schema stand in this one from here on; empty: they do already.
  virtual std::string in_schema(const std::string& schema) const = 0;

  // Without constraints. sole_key: the column alone is the table's primary key. Throws Error
  // (ExitCode::invalid_project) for what the database cannot have.
  virtual std::string column_type(const model::ColumnSpec& column, bool sole_key) const = 0;
  // What stands after PRIMARY KEY in such a column: " AUTOINCREMENT".
  virtual std::string_view key_suffix(const model::ColumnSpec& column) const = 0;
  // The expression that fills a column of a kind; empty for by_default_sql.
  virtual std::string filled(model::Filled filled, model::Kind kind) const = 0;
  // The condition on the values of the type that its name does not hold; empty: none.
  virtual std::string value_check(const model::SqlTypeSpec& type,
                                  const std::string& column) const = 0;
  virtual bool has_virtual_columns() const = 0;
  // Whether a unique constraint can be deferred, and can take NULL for a value like any other.
  virtual bool extends_keys() const = 0;
  // Whether a table can only refer to one that is there already.
  virtual bool foreign_keys_need_tables() const = 0;

  // What has to be there before the table.
  virtual std::vector<SharedSql> needed_by(const model::TableSpec& table) const = 0;
  virtual std::vector<SharedSql> needed_for(const model::Extra& extra) const = 0;
  // "CREATE INDEX ... ON table (columns)", up to its condition; empty: the database has no such.
  virtual std::string index(const model::TableSpec& table, const model::IndexSpec& index) const = 0;
  // What follows the table: its comments, the triggers that keep updated_at.
  virtual std::vector<std::string> after(const model::TableSpec& table) const = 0;
};

// Throws Error (ExitCode::usage) for a name that is none.
const ModelDialect& model_dialect_named(std::string_view name);

// ---- what the databases have in common ----

// The position of the column that alone is the primary key; nothing when it is of several.
std::optional<std::size_t> sole_key(const model::TableSpec& table);
// The columns of the primary key; empty: there is none.
std::vector<std::string_view> key_columns(const model::TableSpec& table);
bool keeps_updated_at(const model::TableSpec& table);
// " ON DELETE CASCADE ON UPDATE SET NULL": what follows the columns that a foreign key refers to.
// NO ACTION is not written.
std::string referential_actions(model::Action on_delete, model::Action on_update);

}  // namespace limbeck
