#include "dialect/sqlite/connection.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "dialect/sqlite/errors.h"
#include "dialect/tokens.h"

namespace limbeck::sqlite {
namespace {

constexpr std::size_t max_prepared = 64;
constexpr int progress_interval = 1'000;  // virtual machine instructions

std::optional<std::string> folder_fault(const std::string& file) {
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  std::error_code ignored;
  if (folder.empty() || std::filesystem::is_directory(folder, ignored)) return std::nullopt;
  return fmt::format("its folder {} does not exist", folder.string());
}

// SQLite says of a file that it may not make that it is not there.
std::optional<std::string> creation_fault(const std::string& file) {
  std::filesystem::path folder = std::filesystem::path(file).parent_path();
  if (folder.empty()) folder = ".";
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored) || access(folder.c_str(), W_OK | X_OK) == 0)
    return std::nullopt;
  return fmt::format("its folder {} cannot be written to: {}", folder.string(),
                     std::strerror(errno));
}

// Only these set the count of changed rows; any other statement leaves that of the one before.
bool changes_rows(const std::string& sql) {
  const std::string word = leading_word(sql);
  return word == "INSERT" || word == "UPDATE" || word == "DELETE" || word == "REPLACE" ||
         word == "WITH";
}

}  // namespace

Value value_of(sqlite3_stmt* statement, int column) {
  const auto size = [&] {
    return static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
  };
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      return std::string(text, size());
    }
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
      return Blob{bytes != nullptr ? std::string(bytes, size()) : std::string()};
    }
    default:
      return std::monostate{};
  }
}

Handle<sqlite3> open(const std::string& file, bool read_only, bool may_create) {
  const bool in_memory = file == ":memory:";
  if (!in_memory) {
    const auto refuse = [&](std::string_view why, const char* hint) {
      CannotConnect error = open_error(file, SQLITE_CANTOPEN, why);
      error.report().hint = hint;
      throw error;
    };
    if (const auto fault = folder_fault(file)) refuse(*fault, "make it, or correct the path");
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored)) {
      refuse("it is a folder", "name a file in it");
    }
    if (!may_create && !std::filesystem::exists(file, ignored)) {
      refuse("it does not exist", "correct the path");
    }
    if (const auto fault = creation_fault(file))
      refuse(*fault, "let this user write the folder, or name a file in another one");
  }
  const int flags = read_only && !in_memory ? SQLITE_OPEN_READONLY
                    : may_create            ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                            : SQLITE_OPEN_READWRITE;
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  Handle<sqlite3> database(raw);
  if (code != SQLITE_OK) {
    const int reason = raw != nullptr ? sqlite3_system_errno(raw) : 0;
    throw open_error(file, code, reason != 0 ? std::strerror(reason) : sqlite3_errstr(code));
  }
  sqlite3_extended_result_codes(raw, 1);
  return database;
}

SqliteConnection::SqliteConnection(const DatabaseUrl& url, const ConnectOptions& options)
    : SqliteConnection(url.target(), options) {}

SqliteConnection::SqliteConnection(const std::string& file, const ConnectOptions& options)
    : database_(open(file, options.read_only, !options.read_only)),
      watch_(options.interrupt),
      read_only_(options.read_only) {
  if (options.limits != nullptr) watch_.set_limits(*options.limits);
  timeouts_.lock_ms = options.lock_ms;
  sqlite3_progress_handler(database_.get(), progress_interval, on_progress, this);
  sqlite3_busy_handler(database_.get(), on_busy, this);
  watch_calls();
  // The file is read for the first time here, so that what is no database is refused now.
  const char* first_look = "SELECT count(*) FROM sqlite_master";
  if (sqlite3_exec(database_.get(), first_look, nullptr, nullptr, nullptr) != SQLITE_OK) {
    const int code = sqlite3_extended_errcode(database_.get());
    if (watch_.fired()) fail(first_look, 0);
    throw open_error(file, code, sqlite3_errmsg(database_.get()));
  }
  if (read_only_) forbid_writing(true);
  if (options.for_program) {
    sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
  }
}

SqliteConnection::~SqliteConnection() {
  rollback();
  expect_many_transactions(false);
}

