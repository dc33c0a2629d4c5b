// The chain as a database sees it: one that stands within a squash goes on with the revisions in
// whose place the squash stands.
//
// It never changes a database or a file.
#pragma once

#include <optional>

#include "run/chain.h"
#include "run/state.h"

namespace limbeck {

// The chain with every squash in which the database stands replaced by its parts. Nothing when the
// chain is right as it is. Throws Error (ExitCode::invalid_project) when the files of the parts are
// not there.
std::optional<Chain> unsquashed(const Chain& chain, const DatabaseState& state);
// The same; the database is asked only when the chain has a squash.
std::optional<Chain> unsquashed(const Chain& chain, TargetDatabase& database);

}  // namespace limbeck
