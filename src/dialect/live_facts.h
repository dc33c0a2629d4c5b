// What a live database says of itself, read alone: its version, and how large its tables are.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "dialect/connection.h"
#include "schema/object_id.h"

namespace limbeck {

struct LiveTable {
  std::int64_t rows = 0;  // an estimate, from the last ANALYZE
  std::int64_t bytes = 0;
};

struct LiveFacts {
  int version = 0;             // as PostgreSQL counts: 150004; 0 for others
  std::string time_zone = {};  // of the session
  std::map<RelationName, LiveTable> tables = {};
};

LiveFacts read_live_facts(std::string_view dialect, Connection& connection);

}  // namespace limbeck
