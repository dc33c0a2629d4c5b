// Storage parameters and the options of foreign objects: fillfactor=70.
#pragma once

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "schema/field.h"

namespace limbeck {

struct Option {
  std::string name = {};
  std::string value = {};

  auto operator<=>(const Option&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("name", &Option::name), field("value", &Option::value));
  }
};

// In the order in which they were given; another order is no difference.
struct Options : std::vector<Option> {
  using std::vector<Option>::vector;

  bool operator==(const Options& other) const {
    return std::is_permutation(begin(), end(), other.begin(), other.end());
  }
};

}  // namespace limbeck
