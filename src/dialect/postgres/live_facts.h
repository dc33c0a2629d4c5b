// The catalog's facts about a live PostgreSQL database.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "dialect/live_facts.h"

namespace limbeck::postgres {

LiveFacts read_live_facts(Connection& connection);

// As dialect/live_rows.h has them.
bool has_tables(Connection& connection, std::span<const RelationName> without);
std::vector<std::string> table_names(Connection& connection);
bool holds_rows(Connection& connection, const RelationName& table);

}  // namespace limbeck::postgres
