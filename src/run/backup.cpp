#include "run/backup.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <system_error>

#include "base/file.h"
#include "base/time.h"
#include "run/own_tables.h"

namespace limbeck {
namespace {

namespace fs = std::filesystem;

// Of the database, as a part of a file's name.
std::string file_name_of(TargetDatabase& database) {
  std::string name = database.dialect->database_name(*database.connection, database.url);
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!plain && std::string_view("-_.").find(c) == std::string_view::npos) c = '_';
  }
  return name;
}

void require_file(const TargetDatabase& database) {
  if (!database.url.is_in_memory()) return;
  throw Error({.code = ExitCode::usage,
               .message = "a database in memory has no file to copy",
               .hint = "name a file in the url: sqlite:///name.db"});
}

bool holds_something(const TargetDatabase& database) {
  if (!database.dialect->is_file()) return true;
  std::error_code error;
  const auto size = fs::file_size(database.url.target(), error);
  return !error && size > 0;
}

// A folder of our own is nobody else's to read.
void make_folder(const fs::path& folder) {
  std::error_code error;
  if (folder.empty() || !fs::create_directories(folder, error) || error) return;
  fs::permissions(folder, fs::perms::owner_all, error);
}

fs::path new_file(const Run& run) {
  const fs::path folder = backup_folder(run.database, run.settings().backup);
  make_folder(folder);
  std::string time = iso8601(std::chrono::system_clock::now());
  std::replace(time.begin(), time.end(), ':', '-');
  return folder / fmt::format("{}.{}.backup", file_name_of(run.database), time);
}

// Neither the backup nor its record ever takes the place of another file.
void require_new(const fs::path& file) {
  for (const fs::path& path : {file, record_path(file)}) {
    std::error_code error;
    if (fs::symlink_status(path, error).type() == fs::file_type::not_found) continue;
    Error fault = file_error(path.string(), "a file of this name is there already", 0,
                             "name another one with --output, or move it away");
    fault.report().state = "no backup was made, and nothing was changed";
    throw fault;
  }
}

BackupRecord make(const Run& run, const fs::path& file, std::vector<QualifiedName> tables) {
  require_new(file);
  const TargetDatabase& database = run.database;
  BackupRecord record{.file = file.string(),
                      .dialect = std::string(database.dialect->name()),
                      .database = backed_up_database(database),
                      .engine = run.settings().backup.engine,
                      .server = run.connection().server_version(),
                      .created_at = iso8601(std::chrono::system_clock::now()),
                      .tables = std::move(tables),
                      .version_table = database.version_table.object.name,
                      .heads = read_current(run.database)};
  database.dialect->backup(database.url, record.file,
                           {.tables = record.tables,
                            .lock_wait_ms = run.settings().lock_retry_ms,
                            .interrupt = run.context.interrupt});
  record.hash = "sha256:" + sha256_of_file(file);
  record.size = fs::file_size(file);
  try {
    write_record(record);
  } catch (...) {
    std::error_code ignored;
    fs::remove(file, ignored);  // without its record it would not be found again
    throw;
  }
  run.tell(BackupWritten{.file = record.file});
  return record;
}

// What can only be read can be backed up all the same.
bool has_journal(const Run& run) {
  if (run.connection().can_only_read()) return false;
  return run.database.dialect->table_exists(run.connection(), run.database.journal_table);
}

// The row of what is done already: without it, that is no less done.
void write_last_row(const Run& run, const Command& row, const std::string& state) {
  try {
    if (has_journal(run)) write_row(run, row);
  } catch (Error& error) {
    error.report().state = state;
    error.report().hint = "nothing more is to be done: nobody needs the row";
    throw;
  }
}

void require_same_engine(const BackupRecord& record, const std::string& file,
                         const std::string& engine) {
  if (record.engine.empty() || engine.empty() || record.engine == engine) return;
  throw Error(
      {.code = ExitCode::usage,
       .message = fmt::format("{} is a backup of the engine {}, and the engine {} is meant", file,
                              record.engine, engine),
       .state = "nothing was changed",
       .hint = fmt::format("name that engine; or, to restore it here all the same, remove {}",
                           record_path(file).string())});
}

