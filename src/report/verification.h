// What verify saw, for people and for programs.
#pragma once

#include <span>
#include <string>

#include "base/terminal.h"
#include "dialect/scratch.h"
#include "verify/verify.h"

namespace limbeck {

// sizes: of the tables where they are used; empty when that is not known. all_statements: not only
// those that are slow or in the way of others.
std::string verification_text(const Verification& verification,
                              std::span<const TableStatistics> sizes, bool all_statements,
                              const Painter& paint);

// {"clean": ..., "revisions": [...], "findings": [...], "way_back": ..., "passed_over": [...]}
std::string verification_json(const Verification& verification,
                              std::span<const TableStatistics> sizes);

}  // namespace limbeck
