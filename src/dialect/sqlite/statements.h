// Reads the statements other than CREATE TABLE that SQLite keeps: CREATE INDEX, CREATE VIEW, CREATE
// TRIGGER and CREATE VIRTUAL TABLE.
//
// The text is taken for valid, as SQLite has run it. Each throws Error for another statement.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "schema/object.h"

namespace limbeck::sqlite {

// columns: the names in its table.
Object read_create_index(std::string_view sql, std::span<const std::string> columns);
Object read_create_view(std::string_view sql);
Object read_create_trigger(std::string_view sql);
// An opaque object whose part is "virtual table".
Object read_create_virtual_table(std::string_view sql);

// The column list of a view, as written, stands before its query: "(a, b) AS SELECT ...".
std::string view_sql(const Object& view);

}  // namespace limbeck::sqlite
