// The words of a statement's text, in lower case and in their order, whatever quotes and comments
// they stand in: for questions whose answer may be yes too often and never no.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace limbeck {

// Words of letters, digits and underlines.
std::vector<std::string> words_in(std::string_view text);

}  // namespace limbeck
