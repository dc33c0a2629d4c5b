// How long a statement may take on the tables of a database in use, told from the time that it took
// on fewer rows here.
//
// It takes the time for each row to be the same there. It guesses nothing from a few rows.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "verify/contents.h"
#include "verify/scratch_run.h"

namespace limbeck {

// statement: as it ran on the rows. text: all of it. empty_seconds: what it took on empty tables.
// Nothing: it is about no table that has rows enough here, or took
// no longer with them.
std::optional<TimeEstimate> estimate_of(const WatchedStatement& statement, std::string_view text,
                                        double empty_seconds, const Contents& here,
                                        std::span<const TableStatistics> there);

}  // namespace limbeck
