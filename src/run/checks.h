// What must hold before a run may change anything.
#pragma once

#include "run/settings.h"
#include "run/state.h"

namespace limbeck {

// Every row of the version table is a revision of this chain.
void check_known(const Chain& chain, const DatabaseState& state);

// No applied revision's file has changed since it was run, unless the settings accept that. Not
// looked at are the revision that stopped between its steps, whose rest may be mended, and those
// that are about to be undone.
void check_unchanged(const Chain& chain, const DatabaseState& state, const RunSettings& settings,
                     std::span<const RevisionStep> steps);

// Other work has to wait until that which stopped between its steps is finished.
Error stopped_in_its_middle(const RevisionGraph& graph, const JournalEntry& open);

// The command that goes on with a revision that stopped between its steps.
std::string resuming_command(const RevisionGraph& graph, const JournalEntry& open);

}  // namespace limbeck
