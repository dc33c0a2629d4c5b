// Has the project's own Alembic run one revision: what no stand-in can do. Internal to src/run.
//
// The run lock stays ours, and the journal says that it was delegated. Before it runs anything
// Alembic has to find that row on its own connection: its env.py may lead to another database.
// Alembic moves the version table itself; whether it did is looked at afterwards. When a run was
// killed in between, the version table says whether Alembic was done.
#pragma once

#include "run/revision_run.h"

namespace limbeck {

void run_delegated(Run& run, const RevisionRun& work);

// Whether an open row is of a revision that Alembic has ended, so that only the row is left to be
// closed. current: the rows of the version table.
bool is_done_by_alembic(const JournalEntry& open, const std::vector<std::string>& current);

}  // namespace limbeck