// Byte for byte, with its logs: what may still be got from it is not lost. The name of the copy.
std::string keep_damaged(const TargetDatabase& database) {
  std::error_code error;
  const fs::path found = fs::canonical(database.url.target(), error);
  const std::string file = error ? database.url.target() : found.string();
  std::string time = iso8601(std::chrono::system_clock::now());
  std::replace(time.begin(), time.end(), ':', '-');
  const std::string copy = fmt::format("{}.{}.damaged", file, time);
  error.clear();
  for (const char* end : {"", "-journal", "-wal", "-shm"}) {
    std::error_code ignored;
    if (!fs::exists(file + end, ignored) || fs::copy_file(file + end, copy + end, error)) continue;
    Error fault =
        file_error(copy + end, "the damaged file cannot be copied to this one", error.value());
    fault.report().code = ExitCode::failed_rolled_back;
    fault.report().state = "nothing was changed";
    for (const char* each : {"", "-journal", "-wal", "-shm"}) fs::remove(copy + each, ignored);
    throw fault;
  }
  return copy;
}

// Its own bytes, of its own kind, whole.
std::optional<BackupRecord> check(const TargetDatabase& database, const std::string& file,
                                  const std::string& engine) {
  std::error_code ignored;
  if (database.dialect->is_file() && fs::equivalent(database.url.target(), file, ignored)) {
    throw Error({.code = ExitCode::usage,
                 .message = "the backup file is the database itself",
                 .state = "nothing was changed",
                 .hint = "name a backup: \"limbeck backup --list\" lists them"});
  }
  std::optional<BackupRecord> record = read_record(file);
  if (record && record->dialect != database.dialect->name()) {
    throw Error({.code = ExitCode::usage,
                 .message = fmt::format("{} is a backup of a {} database, not of a {} one", file,
                                        record->dialect, database.dialect->name()),
                 .state = "nothing was changed",
                 .hint = fmt::format("name the {} database with --url that it is to be restored to",
                                     record->dialect)});
  }
  if (record) require_same_engine(*record, file, engine);
  try {
    if (record && record->hash != "sha256:" + sha256_of_file(file)) {
      throw Error({.code = ExitCode::failed_rolled_back,
                   .message = file + " is not what was written: its hash is another one",
                   .hint = fmt::format("use another backup; or, to restore it unchecked, remove {}",
                                       record_path(file).string())});
    }
    database.dialect->check_backup(file);
  } catch (Error& error) {
    error.report().state = "nothing was changed";
    throw;
  }
  return record;
}

// Some tables are no version of a database: they fit where it has the version that they had.
void require_same_heads(TargetDatabase& database, const BackupRecord& record) {
  const std::vector<std::string> heads = read_current(database);
  if (heads == record.heads) return;
  const auto named = [](const std::vector<std::string>& ids) {
    return ids.empty() ? std::string("<base>") : fmt::format("{}", fmt::join(ids, ", "));
  };
  throw Error({.code = ExitCode::usage,
               .message = fmt::format(
                   "the backup holds some tables as they were at {}, and the database is at {}",
                   named(record.heads), named(heads)),
               .state = "nothing was changed",
               .hint = "bring the database to that revision first (limbeck downgrade, or another "
                       "database with --url), and restore then"});
}

}  // namespace

fs::path backup_folder(const TargetDatabase& database, const BackupSettings& settings) {
  if (!settings.folder.empty() || !database.dialect->is_file()) return settings.folder;
  return fs::path(database.url.target()).parent_path();
}

void take_back_backup(const Run& run, const BackupRecord& backup) noexcept {
  std::error_code ignored;
  fs::remove(record_path(backup.file), ignored);
  if (!fs::remove(backup.file, ignored)) return;
  try {
    run.tell(BackupRemoved{.file = backup.file, .why = BackupRemoved::Why::not_needed});
  } catch (const std::exception&) {
    return;  // beside an error that must reach the user
  }
}

Command backup_row(const Run& run, const BackupRecord& backup) {
  return run.journal.add({.kind = "backup",
                          .revision = fmt::format("{}", fmt::join(backup.heads, ",")),
                          .direction = "backup",
                          .hash = backup.hash,
                          .outcome = "done",
                          .message = backup.file});
}

