// The man page: made from the table of commands.
#pragma once

#include <string>

namespace limbeck::cli {

// limbeck(1) in roff.
std::string man_page();

}  // namespace limbeck::cli
