// Runs one revision: its steps, its row in the version table and its rows in the journal. Internal
// to src/run.
//
// An atomic revision is one transaction. A revision of several steps has a row in the journal that
// stays "started" until its last step is done; each step has a row of its own. Whoever finds such a
// row goes on at the first step that is not done.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "plan/script.h"
#include "run/run.h"

namespace limbeck {

// A revision ready to be run: read once, planned, nothing left to refuse.
struct PreparedRevision {
  RevisionStep step;
  RevisionFile file;
  std::vector<Step> steps = {};
  // A script that runs against the host, in place of steps: PlannedRevision has it.
  std::function<Recording(ScriptHost&)> live = {};
  // A script that the project's own Alembic runs, in place of steps.
  std::shared_ptr<const ScriptDelegation> delegation = {};
  std::vector<std::string> notes = {};    // what a script has to say, for people
  std::string journal_kind = "revision";  // or "apply": a plan that is no revision
};

struct RevisionRun {
  const PreparedRevision& revision;
  HeadChange heads;
  std::optional<JournalEntry> open = {};  // its row, when an earlier run stopped in its middle
  // Before the runner's own rows in a transaction, when the revision changes the role: rows are
  // written as who logged in.
  std::vector<Command> own_rows_first = {};
};

void run_revision(Run& run, const RevisionRun& work);

// The commands of RevisionRun::own_rows_first.
std::vector<Command> own_role_commands(const Run& run, const PreparedRevision& revision);

// The statements of an atomic revision, and what leads back to who logged in.
std::vector<Command> revision_commands(const RevisionRun& work);
// The row of a revision that is done.
JournalEntry revision_entry(const PreparedRevision& revision);

// Where and why a statement failed: fills in the place, from the position that the server gave.
void locate_failure(DatabaseError& error, const RevisionFile& file,
                    const std::vector<sql::Statement>& statements);
// The same for one of revision_commands().
void locate_failure(DatabaseError& error, const PreparedRevision& revision);

// Where no statement failed, but the COMMIT after them: a deferred constraint.
constexpr const char* when_committed = "when the transaction was committed";

// Does what commits, and says so when that fails.
template <class Work>
void at_commit(const Work& work) {
  try {
    work();
  } catch (Error& error) {
    error.report().context.emplace_back(when_committed);
    throw;
  }
}

// The transaction of a revision is gone; a row of its own says that it was tried. That row is not
// worth another error.
void record_failure(const Run& run, const RevisionRun& work, const SqlFailure& failure) noexcept;

// The connection broke while an atomic revision ran: connects again and asks the journal whether it
// was committed. Fills in the report of the error.
void resolve_lost_connection(Run& run, const PreparedRevision& revision, ConnectionLost& error);

}  // namespace limbeck
