// Copies of a whole database, by SQLite's own online backup.
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/percent.h"
#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/errors.h"
#include "dialect/sqlite/handle.h"

namespace limbeck::sqlite {
namespace {

constexpr int busy_ms = 10'000;

[[noreturn]] void refuse(std::string message, std::string hint = {},
                         ExitCode code = ExitCode::failed_rolled_back) {
  throw Error({.code = code,
               .message = std::move(message),
               .state = "the database is as it was",
               .hint = std::move(hint)});
}

std::string said_by_sqlite(int code) {
  return fmt::format("{} ({})", sqlite3_errstr(code), code_name(code));
}

[[noreturn]] void refuse_copy(std::string_view what, int code) {
  const bool is_locked = (code & 0xFF) == SQLITE_BUSY || (code & 0xFF) == SQLITE_LOCKED;
  refuse(fmt::format("cannot {}: {}", what, said_by_sqlite(code)), code_hint(code),
         is_locked ? ExitCode::lock_not_acquired : ExitCode::failed_rolled_back);
}

// SQLITE_OK or why not. One step: what it reads is one moment of the source.
int copy_pages(sqlite3* from, sqlite3* to) {
  Handle<sqlite3_backup> copy(sqlite3_backup_init(to, "main", from, "main"));
  if (!copy) return sqlite3_extended_errcode(to);
  sqlite3_backup_step(copy.get(), -1);
  return sqlite3_backup_finish(copy.release());
}

void flush_to_disk(const std::string& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  const bool ok = file >= 0 && fsync(file) == 0;
  const int error = errno;
  if (file >= 0) close(file);
  if (!ok) refuse(fmt::format("cannot write {} to the disk: {}", path, std::strerror(error)));
}

// What a database holds is its owner's: a copy is open to nobody else, whatever the umask.
constexpr mode_t private_mode = 0600;

void create(const std::string& path, mode_t mode) {
  unlink(path.c_str());
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (file < 0) refuse(fmt::format("cannot create {}: {}", path, std::strerror(errno)));
  close(file);
}

// Removed unless it has been renamed.
struct PartialFile {
  std::string path;
  ~PartialFile() {
    for (const char* end : {"", "-journal", "-wal", "-shm"}) unlink((path + end).c_str());
  }
};

// What becomes of a file that has the name of the copy.
enum class Existing { keep, replace };

// Who may read and write the one may do so with the other.
void take_owner(const std::string& from, const std::string& to) {
  struct stat facts {};
  if (stat(from.c_str(), &facts) != 0) return;
  const bool is_owned = chown(to.c_str(), facts.st_uid, facts.st_gid) == 0;
  // Not its owner's, it is open to nobody who could not read it before.
  chmod(to.c_str(), facts.st_mode & (is_owned ? 07777U : 0700U));
}

// A copy of the source that appears under its name only when it is complete and on the disk.
void copy_to_file(sqlite3* from, const std::string& source, const std::string& file, mode_t mode,
                  Existing existing) {
  const PartialFile partial{fmt::format("{}.partial-{}", file, getpid())};
  {
    create(partial.path, mode);
    const Handle<sqlite3> to = open(partial.path, false, true);
    const int code = copy_pages(from, to.get());
    if (code != SQLITE_OK) refuse_copy(fmt::format("copy {} to {}", source, file), code);
  }
  flush_to_disk(partial.path, O_RDWR);
  if (existing == Existing::keep) return move_file(partial.path, file);
  take_owner(file, partial.path);
  if (rename(partial.path.c_str(), file.c_str()) != 0) {
    refuse(fmt::format("cannot create {}: {}", file, std::strerror(errno)));
  }
  const std::string folder = std::filesystem::path(file).parent_path().string();
  flush_to_disk(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
}

// Of a row, and not of the file: it can be read, and copied.
bool is_about_values(std::string_view answer) {
  return answer.starts_with("CHECK constraint failed in ") ||
         answer.substr(0, 20).find(" value in ") != std::string_view::npos;
}

// "ok", or what is wrong with the file.
std::string quick_check(sqlite3* database) {
  sqlite3_stmt* raw = nullptr;
  sqlite3_prepare_v2(database, "PRAGMA quick_check(100)", -1, &raw, nullptr);
  const Handle<sqlite3_stmt> check(raw);
  if (!check) return sqlite3_errmsg(database);
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(check.get())) == SQLITE_ROW) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(check.get(), 0));
    if (text != nullptr && std::string_view(text) != "ok" && !is_about_values(text)) return text;
  }
  return code == SQLITE_DONE ? "ok" : sqlite3_errmsg(database);
}

