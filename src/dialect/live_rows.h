// Whether a live database holds tables, and its tables rows: read alone, in or out of a
// transaction.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/connection.h"
#include "schema/object_id.h"

namespace limbeck {

// Whether there is any table that a user made, but for these.
bool has_tables(std::string_view dialect, Connection& connection,
                std::span<const RelationName> without);

// The names of all from which rows can be deleted, views too, without their schemas.
std::vector<std::string> table_names(std::string_view dialect, Connection& connection);

// Whether the table or view is there and holds a row, in itself or in what belongs to it
// (partitions). Of rows that may not be read, it is enough that there is room for some.
bool holds_rows(std::string_view dialect, Connection& connection, const RelationName& table);

}  // namespace limbeck
