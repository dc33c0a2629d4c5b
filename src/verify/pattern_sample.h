// A text that fits a regular expression, as checks have them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace limbeck {

// Of each alternative the first, of each repetition as few as there may be, but one, and `more`
// where there may be more. row: different rows get different characters where a class leaves the
// choice. What it does not understand (references, lookahead) it passes over: the text may not fit
// then.
std::string pattern_sample(std::string_view pattern, std::size_t row, std::size_t more);

}  // namespace limbeck
