// Runs one revision after the other in a scratch database, with its rows, and watches: how long
// each statement takes, under which locks, and what it does meanwhile.
//
// What reaches beyond the scratch database is never run. Nothing is journaled.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "dialect/scratch.h"
#include "dialect/trace.h"
#include "revision/walk.h"
#include "run/chain.h"
#include "schema/schema.h"

namespace limbeck {

// How long a statement may take where a table is larger.
struct TimeEstimate {
  RelationName table = {};
  double seconds = 0;
  std::size_t rows_here = 0;
  double rows_there = 0;
};

struct WatchedStatement {
  Place place = {};
  std::string text = {};  // how it begins, without passwords
  double seconds = 0;
  // A relation without a name is the whole database.
  Observation seen = {};
  std::optional<TimeEstimate> there = {};  // where the tables are used, if that is known
};

struct WatchedRun {
  double seconds = 0;  // with its commits
  std::vector<WatchedStatement> statements = {};
  std::vector<std::string> texts = {};     // of the statements
  std::set<std::string> passed_over = {};  // statements that reach beyond the database
  bool delegated = false;  // only the project's own Alembic could run it: nothing was run
};

// Of each table, the strongest that a statement took.
std::map<RelationName, LockLevel> strongest_locks(std::span<const WatchedStatement> statements);

class ScratchRun {
 public:
  // observer: null where nobody wants to know more than the times.
  ScratchRun(const Chain& chain, const Dialect& dialect, const ScratchDialect& scratch_dialect,
             Scratch& scratch, Observer* observer)
      : chain_(chain),
        dialect_(dialect),
        scratch_dialect_(scratch_dialect),
        scratch_(scratch),
        observer_(observer) {}

  // Throws what Chain::plan throws, and DatabaseError with the place of the statement; the step of
  // the revision that failed has left nothing then.
  WatchedRun run(const RevisionStep& step);

 private:
  using Clock = std::chrono::steady_clock;

  void run_live(const PlannedRevision& planned, WatchedRun& watched);
  void run_step(const Step& step, const PlannedRevision& planned, const RevisionStep& revision,
                WatchedRun& watched);
  void run_statement(const sql::Statement& statement, const RevisionFile& file, bool alone,
                     WatchedRun& watched);
  void begin_watching(bool alone);
  void note(const sql::Statement& statement, Place place, Clock::time_point begin, bool alone,
            WatchedRun& watched);
  bool make_missing_role(const DatabaseError& error);

  const Chain& chain_;
  const Dialect& dialect_;
  const ScratchDialect& scratch_dialect_;
  Scratch& scratch_;
  Observer* observer_;
  Clock::duration watching_ = {};  // the time that it has taken so far
};

}  // namespace limbeck
