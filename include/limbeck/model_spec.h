// What a declaration of tables says, as plain values.
//
// limbeck/model.h makes them at compile time out of structs; whatever reads a declaration (the SQL
// of a schema, rows, a comparison with a database) reads these. They point into the declarations
// themselves and own nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "limbeck/sql_type.h"

namespace limbeck::model {

// A piece of SQL, the same for every database or one for each. Empty for a database: what it
// belongs to is left out there.
struct Sql {
  constexpr Sql() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): a text is the ordinary case
  constexpr Sql(const char* everywhere) : postgresql(everywhere), sqlite(everywhere) {}
  constexpr Sql(std::string_view for_postgresql, std::string_view for_sqlite)
      : postgresql(for_postgresql), sqlite(for_sqlite) {}

  constexpr bool empty() const { return postgresql.empty() && sqlite.empty(); }

  std::string_view postgresql = {};
  std::string_view sqlite = {};
};

// Where a declaration stands in the program's source.
struct DeclaredAt {
  const char* file = "";
  int line = 0;
};

// serial: by a sequence of its own, as PostgreSQL's old pseudo-types have it.
enum class Identity : std::uint8_t { none, by_default, always, serial };

// What the database fills in itself when a row names no value.
enum class Filled : std::uint8_t { by_default_sql, random_uuid, now };

enum class Action : std::uint8_t { no_action, restricted, cascade, set_null, set_default };

inline constexpr std::size_t max_key_columns = 16;
inline constexpr std::size_t max_index_parts = 12;

// What a foreign key leads to.
struct KeyTarget {
  std::string_view schema = {};
  std::string_view table = {};
  std::array<std::string_view, max_key_columns> columns = {};
  std::size_t count = 0;
  bool is_key = false;  // a primary key, or unique
};

struct ForeignKeySpec {
  // The struct whose table it leads to, by name: tables may refer to each other in a ring.
  std::string_view struct_name = {};
  KeyTarget (*of_another_set)() = nullptr;  // where it leads to, if that is in another set
  bool leaves_set = false;
  std::string_view name = {};  // empty: as the database calls it
  Action on_delete = Action::no_action;
  Action on_update = Action::no_action;
  bool deferrable = false;
  bool initially_deferred = false;
};

struct CheckSpec {
  Sql expression = {};
  std::string_view name = {};
};

struct ColumnSpec {
  std::string_view member = {};
  std::string_view name = {};
  SqlTypeSpec type = {};
  bool nullable = false;
  bool primary = false;
  bool unique = false;
  bool is_foreign = false;
  bool updated_at = false;  // a trigger sets it to the time of every update
  bool virtual_column = false;
  Identity identity = Identity::none;
  Filled filled = Filled::by_default_sql;
  std::string_view unique_name = {};
  std::string_view comment = {};
  std::string_view renamed_from = {};
  Sql default_sql = {};
  Sql computed = {};
  Sql collation = {};    // a name
  Sql native_type = {};  // in the place of the type's own spelling
  Sql raw = {};          // at the end of the column's definition
  CheckSpec check = {};
  ForeignKeySpec foreign = {};
  std::string_view foreign_member = {};
};

enum class ConstraintKind : std::uint8_t { primary_key, unique, foreign_key, check };

// One over several columns, or one that is said beside the columns.
struct ConstraintSpec {
  ConstraintKind kind = ConstraintKind::check;
  std::string_view name = {};
  std::array<std::size_t, max_key_columns> columns = {};  // positions in the table
  std::size_t count = 0;
  Sql expression = {};  // of a check
  bool deferrable = false;
  bool initially_deferred = false;
  bool nulls_not_distinct = false;
  ForeignKeySpec foreign = {};
  std::array<std::string_view, max_key_columns> foreign_members = {};
};

enum class Nulls : std::uint8_t { as_usual, first, last };

struct IndexPartSpec {
  bool is_column = false;
  std::size_t column = 0;  // its position in the table
  Sql expression = {};
  Sql collation = {};
  std::string_view operator_class = {};  // PostgreSQL
  bool descending = false;
  Nulls nulls = Nulls::as_usual;
};

struct IndexSpec {
  std::string_view name = {};
  std::array<IndexPartSpec, max_index_parts> parts = {};
  std::size_t count = 0;
  bool unique = false;
  bool nulls_not_distinct = false;
  std::string_view method = {};  // another than btree: the index is for PostgreSQL alone
  Sql where = {};
  Sql raw = {};  // at the end of the statement
  bool on_postgresql = true;
  bool on_sqlite = true;
};

struct TableSpec {
  std::string_view name = {};
  std::string_view schema = {};  // empty: where the database puts a table without one
  std::string_view struct_name = {};
  DeclaredAt declared_at = {};
  std::string_view comment = {};
  std::string_view renamed_from = {};
  bool without_primary_key = false;
  Sql raw = {};  // after the closing parenthesis
  std::span<const ColumnSpec> columns = {};
  std::span<const ConstraintSpec> constraints = {};
  std::span<const IndexSpec> indexes = {};
};

// What a set needs beside its tables.
struct Extra {
  enum class Kind : std::uint8_t { extension, sql };
  Kind kind = Kind::sql;
  Sql text = {};
};

}  // namespace limbeck::model

namespace limbeck {

// A named set of tables. Several can be in one program and in one database; no table may be in two.
struct Metadata {
  std::string_view name = {};
  model::DeclaredAt declared_at = {};
  std::span<const model::TableSpec> tables = {};
  std::vector<model::Extra> extras = {};
};

}  // namespace limbeck
