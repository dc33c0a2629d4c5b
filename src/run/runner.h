// The runner: brings a database from where it is to where it should be, one revision after the
// other.
//
// A journaled state machine: intent, execute, probe, result. What can be atomic is one transaction
// with the version table and the journal; what cannot is journaled step by step, so that a run that
// was killed goes on where it stopped and runs nothing twice. It holds the run lock while it works,
// and reads the state again after it has got it. It never prints.
#pragma once

#include <atomic>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "run/chain.h"
#include "run/crash_point.h"
#include "run/event.h"
#include "run/review.h"
#include "run/settings.h"
#include "run/state.h"
#include "run/target_database.h"

namespace limbeck {

struct RunContext {
  const Chain& chain;
  TargetDatabase& database;
  RunSettings settings = {};
  EventSink sink = {};                           // may be empty
  const std::atomic<bool>* interrupt = nullptr;  // looked at between steps and while waiting
  RunReview* review = nullptr;                   // looks at it before anything is changed
  // Set while a revision is done in part, for who may end the program at once; may be null.
  std::atomic<bool>* done_in_part = nullptr;
};

struct RanRevision {
  std::string id;
  Direction direction = Direction::upgrade;
  double seconds = 0;
};

struct RunReport {
  std::vector<RanRevision> revisions =
      {};                               // in the order in which they were run; empty: nothing to do
  std::vector<std::string> heads = {};  // what the version table holds now
  std::string backup_file = {};         // empty: none was made
  bool stamped = false;                 // the rows of the version table were set without a run
};

// What a run would pass. Throws Error (ExitCode::usage) for a target that is wrong.
std::vector<RevisionStep> run_steps(const Chain& chain, Direction direction,
                                    std::string_view target, const DatabaseState& state);

// target: any selector. seen: the state of the database, where it was read a moment ago; it is read
// again as soon as there is a lock. Nothing to do creates nothing and takes no lock.
// Throws Error: usage (the target), invalid_project (a revision), what the review throws,
// lock_not_acquired,
// tampered_revision, failed_rolled_back, failed_between_steps, interrupted, cannot_connect. The
// report of the error says what state the database is in.
RunReport upgrade(const RunContext& context, std::string_view target,
                  std::optional<DatabaseState> seen = std::nullopt);
RunReport downgrade(const RunContext& context, std::string_view target,
                    std::optional<DatabaseState> seen = std::nullopt);

// Sets the version table without running anything. purge: all its rows are removed first, unknown
// ones too.
RunReport stamp(const RunContext& context, std::span<const std::string> targets, bool purge);

// Creates the version table and the journal where they are missing. Whether anything was created.
bool ensure_version_tables(const RunContext& context);

}  // namespace limbeck