std::string SqliteConnection::server_version() const {
  return fmt::format("SQLite {}", sqlite3_libversion());
}

std::string SqliteConnection::file() const {
  const char* name = sqlite3_db_filename(database_.get(), "main");
  return name != nullptr ? name : "";
}

// A file that may not be written is opened all the same, to be read.
bool SqliteConnection::can_only_read() const {
  return sqlite3_db_readonly(database_.get(), "main") == 1;
}

void SqliteConnection::watch_calls() {
  watch_.begin_call();
  waiting_since_ = {};
  no_time_limit();
}

void SqliteConnection::begin_call() {
  watch_calls();
  const Ending ending = watch_.over();
  if (ending != Ending::none) refuse(ending);
}

void SqliteConnection::no_time_limit() {
  statement_since_ = Clock::time_point::max();
  took_too_long_ = false;
}

bool SqliteConnection::is_over_time() {
  if (timeouts_.statement_ms <= 0) return false;
  const std::chrono::milliseconds limit{timeouts_.statement_ms};
  took_too_long_ = took_too_long_ || Clock::now() - statement_since_ >= limit;
  return took_too_long_;
}

int SqliteConnection::on_progress(void* self) noexcept {
  auto& connection = *static_cast<SqliteConnection*>(self);
  return connection.watch_.due() || connection.is_over_time() ? 1 : 0;
}

// Waits for another connection's lock, for as long as the lock timeout allows, and stops when the
// user does.
int SqliteConnection::on_busy(void* self, int tries) noexcept {
  auto& connection = *static_cast<SqliteConnection*>(self);
  const Clock::time_point now = Clock::now();
  if (tries == 0) connection.waiting_since_ = now;
  const bool unlimited = connection.timeouts_.lock_ms <= 0;
  const std::chrono::milliseconds limit{connection.timeouts_.lock_ms};
  if (!unlimited && now - connection.waiting_since_ >= limit) return 0;
  if (connection.watch_.due() || connection.watch_.fired()) return 0;
  constexpr int longest_ms = 20;
  std::this_thread::sleep_for(std::chrono::milliseconds{std::min(1 + tries, longest_ms)});
  return 1;
}

void SqliteConnection::fail(const std::string& sql, std::size_t index) {
  SqlFailure failure = failure_of(database_.get(), sql);
  failure.command = index;
  // A wait for a lock that the user ended looks like one that took too long.
  if (watch_.fired() && failure.sqlstate == "SQLITE_BUSY") failure.sqlstate = "SQLITE_INTERRUPT";
  if (took_too_long_ && !watch_.fired() && failure.sqlstate == "SQLITE_INTERRUPT") {
    failure.message = fmt::format("the statement ran longer than the {} ms of timeouts.statement",
                                  timeouts_.statement_ms);
    failure.hint = "give it more time in limbeck.toml, or do less in one statement";
  }
  raise(std::move(failure), watch_.ending());
}

void SqliteConnection::require_transaction(bool open) const {
  if (in_transaction() == open) return;
  throw Error({.code = ExitCode::internal_error,
               .message = open ? "no transaction is open" : "a transaction is open already"});
}

sqlite3_stmt* SqliteConnection::prepare(const Command& command, std::size_t index,
                                        Handle<sqlite3_stmt>& owner) {
  const std::string& sql = command.sql;
  const bool comes_again = !command.parameters.empty();
  if (comes_again) {
    const auto found = prepared_.find(sql);
    if (found != prepared_.end()) return found->second.get();
  }
  sqlite3_stmt* raw = prepare_once(sql, index, owner);
  if (comes_again && raw != nullptr && prepared_.size() < max_prepared) {
    prepared_.emplace(sql, std::move(owner));
  }
  return raw;
}

