// What revision and merge have in common.
#pragma once

#include "cli/session.h"
#include "project/new_revision.h"

namespace limbeck::cli {

// Writes the revision, runs the hooks and says where it is. lint_for: lint says what it finds in it
// for this dialect; empty: it is not asked.
ExitCode write_and_tell(Session& session, const NewRevision& wanted,
                        const std::string& lint_for = {});

}  // namespace limbeck::cli
