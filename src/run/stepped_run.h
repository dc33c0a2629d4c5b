// Runs a revision step by step, journaled so that a killed run goes on where it stopped. Internal
// to src/run.
#pragma once

#include <vector>

#include "run/done_mark.h"
#include "run/revision_run.h"

namespace limbeck {

// The statements of a step as commands, in order.
std::vector<Command> step_commands(const Step& step);

// What an earlier run did of a revision that stopped must be what its file still says. Asked before
// anything is written, a backup included. Throws Error (ExitCode::tampered_revision).
void check_done_steps(const Run& run, const PreparedRevision& revision, const JournalEntry& open);

// check_done_steps has been asked.
void run_stepped(Run& run, const RevisionRun& work);

// No backfill of a table that is there assigns to its primary key, when it goes by that. Of other
// tables the backfill itself looks. Throws Error (ExitCode::invalid_project).
void check_backfill_keys(Run& run, const PreparedRevision& revision);

// ---- between stepped_run.cpp and backfill_run.cpp ----

// One step of an open revision.
struct StepRun {
  const RevisionRun& work;
  const Step& step;
  std::size_t number = 0;                   // from 1
  std::optional<JournalEntry> before = {};  // its last row from an earlier run: started or failed
};

// The row of the step, for the journal.
JournalEntry step_entry(const StepRun& step, std::string_view outcome);

// any_done: set as soon as a batch is committed.
void run_backfill(Run& run, const StepRun& step, DoneMark& any_done);

}  // namespace limbeck
