// The chain of the revisions that a program carries.
#pragma once

#include <optional>

#include "limbeck/revisions.h"

#include "run/chain.h"
#include "run/state.h"

namespace limbeck {

// revisions must outlive it. Throws Error (ExitCode::invalid_project): a header that is wrong, a
// graph that does not close, a revision in C++ without upgrade.
Chain chain_of(const Revisions& revisions);

// The same as a database in this state sees it: one that stands within a squash goes on with the
// revisions in whose place the squash stands. Nothing when the chain is right as it is.
std::optional<Chain> chain_at(const Chain& chain, const Revisions& revisions,
                              const DatabaseState& state);

}  // namespace limbeck
