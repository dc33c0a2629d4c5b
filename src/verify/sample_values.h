// Values for a column of a type: plain ones, and those at its edges, which a careless change loses.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "schema/schema.h"

namespace limbeck {

// Whose values they are.
struct SampleOf {
  std::size_t row = 0;      // from 0
  std::size_t variant = 0;  // how many columns of the table would hold the same values otherwise
  bool is_key = false;      // small values, that others can refer to
};

// What a column of the type may hold, as text that the database reads, the first ones before the
// others. Different rows, and different variants, begin with different values where the type has so
// many. Empty: the type is not known.
std::vector<std::string> sample_values(const Schema& schema, std::string_view type,
                                       const SampleOf& of);

// How many rows a column of this type wants: an enum each of its labels.
std::size_t wanted_rows(const Schema& schema, std::string_view type);

}  // namespace limbeck
