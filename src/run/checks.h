// What must hold before a run may change anything. Internal to src/run.
#pragma once

#include "run/settings.h"
#include "run/state.h"

namespace limbeck {

// Every row of the version table is a revision of this chain.
void check_known(const Chain& chain, const DatabaseState& state);

// No applied revision's file has changed since it was run, unless the settings accept that.
void check_unchanged(const Chain& chain, const DatabaseState& state, const RunSettings& settings);

}  // namespace limbeck
