#include "dialect/sqlite/session.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

#include "dialect/quoting.h"
#include "dialect/sqlite/errors.h"
#include "dialect/tokens.h"

namespace limbeck::sqlite {
namespace {

// Those that belong to the connection. journal_mode, user_version and the like belong to the
// database.
constexpr std::array<std::string_view, 18> session_pragmas{
    "automatic_index",    "cache_size",
    "cache_spill",        "cell_size_check",
    "defer_foreign_keys", "foreign_keys",
    "fullfsync",          "ignore_check_constraints",
    "legacy_alter_table", "locking_mode",
    "query_only",         "read_uncommitted",
    "recursive_triggers", "reverse_unordered_selects",
    "synchronous",        "temp_store",
    "trusted_schema",     "writable_schema"};

std::vector<std::vector<std::string>> rows_of(sqlite3* database, const std::string& sql) {
  std::vector<std::vector<std::string>> rows;
  sqlite3_stmt* prepared = nullptr;
  int code = sqlite3_prepare_v2(database, sql.c_str(), -1, &prepared, nullptr);
  const Handle<sqlite3_stmt> statement(prepared);
  if (code == SQLITE_OK) code = SQLITE_ROW;
  while (code == SQLITE_ROW && statement && (code = sqlite3_step(statement.get())) == SQLITE_ROW) {
    std::vector<std::string>& row = rows.emplace_back();
    for (int i = 0; i < sqlite3_column_count(statement.get()); ++i) {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement.get(), i));
      row.emplace_back(text != nullptr ? text : "");
    }
  }
  if (code != SQLITE_DONE && code != SQLITE_ROW) raise(failure_of(database, sql), Ending::none);
  return rows;
}

std::vector<std::string> attached(sqlite3* database) {
  std::vector<std::string> names;
  for (const auto& row : rows_of(database, "PRAGMA database_list")) {
    if (row.at(1) != "main" && row.at(1) != "temp") names.push_back(row.at(1));
  }
  return names;
}

bool changes_session(const std::string& sql) {
  const std::string word = leading_word(sql);
  if (word == "PRAGMA" || word == "ATTACH" || word == "DETACH") return true;
  return word == "CREATE" && contains_ignoring_case(sql, "temp");
}

}  // namespace

void Session::before(sqlite3* database, const std::string& sql) {
  if (!changes_session(sql)) return;
  touched_ = true;
  // It can be set, but not be asked for.
  if (contains_ignoring_case(sql, "case_sensitive_like")) like_was_set_ = true;
  if (has_snapshot_) return;
  for (const std::string_view pragma : session_pragmas) {
    const auto rows = rows_of(database, fmt::format("PRAGMA {}", pragma));
    if (!rows.empty()) pragmas_.emplace_back(pragma, rows.front().at(0));
  }
  databases_ = attached(database);
  has_snapshot_ = true;
}

void Session::reset(sqlite3* database) {
  if (!touched_) return;
  // First, as query_only would forbid what follows.
  for (const auto& [name, value] : pragmas_) {
    rows_of(database, fmt::format("PRAGMA {} = {}", name, value));
  }
  for (const std::string& name : attached(database)) {
    if (std::find(databases_.begin(), databases_.end(), name) != databases_.end()) continue;
    rows_of(database, "DETACH " + quoted_identifier({name}));
  }
  for (const auto& row :
       rows_of(database,
               "SELECT type, name FROM sqlite_temp_master WHERE type IN ('table', "
               "'view', 'trigger') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
               "ORDER BY type = 'table'")) {
    // A view or trigger may go with its table.
    rows_of(database,
            fmt::format("DROP {} IF EXISTS temp.{}", row.at(0), quoted_identifier({row.at(1)})));
  }
  if (like_was_set_) rows_of(database, "PRAGMA case_sensitive_like = 0");
  touched_ = like_was_set_ = false;
}

}  // namespace limbeck::sqlite
