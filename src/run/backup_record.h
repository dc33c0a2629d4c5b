// What is known of a backup beside its bytes: kept in a file beside it, "app.backup.json".
//
// It never holds a password.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/identifier.h"
#include "run/target_database.h"

namespace limbeck {

struct BackupRecord {
  std::string file = {};     // its path; not in the record itself, which goes where the backup goes
  std::string dialect = {};  // "postgresql"
  std::string database = {};  // as of backed_up_database()
  // Which of several databases of an Alembic project, as it is shown; empty: it is not known.
  std::string engine = {};
  std::string server = {};                 // "PostgreSQL 15.18"
  std::string created_at = {};             // ISO 8601
  std::vector<QualifiedName> tables = {};  // those that it holds; empty: all
  std::string version_table = {};
  std::vector<std::string> heads = {};  // what the version table held
  std::string hash = {};                // "sha256:..."
  std::uint64_t size = 0;               // bytes

  bool is_part() const { return !tables.empty(); }
};

std::filesystem::path record_path(const std::filesystem::path& backup);
// Throws Error when it cannot be written.
void write_record(const BackupRecord& record);
// Nothing when there is none. Throws Error (ExitCode::usage) for one that is malformed.
std::optional<BackupRecord> read_record(const std::filesystem::path& backup);

std::string record_json(const BackupRecord& record);
// file: for errors. Throws as read_record does.
BackupRecord parse_record(std::string_view text, const std::filesystem::path& file);

// What tells the backups of databases apart: of a file its real path, else the url without a
// password.
std::string backed_up_database(const TargetDatabase& database);

// The backups of a database in a folder that have a record, the newest first.
std::vector<BackupRecord> backups_of(const TargetDatabase& database,
                                     const std::filesystem::path& folder);

// Removes what the rule does not keep, never the newest, and never what has no record. Backups of
// some tables are counted apart: none of them stands for one of the whole database. Returns what
// was removed.
std::vector<std::string> remove_old_backups(const std::vector<BackupRecord>& newest_first, int keep,
                                            int keep_days);

}  // namespace limbeck
