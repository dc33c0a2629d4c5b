// One run: what the parts of the runner share while it lasts. Internal to src/run.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <span>
#include <utility>

#include "run/crash_point.h"
#include "run/journal.h"
#include "run/pause.h"
#include "run/retry.h"
#include "run/runner.h"

namespace limbeck {

struct Run {
  explicit Run(const RunContext& run_context)
      : context(run_context),
        database(run_context.database),
        journal(run_context.database, new_run_identity()),
        crash(CrashPoints::from_environment()) {}

  const RunContext& context;
  TargetDatabase& database;
  Journal journal;
  CrashPoints crash;
  std::unique_ptr<RunLock> lock = nullptr;

  Connection& connection() const { return *database.connection; }
  const RunSettings& settings() const { return context.settings; }
  void tell(const Event& event) const {
    if (context.sink) context.sink(event);
  }
  bool interrupted() const { return context.interrupt != nullptr && context.interrupt->load(); }
};

// Tells of statements that are about to run.
inline void tell_statements(const Run& run, std::span<const sql::Statement> statements) {
  for (const sql::Statement& statement : statements) run.tell(StatementSent{statement.text});
}

// Throws Interrupted when the user has asked to stop.
void stop_if_interrupted(const Run& run);

// Throws Error (ExitCode::lock_not_acquired) when the run lock is not ours any more.
void check_lock(const Run& run);

// The state of the database, waiting for whoever keeps it from being read as for another run.
DatabaseState read_state(const Run& run);

// Waits for the lock, asking again and again, never in the server. Throws Error
// (ExitCode::lock_not_acquired) that says who holds it.
std::unique_ptr<RunLock> acquire_lock(const Run& run);

// The same for a run that writes. Throws Error when the database can only be read, before anybody
// waits.
std::unique_ptr<RunLock> lock_to_change(const Run& run);

// From now on a lock of somebody's is waited for as long as a step that takes short locks waits.
inline void use_lock_timeout(const Run& run) {
  run.connection().set_timeouts({.lock_ms = run.settings().lock_timeout_ms});
}

// What creates the version table and the journal where they are missing, for a transaction that
// also writes them. The lock must be held.
std::vector<Command> missing_tables(const Run& run);

// Creates the version table and the journal where they are missing; whether any was. The lock must
// be held. wrap: in a transaction of their own, or in the one that is open.
bool create_missing_tables(const Run& run, Wrap wrap = Wrap::own_transaction);

// Creates only the journal where it is missing. The lock must be held.
void create_missing_journal(const Run& run);

// Does the work again while it fails for want of a lock, as long as the settings allow. The work
// must have no effect when it fails.
template <class Work>
decltype(auto) with_retry(const Run& run, const Work& work) {
  const Patience patience{.total_ms = run.settings().lock_retry_ms,
                          .tell = run.context.sink,
                          .interrupt = run.context.interrupt};
  return with_patience(patience, work);
}

// A row of the journal in a transaction of its own, which waits for locks as a step with short
// locks does.
inline void write_row(const Run& run, const Command& row) {
  use_lock_timeout(run);
  with_retry(run, [&] { return run.connection().run({&row, 1}, Wrap::own_transaction); });
}

}  // namespace limbeck
