// What was foreseen against what was seen while a statement ran on a scratch database.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "dialect/effect.h"
#include "lint/finding.h"
#include "lint/past.h"
#include "lint/rule.h"

namespace limbeck {

// Proves the findings from `first` on, which are those of one statement: what was foreseen and did
// not happen is none. alone: it ran outside a transaction, where not everything is seen.
void prove(std::vector<Finding>& findings, std::size_t first, const Impacts& observed,
           const StatementEffects& foreseen, bool alone);

struct Unforeseen {
  Hit hit = {};
  Effect effect = {};
};
// Long work under a lock that none of the findings from `first` on speaks of.
std::optional<Unforeseen> unforeseen(const std::vector<Finding>& findings, std::size_t first,
                                     const Impacts& observed, const RevisionPast& past);

}  // namespace limbeck
