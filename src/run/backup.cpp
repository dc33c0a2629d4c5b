#include "run/backup.h"

#include <algorithm>
#include <fmt/format.h>
#include <system_error>

#include "base/time.h"

namespace limbeck {
namespace {

bool holds_something(const DatabaseUrl& url) {
  std::error_code error;
  const auto size = std::filesystem::file_size(url.target(), error);
  return !error && size > 0;
}

std::string copy(const Run& run) {
  std::string file = backup_path(run.database.url, run.settings().backup_folder).string();
  run.database.dialect->backup(run.database.url, file);
  run.tell(BackupWritten{.file = file});
  return file;
}

void require_file(const TargetDatabase& database) {
  if (database.dialect->has_file_backup() && database.url.target() != ":memory:") return;
  throw Error({.code = ExitCode::usage,
               .message = fmt::format("a {} database is no file that could be copied",
                                      database.dialect->name()),
               .hint = "use the database's own tools: pg_dump and pg_restore"});
}

}  // namespace

std::filesystem::path backup_path(const DatabaseUrl& url, const std::filesystem::path& folder) {
  std::string time = iso8601(std::chrono::system_clock::now());
  std::replace(time.begin(), time.end(), ':', '-');
  const std::filesystem::path database(url.target());
  const std::filesystem::path into = folder.empty() ? database.parent_path() : folder;
  return into / fmt::format("{}.{}.backup", database.filename().string(), time);
}

std::string back_up_before_run(const Run& run) {
  if (!run.settings().backup || !run.database.dialect->has_file_backup()) return "";
  return holds_something(run.database.url) ? copy(run) : "";
}

std::string back_up(const RunContext& context) {
  const Run run(context);
  require_file(run.database);
  return copy(run);
}

std::string restore_backup(const RunContext& context, const std::string& file) {
  Run run(context);
  require_file(run.database);
  run.database.dialect->check_backup(file);
  run.lock = acquire_lock(run);
  std::string before;
  if (holds_something(run.database.url)) before = copy(run);
  run.database.dialect->restore(run.database.url, file);
  return before;
}

}  // namespace limbeck
