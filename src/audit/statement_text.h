// Which tables a statement speaks of, told from its first words alone.
#pragma once

#include <optional>
#include <vector>

#include "schema/object_id.h"
#include "sql/statement.h"

namespace limbeck {

// In all of them: names without a schema have none; fold: whether unquoted names mean their
// lower-case form.

struct CreatedTable {
  RelationName table = {};
  bool if_not_exists = false;
};
std::optional<CreatedTable> created_table(const sql::Statement& statement, bool fold);

struct RenamedTable {
  RelationName from = {};
  RelationName to = {};
};
std::optional<RenamedTable> renamed_table(const sql::Statement& statement, bool fold);

std::vector<RelationName> dropped_tables(const sql::Statement& statement, bool fold);

// The table that CREATE TABLE, CREATE INDEX, ALTER TABLE, COMMENT ON TABLE or COLUMN is about.
std::optional<RelationName> table_of(const sql::Statement& statement, bool fold);

}  // namespace limbeck
