// What revision and merge have in common.
#pragma once

#include "cli/session.h"
#include "project/new_revision.h"

namespace limbeck::cli {

// Writes the revision, runs the hooks and says where it is.
ExitCode write_and_tell(Session& session, const NewRevision& wanted);

}  // namespace limbeck::cli
