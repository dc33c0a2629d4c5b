// Scratch databases of SQLite: in memory.
#pragma once

#include <string_view>
#include <utility>

#include "dialect/scratch.h"

namespace limbeck::sqlite {

std::pair<std::string_view, const ScratchDialect&> scratch_dialect();

}  // namespace limbeck::sqlite
