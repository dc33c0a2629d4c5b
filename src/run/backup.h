// Backups of a database before it is changed, and the way back.
//
// Each is a file with a record beside it (backup_record.h). A backup is removed only by the rule
// that the settings state, and only when a new one has been made; or when the run that it was made
// for could not begin.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "run/backup_record.h"
#include "run/run.h"
#include "run/touched_tables.h"

namespace limbeck {

// Where backups of the database go.
std::filesystem::path backup_folder(const TargetDatabase& database, const BackupSettings& settings);

// What the settings ask for, made under the run lock; nothing when that is none, or there is
// nothing to back up. Recorded in the journal when there is one; else that is left to the caller.
std::optional<BackupRecord> back_up_before_run(const Run& run,
                                               const std::function<PlannedStatements()>& planned);
// Removes those that the settings do not keep: when the run that a new one was made for has begun.
void remove_old_backups_of(const Run& run);
// Takes away one that was made for a run that then could not begin: who tries it again and again
// would fill the disk. Says so, as it has been said that the backup was written.
void take_back_backup(const Run& run, const BackupRecord& backup) noexcept;
// The row of the journal that says where the backup is.
Command backup_row(const Run& run, const BackupRecord& backup);

struct BackupOrder {
  std::filesystem::path output = {};  // empty: a name of its own in the folder
  // Only the tables that these statements touch; nothing: the whole database.
  std::optional<PlannedStatements> touched = {};
};
// Makes one now, under the run lock. Throws Error, of ExitCode::usage when no table is touched.
BackupRecord back_up(const RunContext& context, const BackupOrder& order);

struct RestoreOrder {
  std::string file = {};
  bool in_place = false;
  bool owners = true;
};
struct RestoreReport {
  std::string backup_of_before = {};  // a file; empty: none was made
  std::string damaged_file = {};      // what was there and could not be read; empty: it could
  std::string kept_database = {};     // of the server, with what was there; empty: none
  std::vector<std::string> heads = {};
  std::optional<BackupRecord> record = {};  // of the backup, where it has one
};
// Brings a backup back, under the run lock; the database is at the version that it had then, but
// for a backup of some tables, whose database has to be there already. What was there is kept.
RestoreReport restore_backup(const RunContext& context, const RestoreOrder& order);

}  // namespace limbeck
