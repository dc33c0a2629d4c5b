// The plan of a revision: its file, for one direction and one dialect, as steps.
//
// Pure: no database is asked.
#pragma once

#include <vector>

#include "dialect/dialect.h"
#include "plan/step.h"

namespace limbeck {

// Sections for other dialects are left out. Consecutive transactional sections become one step;
// each statement of a no-transaction section, and each backfill, is a step of its own. A revision
// without statements has no steps. Throws Error (ExitCode::invalid_project) with the place: BEGIN,
// COMMIT and the like; a statement in a transactional section that the database refuses there; a
// setting there that would have no effect; a backfill that is not one UPDATE or DELETE of its
// table; a downgrade of a revision that has none (its message says "irreversible").
std::vector<Step> plan_revision(const RevisionFile& file, Direction direction,
                                const Dialect& dialect);

// Whether the steps can be committed in one transaction together with the version table: then the
// revision is atomic.
bool is_atomic(const std::vector<Step>& steps);

}  // namespace limbeck