sqlite3_stmt* SqliteConnection::prepare_once(const std::string& sql, std::size_t index,
                                             Handle<sqlite3_stmt>& owner) {
  if (sql.find('\0') != std::string::npos) {
    throw Error({.code = ExitCode::invalid_project,
                 .message = "a statement holds a NUL byte, which SQLite cannot take",
                 .hint = "write it as char(0) where a text is to hold it"});
  }
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  // Never SQLITE_PREPARE_PERSISTENT: each change of the schema makes SQLite prepare a kept
  // statement anew, and for a persistent one that takes slower memory. The length counts the final
  // NUL, which spares SQLite a copy.
  const int code = sqlite3_prepare_v3(database_.get(), sql.c_str(),
                                      static_cast<int>(sql.size()) + 1, 0, &raw, &tail);
  owner.reset(raw);
  if (code != SQLITE_OK) fail(sql, index);
  std::string_view rest(tail);
  while (!rest.empty() && rest.front() == ';') rest.remove_prefix(1);
  if (raw != nullptr && !first_tokens(rest, 1).empty()) {
    SqlFailure failure{.sqlstate = "SQLITE_ERROR",
                       .message = "this holds more than one statement",
                       .command = index};
    raise(std::move(failure), Ending::none);
  }
  return raw;
}

void SqliteConnection::bind(sqlite3_stmt* statement, const Command& command) const {
  // What is not bound would be NULL, silently.
  const int count = sqlite3_bind_parameter_count(statement);
  for (int i = 1; i <= count; ++i) {
    const char* name = sqlite3_bind_parameter_name(statement, i);
    const std::string_view text = name != nullptr ? name : "?";
    const std::size_t number =
        text.front() == '$' ? static_cast<std::size_t>(integer_of(std::string(text.substr(1)))) : 0;
    if (number == 0 || number > command.parameters.size()) {
      raise({.sqlstate = "SQLITE_ERROR", .message = fmt::format("there is no parameter {}", text)},
            Ending::none);
    }
    const Value& value = command.parameters[number - 1];
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      sqlite3_bind_int64(statement, i, *integer);
    } else if (const auto* real = std::get_if<double>(&value)) {
      sqlite3_bind_double(statement, i, *real);
    } else if (const auto* string = std::get_if<std::string>(&value)) {
      sqlite3_bind_text64(statement, i, string->data(), string->size(), SQLITE_STATIC, SQLITE_UTF8);
    } else if (const auto* blob = std::get_if<Blob>(&value)) {
      sqlite3_bind_blob64(statement, i, blob->bytes.data(), blob->bytes.size(), SQLITE_STATIC);
    } else {
      sqlite3_bind_null(statement, i);
    }
  }
}

namespace {

// Leaves a statement ready for its next use: a half-read SELECT would keep its lock.
struct ResetAtEnd {
  sqlite3_stmt* statement;
  ~ResetAtEnd() {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
  }
};

}  // namespace

std::int64_t SqliteConnection::execute(const Command& command, std::size_t index, ResultSet* rows) {
  if (command.copy_data) {
    raise({.sqlstate = "SQLITE_ERROR", .message = "SQLite knows no COPY", .command = index},
          Ending::none);
  }
  statement_since_ = Clock::now();
  if (command.parameters.empty()) session_.before(database_.get(), command.sql);
  Handle<sqlite3_stmt> owner;
  sqlite3_stmt* statement = prepare(command, index, owner);
  if (statement == nullptr) return 0;  // a comment
  const ResetAtEnd reset{statement};
  bind(statement, command);
  const int columns = sqlite3_column_count(statement);
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    if (rows == nullptr) continue;
    Row& row = rows->rows.emplace_back();
    row.reserve(static_cast<std::size_t>(columns));
    for (int i = 0; i < columns; ++i) row.push_back(value_of(statement, i));
  }
  if (code != SQLITE_DONE) fail(command.sql, index);
  for (int i = 0; rows != nullptr && i < columns; ++i) {
    rows->columns.emplace_back(sqlite3_column_name(statement, i));
  }
  const bool changes = sqlite3_stmt_readonly(statement) == 0 && changes_rows(command.sql);
  const std::int64_t affected = changes ? sqlite3_changes64(database_.get()) : 0;
  if (command.must_affect_one_row && affected != 1) {
    raise(
        {.sqlstate = "LB001",
         .message = fmt::format("the statement changed {} rows where it must change one", affected),
         .command = index},
        Ending::none);
  }
  return affected;
}