std::optional<BackupRecord> back_up_before_run(const Run& run,
                                               const std::function<PlannedStatements()>& planned) {
  const BackupScope scope = run.settings().backup.of(run.database.dialect->name());
  if (scope == BackupScope::off || run.database.url.is_in_memory() ||
      !holds_something(run.database))
    return std::nullopt;
  std::vector<QualifiedName> tables;
  if (scope == BackupScope::touched && !run.database.dialect->is_file()) {
    if (auto touched = touched_tables(run.database, planned())) {
      if (touched->empty()) return std::nullopt;
      tables = *std::move(touched);
    }
  }
  BackupRecord record = make(run, new_file(run), std::move(tables));
  try {
    if (has_journal(run)) {
      with_own_tables(run.database, [&] { write_row(run, backup_row(run, record)); });
    }
  } catch (...) {
    take_back_backup(run, record);
    throw;
  }
  return record;
}

void remove_old_backups_of(const Run& run) {
  const BackupSettings& settings = run.settings().backup;
  if (settings.keep == 0 && settings.keep_days == 0) return;
  const auto backups = backups_of(run.database, backup_folder(run.database, settings));
  for (std::string& file : remove_old_backups(backups, settings.keep, settings.keep_days))
    run.tell(BackupRemoved{.file = std::move(file)});
}

BackupRecord back_up(const RunContext& context, const BackupOrder& order) {
  Run run(context);
  require_file(run.database);
  std::vector<QualifiedName> tables;
  if (order.touched && !run.database.dialect->is_file()) {
    if (auto touched = touched_tables(run.database, *order.touched)) {
      if (touched->empty()) {
        throw Error({.code = ExitCode::usage,
                     .message = "no table that is there would be touched",
                     .state = "no backup was made",
                     .hint = "leave out --touched to back up the whole database"});
      }
      tables = *std::move(touched);
    }
  }
  run.lock = acquire_lock(run);
  BackupRecord record =
      make(run, order.output.empty() ? new_file(run) : order.output, std::move(tables));
  write_last_row(
      run, backup_row(run, record),
      fmt::format("the backup {} is good; only its row in the journal is missing", record.file));
  if (order.output.empty()) remove_old_backups_of(run);
  return record;
}

RestoreReport restore_backup(const RunContext& context, const RestoreOrder& order) {
  Run run(context);
  TargetDatabase& database = run.database;
  require_file(database);
  RestoreReport report{.record = check(database, order.file, run.settings().backup.engine)};
  const bool tables_only = report.record && report.record->is_part();
  run.lock = acquire_lock(run);
  if (tables_only) require_same_heads(database, *report.record);
  if (database.is_damaged) report.damaged_file = keep_damaged(database);
  const bool replaced_within = database.dialect->is_file() || order.in_place || tables_only;
  if (replaced_within && !database.is_damaged && holds_something(database)) {
    report.backup_of_before =
        make(run, new_file(run), tables_only ? report.record->tables : std::vector<QualifiedName>{})
            .file;
  }
  RestoreRequest request{
      .tables = tables_only ? report.record->tables : std::vector<QualifiedName>{},
      .in_place = order.in_place,
      .is_damaged = database.is_damaged,
      .owners = order.owners,
      .own_process = run.connection().backend_pid(),
      .interrupt = context.interrupt};
  request.leave = [&] {
    run.lock.reset();
    database.connection.reset();
  };
  report.kept_database = database.dialect->restore(database.url, order.file, request).kept_database;
  if (!database.connection || database.is_damaged)
    database.connection = database.dialect->connect(database.url, database.options);
  database.stands_in = database.stands_in && !database.is_damaged;
  database.is_damaged = false;
  report.heads = read_current(*database.connection, *database.dialect, database.version_table);
  Run after(context);  // perhaps another server process
  write_last_row(after,
                 after.journal.add({.kind = "restore",
                                    .revision = fmt::format("{}", fmt::join(report.heads, ",")),
                                    .direction = "restore",
                                    .hash = report.record ? report.record->hash : "",
                                    .outcome = "done",
                                    .message = order.file}),
                 fmt::format("{} is restored; only the row in the journal is missing", order.file));
  return report;
}

}  // namespace limbeck
