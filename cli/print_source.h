// SQL on standard output.
#pragma once

#include <string_view>

namespace limbeck::cli {

// As it is, for a file or another program. A terminal gets it with everything escaped that would
// command it: names may hold anything. Throws Error when it cannot be written.
void print_source(std::string_view sql);

}  // namespace limbeck::cli
