// Scratch databases on a PostgreSQL server: the user's own, or one that is started for the purpose.
#pragma once

#include <string_view>
#include <utility>

#include "dialect/scratch.h"

namespace limbeck::postgres {

std::pair<std::string_view, const ScratchDialect&> scratch_dialect();

}  // namespace limbeck::postgres
