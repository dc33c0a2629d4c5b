// The PostgreSQL dialect.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "dialect/dialect.h"

namespace limbeck::postgres {

const Dialect& dialect();

// What dialect().quote makes of one name, and dialect().quote_literal of a text.
std::string quoted_name(std::string_view name);
std::string quoted_text(std::string_view text);

// Bytes of a name: NAMEDATALEN - 1. The server cuts longer ones off.
constexpr std::size_t max_name = 63;

// ---- its parts, one in each file of this folder ----
// lock.cpp
LockAttempt try_lock(Connection& connection, const QualifiedName& name);
std::optional<LockHolder> lock_holder(Connection& connection, const QualifiedName& name);
std::optional<LockHolder> orphan(Connection& connection, std::int64_t pid,
                                 const std::string& started);
// nature.cpp
StatementNature nature(const sql::Statement& statement);
std::optional<SessionSetting> session_setting(const sql::Statement& statement);
std::optional<std::string> own_role_again(const sql::Statement& statement);
// probe.cpp
ProbeResult probe(Connection& connection, const sql::Statement& statement);
// bookkeeping.cpp
QualifiedName locate(Connection& connection, const QualifiedName& table);
std::vector<bool> tables_exist(Connection& connection, std::span<const QualifiedName> tables);
bool takes_numbers_for_booleans(Connection& connection);
std::optional<int> column_width(Connection& connection, const QualifiedName& table,
                                const Identifier& column);
std::vector<std::string> create_version_table(const QualifiedName& table, int width);
std::vector<std::string> widen_version_table(const QualifiedName& table, int width);
std::vector<std::string> create_journal_table(const QualifiedName& table);
std::vector<Identifier> primary_key(Connection& connection, const std::string& table_as_written);
std::string database_name(Connection& connection);
// backup.cpp
void backup(const DatabaseUrl& url, const std::string& file, const BackupRequest& request);
void check_backup(const std::string& file);
// restore.cpp
RestoreResult restore(const DatabaseUrl& url, const std::string& file,
                      const RestoreRequest& request);

}  // namespace limbeck::postgres
