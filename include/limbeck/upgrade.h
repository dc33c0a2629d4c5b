// Brings a database to the revisions that the program carries: at its start, in one call.
//
// The runner is that of the command line: its lock (of two processes one waits), its journal (a
// process that was killed is gone on from by the next), its timeouts, and for SQLite its backup.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "limbeck/error.h"
#include "limbeck/revisions.h"

namespace limbeck {

class Database;

// What is going on. Nothing depends on it; a log shows `text`, a progress bar number and total.
struct Progress {
  enum class Kind {
    waiting_for_lock,  // another process runs revisions, or what one left working in the server
    backup_written,    // text: with the file
    revision_started,
    revision_finished,  // and committed, but for UpgradeOptions::single_transaction
    step,               // of a revision that is committed in several steps
    rows,               // of a backfill: number looked at, total in the table
    retrying,           // a lock was not granted in time
    notice,             // of the server or of a script
  };
  Kind kind = Kind::notice;
  std::string revision = {};  // of the revision that is running
  std::string text = {};      // one line for people
  std::uint64_t number = 0;   // of the revision, the step or the rows, from 1; 0: none
  std::uint64_t total = 0;    // 0: unknown
  double seconds = 0;         // of revision_finished
};

struct UpgradeOptions {
  std::string target = "heads";  // of upgrade(): a revision, a label, "+1"; "heads" is everything
  std::string version_table = "limbeck_version";
  std::string version_table_schema = {};  // PostgreSQL; empty: where an unqualified name is made

  std::function<void(const Progress&)> progress = {};  // called in the thread that upgrades
  // Looked at between statements and while waiting; on a database that is opened by its url the
  // statement that runs is cancelled, too. It may be set from a signal handler or another thread.
  const std::atomic<bool>* cancel = nullptr;

  // How long another process is waited for; 0: not at all.
  std::chrono::milliseconds lock_wait = std::chrono::minutes(10);
  // How long each try of a statement waits for the locks of tables, so that the application's own
  // statements never queue behind it; and how long it is tried again.
  std::chrono::milliseconds table_lock_timeout = std::chrono::seconds(2);
  std::chrono::milliseconds table_lock_retry = std::chrono::minutes(1);
  std::chrono::milliseconds statement_timeout = std::chrono::milliseconds(0);  // 0: without limit

  bool single_transaction = false;  // all pending revisions or none
  bool accept_changed = false;      // go on although an applied revision is not what it was
  // Go on where a statement of an upgrade takes rows with it that a table holds. false: it is
  // refused (ExitCode::findings) before anything is changed, unless a comment at the statement,
  // "-- limbeck:allow drop-column: REASON", or Operations::accept_data_loss() approves of it. A
  // downgrade takes back what an upgrade has made, with its rows, and asks for nothing.
  bool accept_data_loss = false;
  bool backup = true;              // SQLite: copy the file before the first revision runs
  std::string backup_folder = {};  // empty: beside the database
};

enum class UpgradeOutcome {
  nothing_to_do,
  done,
  // The database is at revisions that this program does not have: it was upgraded by a newer one.
  // Nothing was changed. The program must not work with it as if it knew its schema.
  database_is_newer,
  // An applied revision was another when it was run. Nothing was changed.
  applied_revision_changed,
};

struct UpgradeResult {
  UpgradeOutcome outcome = UpgradeOutcome::nothing_to_do;
  std::vector<std::string> revisions = {};  // ids, in the order in which they were run
  std::vector<std::string> heads = {};      // where the database is now
  std::string backup_file = {};             // empty: none was made
  std::vector<std::string> unknown = {};    // of database_is_newer: what it is at
  std::vector<std::string> changed = {};    // of applied_revision_changed

  // The database is where it was asked to be.
  bool ok() const {
    return outcome == UpgradeOutcome::nothing_to_do || outcome == UpgradeOutcome::done;
  }
};

// url: "sqlite:///relative.db", "sqlite:////absolute.db", "postgresql://user@host/name". An SQLite
// file that is not there is made by the first revision that runs; its folder must be there. Throws
// Error: what failed, where, what state the database is in; its code() is one of findings (rows
// would be lost), lock_not_acquired, failed_rolled_back, failed_between_steps (the next call goes
// on), interrupted, cannot_connect, invalid_project (a revision), usage (the target, the url).
[[nodiscard]] UpgradeResult upgrade(std::string_view url, const Revisions& revisions,
                                    const UpgradeOptions& options = {});

// The database that a program has open already. The runner takes a connection of its own to it, but
// for an SQLite database in memory, which has only this one. Throws Error (ExitCode::usage) while a
// Transaction is open.
[[nodiscard]] UpgradeResult upgrade(Database& database, const Revisions& revisions,
                                    const UpgradeOptions& options = {});

// target stays applied; "base" takes everything back, "-1" one revision.
[[nodiscard]] UpgradeResult downgrade(std::string_view url, const Revisions& revisions,
                                      std::string_view target, const UpgradeOptions& options = {});

[[nodiscard]] UpgradeResult downgrade(Database& database, const Revisions& revisions,
                                      std::string_view target, const UpgradeOptions& options = {});

struct PendingRevision {
  std::string id = {};
  std::string message = {};
};

struct RevisionStatus {
  std::vector<std::string> current = {};      // where the database is; empty: nothing is applied
  std::vector<std::string> heads = {};        // where the program's revisions lead
  std::vector<PendingRevision> pending = {};  // in the order in which they would be run
  std::vector<std::string> unknown = {};      // the database is newer: what it is at
  std::vector<std::string> changed = {};      // applied, and not what they were then
  std::string stopped = {};                   // the revision in whose middle a run stopped
  std::string running = {};                   // who is at work now, in words; empty: nobody

  bool up_to_date() const { return pending.empty() && unknown.empty() && stopped.empty(); }
};

// Reads only; takes no lock, creates nothing. With unknown revisions nothing is said of pending
// ones. Throws Error: cannot_connect, invalid_project.
[[nodiscard]] RevisionStatus revision_status(std::string_view url, const Revisions& revisions,
                                             const UpgradeOptions& options = {});

[[nodiscard]] RevisionStatus revision_status(Database& database, const Revisions& revisions,
                                             const UpgradeOptions& options = {});

}  // namespace limbeck