void SqliteConnection::control(const std::string& sql, std::size_t index) {
  no_time_limit();
  auto& statement = prepared_[sql];
  if (!statement) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(database_.get(), sql.c_str(), -1, 0, &raw, nullptr);
    statement.reset(raw);
    if (code != SQLITE_OK) fail(sql, index);
  }
  const int code = sqlite3_step(statement.get());
  if (code != SQLITE_DONE) {
    SqlFailure failure = failure_of(database_.get(), sql);
    failure.command = index;
    failure.position = 0;
    sqlite3_reset(statement.get());
    if (watch_.fired() && failure.retryable) failure.sqlstate = "SQLITE_INTERRUPT";
    raise(std::move(failure), watch_.ending());
  }
  sqlite3_reset(statement.get());
}

std::vector<std::int64_t> SqliteConnection::run(std::span<const Command> commands, Wrap wrap) {
  const bool own = wrap == Wrap::own_transaction;
  require_transaction(!own);
  if (own) {
    begin();
  } else {
    begin_call();
  }
  std::vector<std::int64_t> affected;
  affected.reserve(commands.size());
  try {
    for (std::size_t i = 0; i < commands.size(); ++i) {
      affected.push_back(execute(commands[i], i, nullptr));
      if (sqlite3_get_autocommit(database_.get()) != 0) {
        raise({.sqlstate = "SQLITE_ERROR",
               .message = "the statement ended the transaction",
               .command = i},
              Ending::none);
      }
    }
    if (own) control("COMMIT", commands.size());
  } catch (...) {
    if (own) rollback();
    throw;
  }
  return affected;
}

ResultSet SqliteConnection::query(const Command& command) {
  begin_call();
  ResultSet rows;
  rows.affected = execute(command, 0, &rows);
  return rows;
}

void SqliteConnection::run_alone(const std::string& sql) {
  require_transaction(false);
  begin_call();
  execute({.sql = sql}, 0, nullptr);
}

void SqliteConnection::forbid_writing(bool forbidden) noexcept {
  const char* sql = forbidden ? "PRAGMA query_only = 1" : "PRAGMA query_only = 0";
  sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
}

bool SqliteConnection::in_transaction() const {
  return sqlite3_get_autocommit(database_.get()) == 0;
}

void SqliteConnection::begin(const TransactionOptions& options) {
  require_transaction(false);
  if (std::exchange(reset_wanted_, false)) reset_session();
  begin_call();
  // A deferred BEGIN that writes later would fail at once, without waiting, when another one
  // writes.
  control(options.read_only ? "BEGIN" : "BEGIN IMMEDIATE", 0);
  read_only_transaction_ = options.read_only;
  if (read_only_transaction_) forbid_writing(true);
}

void SqliteConnection::commit() {
  require_transaction(true);
  try {
    begin_call();
    control("COMMIT", 0);
  } catch (...) {
    rollback();
    throw;
  }
  end_read_only();
}

// Only a transaction forbids writing for itself alone.
void SqliteConnection::end_read_only() noexcept {
  if (std::exchange(read_only_transaction_, false) && !read_only_) forbid_writing(false);
}

void SqliteConnection::rollback() noexcept {
  no_time_limit();
  end_read_only();
  watch_.begin_rollback();
  // Some failures have rolled back already.
  if (!database_ || sqlite3_get_autocommit(database_.get()) != 0) return;
  sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void SqliteConnection::reset_session() {
  if (!session_.touched()) return;
  // PRAGMA foreign_keys does nothing inside a transaction: it waits for the end of this one.
  if (sqlite3_get_autocommit(database_.get()) == 0) {
    reset_wanted_ = true;
    return;
  }
  watch_calls();
  session_.reset(database_.get());
  // PRAGMA busy_timeout puts its own handler in the place of ours.
  sqlite3_busy_handler(database_.get(), on_busy, this);
}

// It is a matter of speed and of tidiness: neither is worth a wait for somebody's lock.
void SqliteConnection::expect_many_transactions(bool expected) noexcept {
  if (expected == journal_file_.kept()) return;
  sqlite3_busy_handler(database_.get(), nullptr, nullptr);
  if (expected) {
    journal_file_.keep(database_.get());
  } else {
    journal_file_.let_go(database_.get());
  }
  sqlite3_busy_handler(database_.get(), on_busy, this);
}

void SqliteConnection::clean_session() {
  require_transaction(false);
  reset_session();
}

}  // namespace limbeck::sqlite
