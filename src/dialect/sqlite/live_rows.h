// SQLite's side of dialect/live_rows.h.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "dialect/connection.h"
#include "schema/object_id.h"

namespace limbeck::sqlite {

bool has_tables(Connection& connection, std::span<const RelationName> without);
std::vector<std::string> table_names(Connection& connection);
bool holds_rows(Connection& connection, const RelationName& table);

}  // namespace limbeck::sqlite
