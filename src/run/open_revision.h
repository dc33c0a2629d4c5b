// A revision that is run step by step, journaled so that a killed run goes on where it stopped.
// Internal to src/run.
//
// Its row in the journal stays "started" until its last step is done; each step has a row of its
// own. It does not know which steps come: who drives it (stepped_run, live_run) gives them one by
// one, counted from 1.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "run/done_mark.h"
#include "run/stepped_run.h"

namespace limbeck {

// What was done must be what the file still says; the rest may have been mended. entry: the last
// row of the step from an earlier run. step: nullptr when the file has none of that number any
// more. Throws Error (ExitCode::tampered_revision).
void check_step_unchanged(const RevisionFile& file, const JournalEntry& entry, const Step* step);

class OpenRevision {
 public:
  // total: of the steps; 0 when nobody knows.
  OpenRevision(Run& run, const RevisionRun& work, std::size_t total);

  // Writes the revision's row, the intent of the whole, or takes up the one that is there: waits
  // for the server process of the run before.
  void open();
  // The rows of the steps of earlier runs, the last of each.
  const std::map<std::int64_t, JournalEntry>& before() const { return before_; }
  // The same as check_step_unchanged, of the step of that number, if an earlier run has met it.
  void check_unchanged(std::size_t number, const Step* step) const;

  // Runs one step, or passes over it when an earlier run has done it.
  void run_step(const Step& step, std::size_t number);
  // Commits the transaction that is open, in which the statements of the step were run already.
  // affected: the rows that they changed.
  void commit_step(const Step& step, std::size_t number, std::int64_t affected);
  // What the timeouts of the settings are for such a step.
  void set_timeouts(const Step& step);
  // The version table, and the end of the revision's row.
  void finish();

  // The step failed: where, and what state the database is in. When nothing has happened yet, the
  // revision's row is closed.
  void explain(Error& error, std::size_t number, const std::vector<sql::Statement>& statements);

 private:
  JournalEntry intent() const;
  std::optional<JournalEntry> before(std::size_t number) const;
  void wait_for_orphans();
  void run_in_transaction(const StepRun& it);
  void run_setting(const StepRun& it);
  void run_outside(const StepRun& it);
  bool adopt(const StepRun& it);
  ProbeResult probe(const StepRun& it) const;
  void remove_debris(const ProbeResult& result);
  void clean_up(const StepRun& it, bool was_there) noexcept;
  void verify(const StepRun& it, std::int64_t row);
  void record(const Command& row);
  void record_quietly(const Command& row) noexcept;
  std::int64_t begin_row(const JournalEntry& entry);
  JournalEntry failed_entry(const StepRun& it, const SqlFailure& failure) const;
  std::string stopped_state(std::size_t number) const;
  void explain_stop(Error& error, std::size_t number,
                    const std::vector<sql::Statement>& statements) const;

  Run& run_;
  const RevisionRun& work_;
  const RevisionFile& file_;
  std::size_t total_;
  std::int64_t id_ = 0;                          // of the revision's row
  std::map<std::int64_t, JournalEntry> before_;  // the last row of each step from earlier runs
  DoneMark any_done_;
};

}  // namespace limbeck
