// Values that an expression hints at: its constants and their neighbours, and what its patterns
// fit.
//
// It solves nothing: the database says whether a value is good.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace limbeck {

// 18 and its neighbours, what fits '%@%' or '^[A-Z]{3}$'. Different rows begin with different ones.
std::vector<std::string> hinted_values(std::string_view expression, std::size_t row);

}  // namespace limbeck
