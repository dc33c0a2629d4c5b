// Runs a script against the database that it asks: every statement in its turn, in the runner's own
// transaction. Internal to src/run.
//
// A script that stays in its transaction is atomic, as an SQL revision is. One that leaves it
// (autocommit_block(), commit()) is journaled step by step from there on: when it is run again
// after a kill, the statements that were committed are passed over, each with the number of rows
// that it changed then, and what only reads is asked again.
#pragma once

#include "run/revision_run.h"

namespace limbeck {

// wrap: open_transaction for a revision that shares its transaction with others; it must not leave
// it then, and its rows are somebody else's to write.
void run_live(Run& run, const RevisionRun& work, Wrap wrap = Wrap::own_transaction);

}  // namespace limbeck
