#include "dialect/sqlite/errors.h"

#include <array>
#include <fmt/format.h>
#include <utility>

#include "base/utf8.h"

namespace limbeck::sqlite {
namespace {

struct CodeRow {
  int code;
  std::string_view name;
  std::string_view hint;
};

constexpr std::string_view damaged_hint =
    "the file is damaged: restore a backup; \"limbeck backup --list\" lists them";
constexpr std::string_view busy_hint = "another connection is using the database: try again later";

// The first row with the extended code or, failing that, its primary code.
constexpr std::array<CodeRow, 27> codes{{
    {SQLITE_CONSTRAINT_CHECK, "SQLITE_CONSTRAINT_CHECK", {}},
    {SQLITE_CONSTRAINT_FOREIGNKEY, "SQLITE_CONSTRAINT_FOREIGNKEY", {}},
    {SQLITE_CONSTRAINT_NOTNULL, "SQLITE_CONSTRAINT_NOTNULL", {}},
    {SQLITE_CONSTRAINT_PRIMARYKEY, "SQLITE_CONSTRAINT_PRIMARYKEY", {}},
    {SQLITE_CONSTRAINT_TRIGGER, "SQLITE_CONSTRAINT_TRIGGER", {}},
    {SQLITE_CONSTRAINT_UNIQUE, "SQLITE_CONSTRAINT_UNIQUE", {}},
    {SQLITE_CONSTRAINT, "SQLITE_CONSTRAINT", {}},
    {SQLITE_ERROR, "SQLITE_ERROR", {}},
    {SQLITE_INTERNAL, "SQLITE_INTERNAL", {}},
    {SQLITE_PERM, "SQLITE_PERM", "check the permissions of the file"},
    {SQLITE_ABORT, "SQLITE_ABORT", {}},
    {SQLITE_BUSY, "SQLITE_BUSY", busy_hint},
    {SQLITE_LOCKED, "SQLITE_LOCKED", busy_hint},
    {SQLITE_NOMEM, "SQLITE_NOMEM", {}},
    {SQLITE_READONLY, "SQLITE_READONLY", "the file and its folder must both be writable"},
    {SQLITE_INTERRUPT, "SQLITE_INTERRUPT", {}},
    {SQLITE_IOERR, "SQLITE_IOERR", "check the disk and the file system"},
    {SQLITE_CORRUPT, "SQLITE_CORRUPT", damaged_hint},
    {SQLITE_FULL, "SQLITE_FULL", "make room on the disk"},
    {SQLITE_CANTOPEN, "SQLITE_CANTOPEN", "check the path and its permissions"},
    {SQLITE_SCHEMA, "SQLITE_SCHEMA", {}},
    {SQLITE_TOOBIG, "SQLITE_TOOBIG", {}},
    {SQLITE_MISMATCH, "SQLITE_MISMATCH", {}},
    {SQLITE_MISUSE, "SQLITE_MISUSE", {}},
    {SQLITE_AUTH, "SQLITE_AUTH", {}},
    {SQLITE_RANGE, "SQLITE_RANGE", {}},
    {SQLITE_NOTADB, "SQLITE_NOTADB",
     "it is no SQLite database, or an encrypted or a damaged one: name another file in the url, or "
     "restore a backup"},
}};

const CodeRow* find(int code) {
  for (const CodeRow& row : codes) {
    if (row.code == code) return &row;
  }
  return nullptr;
}

const CodeRow* row_of(int extended_code) {
  const CodeRow* row = find(extended_code);
  return row != nullptr ? row : find(extended_code & 0xFF);
}

// "UNIQUE constraint failed: users.email, users.name" names the first table and column.
void read_constraint(SqlFailure& failure) {
  const std::size_t colon = failure.message.find("constraint failed: ");
  if (colon == std::string::npos) return;
  const std::string_view names = std::string_view(failure.message).substr(colon + 19);
  const std::string_view first = names.substr(0, names.find(','));
  const std::size_t dot = first.find('.');
  if (dot == std::string_view::npos) {
    failure.constraint = first;
  } else {
    failure.table = first.substr(0, dot);
    failure.column = first.substr(dot + 1);
  }
}

}  // namespace

std::string code_name(int extended_code) {
  const CodeRow* row = row_of(extended_code);
  return row != nullptr ? std::string(row->name) : fmt::format("SQLITE_{}", extended_code);
}

std::string code_hint(int extended_code) {
  const CodeRow* row = row_of(extended_code);
  return row != nullptr ? std::string(row->hint) : std::string();
}

SqlFailure failure_of(sqlite3* database, std::string_view sql) {
  SqlFailure failure;
  const int code = sqlite3_extended_errcode(database);
  const CodeRow* row = row_of(code);
  failure.sqlstate = code_name(code);
  failure.message = sqlite3_errmsg(database);
  if (row != nullptr) failure.hint = row->hint;
  failure.retryable = (code & 0xFF) == SQLITE_BUSY || (code & 0xFF) == SQLITE_LOCKED;
  const int offset = sqlite3_error_offset(database);
  if (offset >= 0 && static_cast<std::size_t>(offset) <= sql.size()) {
    const std::string_view before = sql.substr(0, static_cast<std::size_t>(offset));
    failure.position = static_cast<int>(code_points(before)) + 1;
  }
  if ((code & 0xFF) == SQLITE_CONSTRAINT) read_constraint(failure);
  return failure;
}

void raise(SqlFailure failure, Ending ending) {
  ErrorReport report{.code = ExitCode::failed_rolled_back,
                     .message = failure.message,
                     .detail = failure.detail,
                     .hint = failure.hint};
  const bool is_ended = ending != Ending::none && failure.sqlstate == "SQLITE_INTERRUPT";
  if (is_ended)
    failure.retryable = false;  // the lock that was waited for is nobody's wish any more
  if (is_ended && ending == Ending::deadline) {
    report.message = "the deadline passed: the running statement was cancelled";
    throw DeadlineExceeded(std::move(report), std::move(failure));
  }
  if (is_ended) {
    // Nor is who holds it: the user has ended the wait.
    failure.hint.clear();
    report.hint.clear();
    report.code = ExitCode::interrupted;
    report.message = "interrupted: the running statement was cancelled";
    throw Interrupted(std::move(report), std::move(failure));
  }
  if (failure.retryable) report.code = ExitCode::lock_not_acquired;
  throw DatabaseError(std::move(report), std::move(failure));
}

CannotConnect open_error(const std::string& file, int code, std::string_view message) {
  const CodeRow* row = row_of(code);
  const bool is_locked = (code & 0xFF) == SQLITE_BUSY || (code & 0xFF) == SQLITE_LOCKED;
  return CannotConnect(
      {.code = is_locked ? ExitCode::lock_not_acquired : ExitCode::cannot_connect,
       .message = fmt::format("cannot open the SQLite database {}: {}", file, message),
       .detail = code_name(code),
       .hint = row != nullptr ? std::string(row->hint) : std::string()},
      code_name(code));
}

}  // namespace limbeck::sqlite
