// How two objects of the same id differ.
//
// It never says how a difference is applied; a dialect does.
#pragma once

#include <string_view>
#include <vector>

#include "schema/object.h"

namespace limbeck {

// The names of the compared fields that differ, in the order of their declaration, then "comment",
// "owner", "privileges". Both must be of one kind. Empty: no difference.
std::vector<std::string_view> differing_fields(const Object& from, const Object& to);

}  // namespace limbeck
