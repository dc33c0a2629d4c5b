// Values for the types that the databases themselves have, by their names.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace limbeck {

// Whose values they are.
struct SampleOf {
  std::size_t row = 0;      // from 0
  std::size_t variant = 0;  // how many columns of the table would hold the same values otherwise
  bool is_key = false;      // small values, that others can refer to
  std::size_t width = 0;    // of a text, and no edges of types then; 0: whatever is telling
};

using ValueMaker = std::function<std::vector<std::string>(const SampleOf&)>;

// What makes values of the type, "character varying(20)"; null when it is not known.
ValueMaker type_values(std::string_view type);

}  // namespace limbeck
