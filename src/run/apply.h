// Runs a plan of changes that is no revision, with all that keeps a revision's run safe: the lock,
// the journal, a backup, resuming. The version table is not touched.
//
// It never decides what the plan holds.
#pragma once

#include <functional>
#include <string>

#include "revision/revision_file.h"
#include "run/runner.h"

namespace limbeck {

struct ApplyReport {
  double seconds = 0;
  bool resumed = false;          // an earlier run had begun it
  std::string backup_file = {};  // empty: none was made
};

// plan: its upgrade sections are run; its id names it in the journal. verify: called when the lock
// is held and before anything runs; throws when the database is not what the plan was made for. A
// plan that an earlier run has begun goes on where that one stopped, and is not verified: it has
// changed the database itself. Throws what upgrade() throws.
ApplyReport apply_plan(const RunContext& context, const RevisionFile& plan,
                       const std::function<void()>& verify);

}  // namespace limbeck
