// Who looks at a run before it changes anything. The runner only asks; src/lint answers.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "plan/step.h"
#include "run/target_database.h"

namespace limbeck {

struct TableChanges;

struct ReviewedRevision {
  const std::string& id;
  const RevisionFile& file;
  const std::vector<Step>& steps;  // empty where they are not known before it runs
  bool known = true;
  bool delegated = false;  // the project's own Alembic runs it: nothing of it will be seen
  bool resumed = false;    // an earlier run has begun it
};

class RunReview {
 public:
  RunReview() = default;
  RunReview(const RunReview&) = delete;
  RunReview& operator=(const RunReview&) = delete;
  virtual ~RunReview() = default;

  // How many revisions, from the first on, planned() has to see; 0: it is not called. Asked before
  // anything is planned: these are planned before any of them is run.
  virtual std::size_t wants(TargetDatabase& database, Direction direction) = 0;
  // What is about to be run, as much of it as was wanted, under the run lock; nothing is changed
  // yet, and no transaction is open. Throws Error to refuse. It may set timeouts, and is called
  // again when it fails for want of a lock.
  virtual void planned(TargetDatabase& database, Direction direction,
                       std::span<const ReviewedRevision> revisions) = 0;

  // ---- a revision whose statements were not known before ----
  // It begins (again).
  virtual void script_begins(Direction direction) = 0;
  // The next statement, in the transaction in which it will run. Throws Error to refuse.
  virtual void statement(TargetDatabase& database, const ReviewedRevision& revision,
                         const sql::Statement& statement) = 0;
  virtual void table_changes(TargetDatabase& database, const ReviewedRevision& revision,
                             const TableChanges& changes, int line) = 0;
  // The script itself says that what follows may take rows.
  virtual void script_accepts_loss() = 0;
};

}  // namespace limbeck
