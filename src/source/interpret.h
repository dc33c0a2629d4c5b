// Elaboration without a database: declared SQL and chains of revisions interpreted in memory.
#pragma once

#include <string_view>
#include <vector>

#include "run/chain.h"
#include "source/declared.h"
#include "source/load.h"

namespace limbeck {

// Files declare in any order: what fails for want of something is tried again after the others.
// Throws Error at the place of the statement that is at fault.
LoadedSchema interpret_declared(std::string_view dialect, const std::vector<SqlFile>& files);

// Every upgrade from nothing up to the selector.
LoadedSchema interpret_revisions(std::string_view dialect, const Chain& chain,
                                 std::string_view selector);

}  // namespace limbeck
