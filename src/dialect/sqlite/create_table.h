// Reads a CREATE TABLE statement as SQLite keeps it.
//
// SQLite's pragmas do not tell checks, the names of constraints, ON CONFLICT, DEFERRABLE, the
// expressions of generated columns and collations; the statement does. The text is taken for valid,
// as SQLite has run it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/constraint.h"
#include "schema/object.h"

namespace limbeck::sqlite {

// The table, its columns in order, its defaults and constraints. Throws Error for what is no CREATE
// TABLE with a list of columns.
//
// What has no field of its own:
// - AUTOINCREMENT is Column::identity.
// - ON CONFLICT of a NOT NULL, and its constraint's name, are the column's options
//   "not null conflict" and "not null name".
// - COLLATE and DESC of a column of a primary key or unique constraint are the constraint's option
//   column_option(). The option "place" = "column" says that a descending key stands at its
//   column, where it does not make an INTEGER column the row's id.
// - A constraint without a name is called by what it says: "(check age > 0)", and has the
//   option "unnamed". Of several that have one name, all but the first have it in the option
//   "name".
std::vector<Object> read_create_table(std::string_view sql);

// "column x"
std::string column_option(const std::string& column);

// The name that a constraint has in SQL; nothing when its id is made of what it says.
std::optional<std::string> constraint_name(const Object& constraint);

// Whether the only column of the key is another name of the row's id.
bool is_row_id(const Column& column, const Constraint& primary_key, const Table& table);

}  // namespace limbeck::sqlite
