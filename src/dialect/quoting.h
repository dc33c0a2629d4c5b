// Quoting: the one place where a name or a text gets its quotes. Behind Dialect::quote; nobody else
// calls it.
#pragma once

#include <string>
#include <string_view>

#include "dialect/identifier.h"

namespace limbeck {

// text between quotes, with every quote in it doubled. Throws Error (ExitCode::invalid_project) for
// a NUL byte.
std::string in_quotes(std::string_view text, char quote);

// "name", also refusing an empty one.
std::string quoted_identifier(const Identifier& identifier);

}  // namespace limbeck