void require_sound(const std::string& file, sqlite3* database) {
  std::array<char, 16> header{};
  std::ifstream(file, std::ios::binary).read(header.data(), header.size());
  if (std::string_view(header.data(), header.size()) != std::string_view("SQLite format 3\0", 16)) {
    const bool dumped = std::string_view(header.data(), 5) == "PGDMP";
    refuse(dumped ? file + " is a backup of a PostgreSQL database"
                  : file + " is not a SQLite database",
           "name a backup: \"limbeck backup --list\" lists them");
  }
  const std::string answer = quick_check(database);
  if (answer != "ok") refuse(fmt::format("{} is damaged: {}", file, answer), "use another backup");
}

// A backup as it stands: SQLite would give one of a database with a write-ahead log a new log,
// which stays beside it and which a read-only folder does not take. With a log of its own, it is
// read with that.
Handle<sqlite3> open_backup(const std::string& file) {
  std::error_code ignored;
  const auto log = std::filesystem::file_size(file + "-wal", ignored);
  if (ignored || log == 0) {
    const std::string path = std::filesystem::absolute(file, ignored).string();
    const std::string uri = "file:" + percent_encoded(path, "/-._~") + "?immutable=1";
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(
        uri.c_str(), &raw, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
    Handle<sqlite3> backup(raw);
    if (code == SQLITE_OK) return backup;
  }
  return open(file, true, false);  // or says why not
}

void require_file(const DatabaseUrl& url) {
  if (!url.is_in_memory()) return;
  throw Error({.code = ExitCode::usage,
               .message = "a database in memory has no file to copy",
               .hint = "name a file in the url: sqlite:///name.db"});
}

}  // namespace

void backup(const DatabaseUrl& url, const std::string& file, const BackupRequest& request) {
  require_file(url);
  if (!request.tables.empty()) {
    throw Error(
        {.code = ExitCode::usage, .message = "an SQLite database is always copied as a whole"});
  }
  std::error_code ignored;
  if (std::filesystem::equivalent(url.target(), file, ignored)) {
    throw Error({.code = ExitCode::usage,
                 .message = "the backup file is the database itself",
                 .state = "no backup was made, and nothing was changed",
                 .hint = "name another file with --output"});
  }
  const Handle<sqlite3> from = open(url.target(), true, false);
  sqlite3_busy_timeout(from.get(), busy_ms);
  copy_to_file(from.get(), url.target(), file, private_mode, Existing::keep);
}

bool is_damaged(const std::string& file) {
  sqlite3* raw = nullptr;
  const int opened =
      sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
  const Handle<sqlite3> database(raw);
  if (opened != SQLITE_OK) return false;  // it is not there, or may not be read
  if (quick_check(database.get()) == "ok") return false;
  const int code = sqlite3_errcode(database.get());
  return code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_OK ||
         code == SQLITE_ROW || code == SQLITE_DONE;
}

void check_backup(const std::string& file) {
  require_sound(file, open_backup(file).get());
}

RestoreResult restore(const DatabaseUrl& url, const std::string& file, bool is_damaged) {
  require_file(url);
  const std::string& target = url.target();
  std::error_code ignored;
  if (std::filesystem::equivalent(target, file, ignored)) {
    throw Error({.code = ExitCode::usage,
                 .message = "the backup file is the database itself",
                 .state = "nothing was changed",
                 .hint = "name a backup: \"limbeck backup --list\" lists them"});
  }
  const Handle<sqlite3> from = open_backup(file);
  require_sound(file, from.get());
  int code = SQLITE_CORRUPT;
  if (!is_damaged) {
    // In one transaction of the target: who has it open sees the old content or the new.
    const Handle<sqlite3> to = open(target, false, true);
    sqlite3_busy_timeout(to.get(), busy_ms);
    // A database with a write-ahead log cannot change its page size.
    sqlite3_exec(to.get(), "PRAGMA journal_mode = DELETE", nullptr, nullptr, nullptr);
    code = copy_pages(from.get(), to.get()) & 0xFF;
  }
  if (code == SQLITE_OK) return {};
  // What is too damaged to be written to is replaced; its logs would be applied to the new file.
  if (code != SQLITE_NOTADB && code != SQLITE_CORRUPT)
    refuse_copy(fmt::format("restore {}", target), code);
  // SQLite has the logs of a linked file beside the file itself.
  const auto found = std::filesystem::canonical(target, ignored);
  const std::string place = ignored ? target : found.string();
  for (const char* end : {"-journal", "-wal", "-shm"}) unlink((place + end).c_str());
  copy_to_file(from.get(), file, place, private_mode, Existing::replace);
  return {};
}

}  // namespace limbeck::sqlite
