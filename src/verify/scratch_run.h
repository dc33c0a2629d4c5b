// Runs one revision after the other in a scratch database, with its rows, and watches: how long,
// under which locks.
//
// What reaches beyond the scratch database is never run. Nothing is journaled.
#pragma once

#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "dialect/scratch.h"
#include "revision/walk.h"
#include "run/chain.h"
#include "schema/schema.h"

namespace limbeck {

struct WatchedRun {
  double seconds = 0;
  std::vector<HeldLock> locks = {};        // the strongest on each table
  std::vector<std::string> texts = {};     // of the statements
  std::set<std::string> passed_over = {};  // statements that reach beyond the database
};

class ScratchRun {
 public:
  ScratchRun(const Chain& chain, const Dialect& dialect, const ScratchDialect& scratch_dialect,
             Scratch& scratch)
      : chain_(chain), dialect_(dialect), scratch_dialect_(scratch_dialect), scratch_(scratch) {}

  // Throws what Chain::plan throws, and DatabaseError with the place of the statement; the step of
  // the revision that failed has left nothing then.
  WatchedRun run(const RevisionStep& step);

 private:
  void run_live(const PlannedRevision& planned, WatchedRun& watched);
  void run_step(const Step& step, const PlannedRevision& planned, const RevisionStep& revision,
                WatchedRun& watched);
  void run_statement(const sql::Statement& statement, bool in_transaction, WatchedRun& watched);
  void note_locks(WatchedRun& watched);
  bool make_missing_role(const DatabaseError& error);

  const Chain& chain_;
  const Dialect& dialect_;
  const ScratchDialect& scratch_dialect_;
  Scratch& scratch_;
};

}  // namespace limbeck
