// The SQLite dialect.
#pragma once

#include "dialect/dialect.h"

namespace limbeck::sqlite {

const Dialect& dialect();

// ---- its parts, one in each file of this folder ----
// lock.cpp
LockAttempt try_lock(Connection& connection, const DatabaseUrl& url);
std::optional<LockHolder> lock_holder(Connection& connection);
// nature.cpp
StatementNature nature(const sql::Statement& statement);
std::optional<SessionSetting> session_setting(const sql::Statement& statement);
// probe.cpp
ProbeResult probe(Connection& connection, const sql::Statement& statement);
// bookkeeping.cpp
QualifiedName locate(const QualifiedName& table);
std::vector<bool> tables_exist(Connection& connection, std::span<const QualifiedName> tables);
std::vector<std::string> create_version_table(const QualifiedName& table, int width);
std::vector<std::string> create_journal_table(const QualifiedName& table);
std::vector<Identifier> primary_key(Connection& connection, const std::string& table_as_written);
// backup.cpp
void backup(const DatabaseUrl& url, const std::string& file, const BackupRequest& request);
bool is_damaged(const std::string& file);
void check_backup(const std::string& file);
RestoreResult restore(const DatabaseUrl& url, const std::string& file, bool is_damaged);

}  // namespace limbeck::sqlite
