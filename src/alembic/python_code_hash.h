// What a Python source says, as a hash that does not see how it is laid out.
#pragma once

#include <string>
#include <string_view>

namespace limbeck::alembic {

// The same for two texts that differ in comments, docstrings, blank lines, the breaks of lines, the
// depth of indents, the quotes around strings, and commas before closing brackets. Empty for what
// is no Python.
std::string python_code_hash(std::string_view text);

}  // namespace limbeck::alembic
