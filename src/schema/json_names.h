// The names of enumerators in the JSON form of a schema. Internal to src/schema.
#pragma once

#include <array>
#include <string_view>

#include "schema/object.h"

namespace limbeck {

// In the order of the enumerators.
constexpr auto names_of(ConstraintType) {
  return std::array<std::string_view, 5>{"primary key", "unique", "foreign key", "check",
                                         "exclusion"};
}
constexpr auto names_of(Persistence) {
  return std::array<std::string_view, 2>{"permanent", "unlogged"};
}
constexpr auto names_of(ReplicaIdentity) {
  return std::array<std::string_view, 4>{"primary key", "nothing", "full", "index"};
}
constexpr auto names_of(Enabled) {
  return std::array<std::string_view, 4>{"origin", "disabled", "replica", "always"};
}

}  // namespace limbeck
