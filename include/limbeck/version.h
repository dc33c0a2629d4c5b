// The version of the library and the program. Recorded in the journal with every run.
#pragma once

#include <string_view>

namespace limbeck {

inline constexpr std::string_view version = "0.1.0";

}  // namespace limbeck
