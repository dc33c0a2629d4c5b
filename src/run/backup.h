// A copy of an SQLite file before it is changed, and the way back. Never removes a copy.
#pragma once

#include <filesystem>
#include <string>

#include "run/run.h"

namespace limbeck {

// Where the next copy of a database goes: "app.db.2026-11-20T10-00-00.123Z.backup", in the folder
// or beside the database.
std::filesystem::path backup_path(const DatabaseUrl& url, const std::filesystem::path& folder);

// Makes the copy and returns its path; "" when there is nothing to copy or copies are turned off.
std::string back_up_before_run(const Run& run);

// Writes a copy now. Throws Error (ExitCode::usage) for a database that is no file.
std::string back_up(const RunContext& context);

// Puts a copy in the place of the database, under the run lock. What was there is copied first;
// returns where.
std::string restore_backup(const RunContext& context, const std::string& file);

}  // namespace limbeck
