#include "dialect/sqlite/dialect.h"

#include <filesystem>
#include <fmt/format.h>

#include "dialect/quoting.h"
#include "dialect/sqlite/connection.h"
#include "dialect/tokens.h"
#include "sql/lexical_rules.h"

namespace limbeck::sqlite {
namespace {

class SqliteDialect final : public Dialect {
 public:
  using Dialect::quote;

  std::string_view name() const override { return "sqlite"; }
  const sql::LexicalRules& lexical_rules() const override { return sql::sqlite_rules; }
  StatementNature nature(const sql::Statement& statement) const override {
    return sqlite::nature(statement);
  }
  std::optional<SessionSetting> session_setting(const sql::Statement& statement) const override {
    return sqlite::session_setting(statement);
  }
  bool settings_work_in_transaction() const override { return false; }

  std::string quote(const Identifier& identifier) const override {
    return quoted_identifier(identifier);
  }
  std::string quote_literal(std::string_view text) const override { return in_quotes(text, '\''); }

  std::unique_ptr<Connection> connect(const DatabaseUrl& url,
                                      const ConnectOptions& options) const override {
    return std::make_unique<SqliteConnection>(url, options);
  }
  // One lock for the file, whatever the version table: only one connection can write to it anyhow.
  LockAttempt try_lock(Connection& connection, const DatabaseUrl& url,
                       const QualifiedName& /*table*/) const override {
    return sqlite::try_lock(connection, url);
  }
  std::optional<LockHolder> lock_holder(Connection& connection,
                                        const QualifiedName& /*table*/) const override {
    return sqlite::lock_holder(connection);
  }

  QualifiedName locate(Connection& /*connection*/, const QualifiedName& table) const override {
    return sqlite::locate(table);
  }
  std::vector<bool> tables_exist(Connection& connection,
                                 std::span<const QualifiedName> tables) const override {
    return sqlite::tables_exist(connection, tables);
  }
  // SQLite holds no text to the width of its column.
  std::optional<int> column_width(Connection& /*connection*/, const QualifiedName& /*table*/,
                                  const Identifier& /*column*/) const override {
    return std::nullopt;
  }
  bool takes_numbers_for_booleans(Connection& /*connection*/) const override { return true; }
  std::vector<std::string> create_version_table(const QualifiedName& table,
                                                int width) const override {
    return sqlite::create_version_table(table, width);
  }
  std::vector<std::string> widen_version_table(const QualifiedName& /*table*/,
                                               int /*width*/) const override {
    return {};
  }
  std::vector<std::string> create_journal_table(const QualifiedName& table) const override {
    return sqlite::create_journal_table(table);
  }
  std::string now() const override { return "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"; }
  std::string seconds_ago(std::string_view seconds) const override {
    return fmt::format("strftime('%Y-%m-%dT%H:%M:%fZ', 'now', printf('-%.3f seconds', {}))",
                       seconds);
  }

  ProbeResult probe(Connection& connection, const sql::Statement& statement) const override {
    return sqlite::probe(connection, statement);
  }
  // Nothing works on for a SQLite process that has died.
  std::optional<LockHolder> orphan(Connection& /*connection*/, std::int64_t /*pid*/,
                                   const std::string& /*started*/) const override {
    return std::nullopt;
  }

  std::vector<Identifier> primary_key(Connection& connection,
                                      const std::string& table_as_written) const override {
    return sqlite::primary_key(connection, table_as_written);
  }

  bool is_file() const override { return true; }
  std::string database_name(Connection& /*connection*/, const DatabaseUrl& url) const override {
    return std::filesystem::path(url.target()).filename().string();
  }
  void backup(const DatabaseUrl& url, const std::string& file,
              const BackupRequest& request) const override {
    sqlite::backup(url, file, request);
  }
  bool is_damaged(const DatabaseUrl& url) const override {
    return sqlite::is_damaged(url.target());
  }
  void check_backup(const std::string& file) const override { sqlite::check_backup(file); }
  RestoreResult restore(const DatabaseUrl& url, const std::string& file,
                        const RestoreRequest& request) const override {
    return sqlite::restore(url, file, request.is_damaged);
  }
};

}  // namespace

const Dialect& dialect() {
  static const SqliteDialect instance;
  return instance;
}

}  // namespace limbeck::sqlite
