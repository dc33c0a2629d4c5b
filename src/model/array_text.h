// Arrays as text: as PostgreSQL writes them, and as JSON for SQLite. Of one dimension.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "limbeck/sql_type.h"

namespace limbeck::model {

std::string postgres_array(std::span<const Value> elements);  // {1,NULL,"a b"}
// Every element is a text, or NULL. Throws Error for a text that is none, and for one of several
// dimensions.
std::vector<Value> read_postgres_array(std::string_view text);

// kind: of the elements; booleans are true and false. Bytes are hexadecimal, as PostgreSQL's are.
std::string json_array(std::span<const Value> elements, Kind kind);
// Throws Error for a text that is none, and for an element that is a list or an object.
std::vector<Value> read_json_array(std::string_view text);

}  // namespace limbeck::model
