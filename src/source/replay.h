// Replays a chain of revisions in a scratch database: what they build, without a journal and
// without the version table.
#pragma once

#include <set>
#include <span>
#include <string_view>

#include "dialect/dialect.h"
#include "dialect/scratch.h"
#include "revision/walk.h"
#include "run/chain.h"
#include "schema/schema.h"

namespace limbeck {

// Every upgrade from nothing up to the selector. Returns what was not run. Throws what reading the
// chain throws, and DatabaseError (ExitCode::invalid_project) at the place of a statement that
// failed.
std::set<Unmodelled> replay(Scratch& scratch, const ScratchDialect& scratch_dialect,
                            const Dialect& dialect, const Chain& chain, std::string_view selector);
// These steps, up or down.
std::set<Unmodelled> replay(Scratch& scratch, const ScratchDialect& scratch_dialect,
                            const Dialect& dialect, const Chain& chain,
                            std::span<const RevisionStep> steps);

}  // namespace limbeck
