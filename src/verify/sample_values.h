// Values for a column of a type: plain ones, and those at its edges, which a careless change loses.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "schema/schema.h"

namespace limbeck {

// What the row of this number (from 0) may hold, as text that the database reads, the first ones
// before the others. Different rows begin with different values where the type has so many. Empty:
// the type is not known. is_key: small values, that others can refer to.
std::vector<std::string> sample_values(const Schema& schema, std::string_view type, std::size_t row,
                                       bool is_key);

// How many rows a column of this type wants: an enum each of its labels.
std::size_t wanted_rows(const Schema& schema, std::string_view type);

}  // namespace limbeck
