// SQLite's side of dialect/live_rows.h.
#pragma once

#include <span>

#include "dialect/connection.h"
#include "schema/object_id.h"

namespace limbeck::sqlite {

bool has_tables(Connection& connection, std::span<const RelationName> without);
bool holds_rows(Connection& connection, const RelationName& table);

}  // namespace limbeck::sqlite
