// A number and what it counts: "1 revision", "2 revisions".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace limbeck {

// For words whose plural takes an s.
std::string counted(std::size_t number, std::string_view what);

}  // namespace limbeck
