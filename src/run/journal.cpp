#include "run/journal.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>
#include <utility>

#include "limbeck/version.h"

#include "base/random_id.h"
#include "base/time.h"
#include "base/utf8.h"
#include "dialect/built_in.h"

namespace limbeck {
namespace {

constexpr std::size_t max_message_length = 2'000;

// Empty is NULL: what is not known is not claimed.
Value text_or_null(std::string_view text) {
  if (text.empty()) return std::monostate{};
  return std::string(text);
}

// Cut between code points.
std::string_view shortened(std::string_view message) {
  if (message.size() <= max_message_length) return message;
  std::size_t end = max_message_length;
  while (end > 0 && is_utf8_continuation(message[end])) --end;
  return message.substr(0, end);
}

constexpr std::string_view entry_columns =
    "id, run_id, kind, revision, direction, step, hash, outcome, affected, cursor, sqlstate, "
    "message, "
    "os_user, host, database_user, tool_version, backend_pid, backend_started, started_at, "
    "finished_at";

JournalEntry entry_of(const Row& row) {
  std::size_t column = 0;
  const auto text = [&] { return text_of(row[column++]); };
  const auto integer = [&] { return integer_of(row[column++]); };
  JournalEntry entry;
  entry.id = integer();
  entry.run_id = text();
  entry.kind = text();
  entry.revision = text();
  entry.direction = text();
  entry.step = integer();
  entry.hash = text();
  entry.outcome = text();
  entry.affected = integer();
  entry.cursor = text();
  entry.sqlstate = text();
  entry.message = text();
  entry.os_user = text();
  entry.host = text();
  entry.database_user = text();
  entry.tool_version = text();
  entry.backend_pid = integer();
  entry.backend_started = text();
  entry.started_at = text();
  entry.finished_at = text();
  return entry;
}

// Out of a row that nobody needs any more.
std::string take_text(Value& value) {
  if (auto* text = std::get_if<std::string>(&value)) return std::move(*text);
  return text_of(value);
}

std::vector<JournalEntry> read_entries(TargetDatabase& database, const Command& command) {
  std::vector<JournalEntry> entries;
  const ResultSet result = database.connection->query(command);
  entries.reserve(result.rows.size());
  for (const Row& row : result.rows) entries.push_back(entry_of(row));
  return entries;
}

std::string table_of(const TargetDatabase& database) {
  return database.dialect->quote(database.journal_table);
}

// The condition for rows that say how the version table came to be what it is; $1 is its name.
std::string changes_of(const TargetDatabase& database) {
  return fmt::format(
      "version_table {0} $1 AND (kind {0} 'revision' OR kind {0} 'apply' OR kind {0} 'stamp' OR "
      "kind {0} 'repair')",
      database.dialect->equals());
}

std::string os_user() {
  const passwd* entry = getpwuid(geteuid());
  return entry != nullptr ? entry->pw_name : std::to_string(geteuid());
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace

std::string application_name() {
  return fmt::format("limbeck/{} {}@{}", getpid(), os_user(), host_name());
}

RunIdentity new_run_identity() {
  return {random_hex(16), os_user(), host_name()};
}

Journal::Journal(const TargetDatabase& database, RunIdentity identity)
    : table_(database.dialect->quote(database.journal_table)),
      version_table_(database.version_table.object.name),
      dialect_(database.dialect),
      now_(database.dialect->now()),
      transaction_start_(database.dialect->transaction_start()),
      database_user_(database.connection->database_user()),
      backend_pid_(database.connection->backend_pid()),
      database_(&database),
      identity_(std::move(identity)) {}

Command Journal::add(const JournalEntry& entry, std::optional<Ago> ago) const {
  // Only what there is to say: rows of one kind have one text, so that the server prepares it once.
  Command command;
  std::string columns = "version_table, run_id, kind, direction, outcome, tool_version";
  std::string values = "$1, $2, $3, $4, $5, $6";
  command.parameters = {version_table_,  identity_.run_id, entry.kind,
                        entry.direction, entry.outcome,    std::string(version)};
  const auto add_expression = [&](std::string_view column, std::string_view expression) {
    columns += fmt::format(", {}", column);
    values += fmt::format(", {}", expression);
  };
  const auto add_value = [&](std::string_view column, Value value) {
    command.parameters.push_back(std::move(value));
    add_expression(column, fmt::format("${}", command.parameters.size()));
  };
  const auto add_text = [&](std::string_view column, std::string_view text) {
    if (!text.empty()) add_value(column, std::string(text));
  };
  add_text("revision", entry.revision);
  add_text("hash", entry.hash);
  add_text("cursor", entry.cursor);
  add_text("sqlstate", entry.sqlstate);
  add_text("message", shortened(entry.message));
  add_text("os_user", identity_.os_user);
  add_text("host", identity_.host);
  add_text("database_user", database_user_);
  add_text("backend_started", database_->connection->backend_started());
  if (entry.step != 0) add_value("step", entry.step);
  if (entry.affected != 0) add_value("affected", entry.affected);
  if (backend_pid_ != 0) add_value("backend_pid", backend_pid_);
  const auto add_seconds_ago = [&](std::string_view column, double seconds) {
    command.parameters.emplace_back(seconds);
    add_expression(column, dialect_->seconds_ago(fmt::format("${}", command.parameters.size())));
  };
  if (ago) {
    add_seconds_ago("started_at", ago->started);
    add_seconds_ago("finished_at", ago->finished);
  } else if (transaction_start_) {
    add_expression("started_at", *transaction_start_);
  } else {
    add_value("started_at", iso8601(std::chrono::system_clock::now()));
  }
  if (!ago && entry.outcome != "started") add_expression("finished_at", now_);
  command.sql = fmt::format("INSERT INTO {} ({}) VALUES ({})", table_, columns, values);
  return command;
}

std::int64_t Journal::begin(Connection& connection, const JournalEntry& entry) const {
  Command command = add(entry);
  command.sql += " RETURNING id";
  return integer_of(connection.query(command).rows.at(0).at(0));
}

Command Journal::finish(std::int64_t id, std::string_view outcome, std::int64_t affected,
                        std::string_view hash) const {
  return {
      .sql = fmt::format("UPDATE {} SET outcome = $1, affected = $2, hash = coalesce($3, hash), "
                         "sqlstate = NULL, message = NULL, finished_at = {} WHERE id {} $4",
                         table_, now_, dialect_->equals()),
      .parameters = {std::string(outcome), affected, text_or_null(hash), id},
      .must_affect_one_row = true};
}

Command Journal::fail(std::int64_t id, const SqlFailure& failure) const {
  return {
      .sql = fmt::format("UPDATE {} SET outcome = 'failed', sqlstate = $1, message = $2, "
                         "finished_at = {} WHERE id {} $3",
                         table_, now_, dialect_->equals()),
      .parameters = {text_or_null(failure.sqlstate), text_or_null(shortened(failure.message)), id}};
}

Command Journal::move_cursor(std::int64_t id, std::int64_t affected,
                             std::string_view cursor) const {
  return {.sql = fmt::format("UPDATE {} SET affected = $1, cursor = $2 WHERE id {} $3", table_,
                             dialect_->equals()),
          .parameters = {affected, std::string(cursor), id},
          .must_affect_one_row = true};
}

std::string describe_work(const JournalEntry& entry) {
  if (entry.kind == "apply") return fmt::format("the apply of {}", entry.revision);
  return fmt::format("the {} of revision {}", entry.direction, entry.revision);
}

std::vector<HistoryEntry> read_history(TargetDatabase& database) {
  std::vector<HistoryEntry> entries;
  ResultSet result = database.connection->query(
      {.sql = fmt::format("SELECT id, kind, revision, direction, hash, outcome FROM {} WHERE {}",
                          table_of(database), changes_of(database)),
       .parameters = {database.version_table.object.name}});
  entries.reserve(result.rows.size());
  for (Row& row : result.rows) {
    entries.push_back({.id = integer_of(row.at(0)),
                       .kind = take_text(row.at(1)),
                       .revision = take_text(row.at(2)),
                       .direction = take_text(row.at(3)),
                       .hash = take_text(row.at(4)),
                       .outcome = take_text(row.at(5))});
  }
  // They come in order nearly always, and sorting them costs the server more.
  std::sort(entries.begin(), entries.end(),
            [](const HistoryEntry& a, const HistoryEntry& b) { return a.id < b.id; });
  return entries;
}

JournalEntry read_entry(TargetDatabase& database, std::int64_t id) {
  return read_entries(database,
                      {.sql = fmt::format("SELECT {} FROM {} WHERE id {} $1", entry_columns,
                                          table_of(database), database.dialect->equals()),
                       .parameters = {id}})
      .at(0);
}

std::optional<JournalEntry> read_last_change(TargetDatabase& database) {
  std::vector<JournalEntry> entries = read_entries(
      database,
      {.sql = fmt::format(
           "SELECT {} FROM {} WHERE {} AND outcome {} 'done' ORDER BY id DESC LIMIT 1",
           entry_columns, table_of(database), changes_of(database), database.dialect->equals()),
       .parameters = {database.version_table.object.name}});
  if (entries.empty()) return std::nullopt;
  return std::move(entries.front());
}

bool was_recorded(TargetDatabase& database, const std::string& run_id,
                  const std::string& revision) {
  const std::string_view equals = database.dialect->equals();
  const ResultSet found = database.connection->query(
      {.sql = fmt::format(
           "SELECT id FROM {0} WHERE run_id {1} $1 AND revision {1} $2 AND (kind {1} 'revision' "
           "OR kind {1} 'apply') AND outcome {1} 'done'",
           table_of(database), equals),
       .parameters = {run_id, revision}});
  return !found.rows.empty();
}

std::vector<JournalEntry> read_steps(TargetDatabase& database, const JournalEntry& revision) {
  return read_entries(
      database,
      {.sql = fmt::format(
           "SELECT {0} FROM {1} WHERE version_table {2} $1 AND revision {2} $2 AND id {3} $3 "
           "AND step {3} 0 ORDER BY id",
           entry_columns, table_of(database), database.dialect->equals(),
           built_in_operator(*database.dialect, ">")),
       .parameters = {database.version_table.object.name, revision.revision, revision.id}});
}

}  // namespace limbeck
