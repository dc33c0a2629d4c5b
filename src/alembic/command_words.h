// A command line in one string, taken apart as a POSIX shell does: blanks, quotes, backslashes.
//
// Nothing is expanded, and no shell is started.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace limbeck::alembic {

// Nothing when a quote is not closed.
std::optional<std::vector<std::string>> command_words(std::string_view text);

}  // namespace limbeck::alembic
