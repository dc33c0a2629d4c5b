// All revisions of a run in one transaction: the statements of each, and at the end what the runner
// itself has to write. Internal to src/run.
//
// It rolls back when it is destroyed before it was committed. It never runs a revision of several
// steps. Its rows are written many at a time, and the version table once: each change of the schema
// makes SQLite prepare a kept statement anew, and PostgreSQL reads past every former version of a
// row.
#pragma once

#include <chrono>
#include <vector>

#include "run/revision_run.h"

namespace limbeck {

class SingleTransaction {
 public:
  // Begins it. The run lock must be held.
  explicit SingleTransaction(Run& run);
  SingleTransaction(const SingleTransaction&) = delete;
  SingleTransaction& operator=(const SingleTransaction&) = delete;
  ~SingleTransaction();

  // Runs the statements of a revision, and keeps its row of the journal in mind.
  void run(const RevisionRun& work);
  // Writes the rows when there are many of them. An error is not one of any revision.
  void write_rows_when_many();
  // change: of all revisions together.
  void commit(const HeadChange& change);

 private:
  using Clock = std::chrono::steady_clock;
  struct Done {
    const PreparedRevision& revision;
    Clock::time_point began;
    Clock::time_point ended;
  };

  std::vector<Command> take_rows();
  void write(const std::vector<Command>& commands);

  Run& run_;
  std::vector<Done> done_;  // without a row as yet
};

}  // namespace limbeck
