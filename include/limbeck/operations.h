// What a revision that is written in C++ can do.
//
// Every operation runs at once, in the transaction of the revision, and is rendered for the
// database at hand. None takes a table from the program's models: those say what the newest
// revision leads to, and a revision has to do the same for ever.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "limbeck/model_options.h"
#include "limbeck/value.h"

namespace limbeck {

struct OperationHost;

// The schema is PostgreSQL's alone; SQLite has the name.
struct TableName {
  // NOLINTNEXTLINE(google-explicit-constructor): a table without a schema is the ordinary case
  TableName(const char* table) : name(table) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  TableName(std::string table) : name(std::move(table)) {}
  TableName(std::string in_schema, std::string table)
      : schema(std::move(in_schema)), name(std::move(table)) {}

  std::string schema = {};
  std::string name;
};

// What a foreign key leads to.
struct Reference {
  TableName table;
  std::vector<std::string> columns = {};  // empty: the primary key
  model::Action on_delete = model::Action::no_action;
  model::Action on_update = model::Action::no_action;
  bool deferrable = false;
  bool initially_deferred = false;
};

struct NewColumn {
  std::string name = {};
  model::SqlTypeSpec type = {};  // limbeck::model::text, varchar(50), uuid, ...
  bool nullable = false;
  bool primary_key = false;  // the only column of it
  bool unique = false;
  model::Identity identity = model::Identity::none;
  model::Filled filled = model::Filled::by_default_sql;
  model::Sql default_sql = {};  // an expression
  model::Sql computed = {};     // an expression: the column is generated and stored
  model::Sql check = {};
  model::Sql native_type = {};  // in the place of `type`
  std::optional<Reference> references = {};
};

struct NewUnique {
  std::string name = {};  // empty: as the database calls it
  std::vector<std::string> columns = {};
};
struct NewCheck {
  std::string name = {};
  model::Sql expression = {};  // empty for a database: not there
};
struct NewForeignKey {
  std::string name = {};
  std::vector<std::string> columns = {};
  Reference references;
};

struct NewTable {
  std::vector<NewColumn> columns = {};
  std::vector<std::string> primary_key = {};  // of several columns
  std::vector<NewUnique> uniques = {};
  std::vector<NewCheck> checks = {};
  std::vector<NewForeignKey> foreign_keys = {};
};

// What is absent stays as it is.
struct ColumnChange {
  std::optional<model::SqlTypeSpec> type = {};
  model::Sql using_sql = {};  // PostgreSQL: how the old value becomes one of the new type
  std::optional<bool> nullable = {};
  std::optional<model::Sql> default_sql = {};  // an empty one: no default any more
};

struct IndexOptions {
  bool unique = false;
  model::Sql where = {};
  std::string method = {};    // PostgreSQL: another than btree
  bool concurrently = false;  // PostgreSQL: within outside_transaction()
};

class Operations {
 public:
  // "postgresql" or "sqlite".
  std::string_view dialect() const;

  // ---- SQL ----

  // Statements with parameters $1, $2, ...; several statements only without parameters. Returns the
  // rows that the last one changed; 0 for what an earlier run has committed. Throws DatabaseError,
  // which ends the revision.
  std::int64_t execute(std::string_view sql, const std::vector<Value>& parameters = {});
  // A question. After commit() or outside_transaction() it is asked again when the revision is gone
  // on with, so it must not change anything.
  ResultSet query(std::string_view sql, const std::vector<Value>& parameters = {});
  // Rows with a value for each of the columns, in as few statements as the database allows.
  void insert_rows(const TableName& table, const std::vector<std::string>& columns,
                   const std::vector<Row>& rows);

  // ---- tables ----
  //
  // What SQLite's ALTER TABLE cannot do is done by building the table anew, with its rows, indexes
  // and triggers. Throws Error (ExitCode::invalid_project) for what cannot be said on the database.

  void create_table(const TableName& table, const NewTable& content);
  void drop_table(const TableName& table);
  void rename_table(const TableName& table, std::string_view new_name);

  void add_column(const TableName& table, const NewColumn& column);
  void drop_column(const TableName& table, std::string_view column);
  void rename_column(const TableName& table, std::string_view column, std::string_view new_name);
  void alter_column(const TableName& table, std::string_view column, const ColumnChange& change);

  void create_index(std::string_view name, const TableName& table,
                    const std::vector<std::string>& columns, const IndexOptions& options = {});
  // schema: of its table.
  void drop_index(std::string_view name, std::string_view schema = {});

  void add_unique(const TableName& table, const NewUnique& unique);
  void add_check(const TableName& table, const NewCheck& check);
  void add_foreign_key(const TableName& table, const NewForeignKey& key);
  void drop_constraint(const TableName& table, std::string_view name);

  // ---- enums: PostgreSQL's types ----
  //
  // On SQLite, where an enum is a text with a check, these do nothing: a column of
  // Kind::enumeration brings its check, and alter_column() with the new labels changes it.

  void create_enum(const TableName& name, const std::vector<std::string>& labels);
  // The new label can be used after a commit().
  void add_enum_value(const TableName& name, std::string_view label);
  void rename_enum_value(const TableName& name, std::string_view label, std::string_view new_label);
  void drop_enum(const TableName& name);

  // ---- transactions ----

  // Commits what was done up to here. From then on the revision is no longer atomic: its parts are
  // journaled, and the next run passes over those that are done. For batches over large tables.
  void commit();
  // Statements that no transaction can hold, each committed alone: CREATE INDEX CONCURRENTLY.
  void outside_transaction(const std::function<void()>& work);

  // What follows in this revision is meant to take rows with it, though the table holds some:
  // drop_table, drop_column, DELETE without a condition. Without it such an operation is refused,
  // and the revision rolled back, unless UpgradeOptions::accept_data_loss is set. reason: for
  // whoever reads the revision.
  void accept_data_loss(std::string_view reason);

  // A line for whoever watches: Progress::Kind::notice, when the revision is done.
  void note(std::string text);

  explicit Operations(OperationHost& host) : host_(host) {}

 private:
  OperationHost& host_;
};

}  // namespace limbeck
