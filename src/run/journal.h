// The journal: what was run, when, by whom and how it ended; and where a revision stopped.
//
// Rows are only added and finished, never removed. It never holds SQL text, parameters or
// passwords. kind       revision: one for each revision that was run. Its outcome is "started"
// while the revision is between its steps.
//            apply: the same for a plan of changes that is no revision; its id stands for the
//            revision's.
//            transaction, statement, outside, setting, backfill: a step of the revision row before
//            it. stamp, repair: the version table was changed by hand.
//            backup, restore: a backup was written or brought back; revision: what the version
//            table held, message: the file.
// outcome    started, done, failed, abandoned.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/connection.h"
#include "run/target_database.h"

namespace limbeck {

struct JournalEntry {
  std::int64_t id = 0;
  std::string run_id = {};
  std::string kind = {};
  std::string revision = {};
  std::string direction = {};
  std::int64_t step = 0;  // from 1; 0 for the revision as a whole
  std::string hash = {};
  std::string outcome = {};
  std::int64_t affected = 0;
  std::string cursor = {};
  std::string sqlstate = {};
  std::string message = {};
  std::string os_user = {};
  std::string host = {};
  std::string database_user = {};
  std::string tool_version = {};
  std::int64_t backend_pid = 0;
  std::string backend_started = {};
  std::string started_at = {};
  std::string finished_at = {};
};

// "the upgrade of revision 5b1d", "the apply of plan_5b1d".
std::string describe_work(const JournalEntry& entry);

// What a row says of the state of its revision.
struct HistoryEntry {
  std::int64_t id = 0;
  std::string kind = {};
  std::string revision = {};
  std::string direction = {};
  std::string hash = {};
  std::string outcome = {};
};

// When what a row tells of began and ended, in seconds before the row is written.
struct Ago {
  double started = 0;
  double finished = 0;
};

// Who runs: the same for every row of one run.
struct RunIdentity {
  std::string run_id;  // 16 hexadecimal digits
  std::string os_user;
  std::string host;
};
RunIdentity new_run_identity();
// How a connection names itself to the server, so that others see who works: "limbeck/PID
// user@host".
std::string application_name();

// Turns entries into commands and back, on one database.
class Journal {
 public:
  // The database must outlive the journal.
  Journal(const TargetDatabase& database, RunIdentity identity);

  const RunIdentity& identity() const { return identity_; }

  // Adds a row; the columns of identity, database user, backend, tool version and times are filled
  // in here. ago: for a row that is written later.
  Command add(const JournalEntry& entry, std::optional<Ago> ago = std::nullopt) const;
  // Adds a row in a transaction of its own and returns its id.
  std::int64_t begin(Connection& connection, const JournalEntry& entry) const;
  // Sets outcome, affected rows and end of a row. hash: of what was run in the end; empty keeps it.
  Command finish(std::int64_t id, std::string_view outcome, std::int64_t affected,
                 std::string_view hash = {}) const;
  Command fail(std::int64_t id, const SqlFailure& failure) const;
  Command move_cursor(std::int64_t id, std::int64_t affected, std::string_view cursor) const;

 private:
  std::string table_;  // quoted
  std::string version_table_;
  const Dialect* dialect_;
  std::string now_;
  std::optional<std::string> transaction_start_;
  std::string database_user_;
  std::int64_t backend_pid_ = 0;
  const TargetDatabase* database_;  // its connection knows when its backend began, or asks once
  RunIdentity identity_;
};

// The rows of kind revision, apply, stamp and repair, oldest first. There may be many thousands.
std::vector<HistoryEntry> read_history(TargetDatabase& database);
// The whole of one row.
JournalEntry read_entry(TargetDatabase& database, std::int64_t id);
// The newest of them that is done, whole; nothing when there is none.
std::optional<JournalEntry> read_last_change(TargetDatabase& database);
// Whether a run has recorded that it ended a revision.
bool was_recorded(TargetDatabase& database, const std::string& run_id, const std::string& revision);
// The rows of the steps of an open revision: those after its own row, oldest first.
std::vector<JournalEntry> read_steps(TargetDatabase& database, const JournalEntry& revision);

}  // namespace limbeck
