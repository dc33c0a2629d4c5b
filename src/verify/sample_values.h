// Values for a column of a type: plain ones, and those at its edges, which a careless change loses.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "schema/schema.h"
#include "verify/type_values.h"

namespace limbeck {

// What makes values of the type, of the schema's own as well; null when it is not known.
ValueMaker value_maker(const Schema& schema, std::string_view type);

// What a column of the type may hold, as text that the database reads, the first ones before the
// others. Different rows, and different variants, begin with different values where the type has so
// many. Empty: the type is not known.
std::vector<std::string> sample_values(const Schema& schema, std::string_view type,
                                       const SampleOf& of);

// How many rows a column of this type wants: an enum each of its labels.
std::size_t wanted_rows(const Schema& schema, std::string_view type);

}  // namespace limbeck
