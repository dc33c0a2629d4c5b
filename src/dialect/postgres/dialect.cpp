#include "dialect/postgres/dialect.h"

#include <fmt/format.h>

#include "dialect/postgres/connection.h"
#include "dialect/postgres/libpq.h"
#include "dialect/quoting.h"
#include "sql/lexical_rules.h"

namespace limbeck::postgres {
namespace {

class PostgresDialect final : public Dialect {
 public:
  using Dialect::quote;

  std::string_view name() const override { return "postgresql"; }
  const sql::LexicalRules& lexical_rules() const override { return sql::postgres_rules; }
  StatementNature nature(const sql::Statement& statement) const override {
    return postgres::nature(statement);
  }

  std::string quote(const Identifier& identifier) const override {
    return quoted_identifier(identifier);
  }
  std::string quote_literal(std::string_view text) const override {
    std::string literal = in_quotes(text, '\'');
    // A backslash means itself in E'' only when doubled, whatever the server is set to.
    if (text.find('\\') == std::string_view::npos) return literal;
    std::string escaped = "E";
    for (const char c : literal) escaped.append(c == '\\' ? 2 : 1, c);
    return escaped;
  }

  void load_client() const override { libpq(); }

  std::unique_ptr<Connection> connect(const DatabaseUrl& url,
                                      const ConnectOptions& options) const override {
    return std::make_unique<PostgresConnection>(url, options);
  }
  LockAttempt try_lock(Connection& connection, const DatabaseUrl& /*url*/,
                       const QualifiedName& table) const override {
    return postgres::try_lock(connection, table);
  }
  std::optional<LockHolder> lock_holder(Connection& connection,
                                        const QualifiedName& table) const override {
    return postgres::lock_holder(connection, table);
  }

  QualifiedName locate(Connection& connection, const QualifiedName& table) const override {
    return postgres::locate(connection, table);
  }
  std::vector<bool> tables_exist(Connection& connection,
                                 std::span<const QualifiedName> tables) const override {
    return postgres::tables_exist(connection, tables);
  }
  std::optional<int> column_width(Connection& connection, const QualifiedName& table,
                                  const Identifier& column) const override {
    return postgres::column_width(connection, table, column);
  }
  bool takes_numbers_for_booleans(Connection& connection) const override {
    return postgres::takes_numbers_for_booleans(connection);
  }
  std::vector<std::string> create_version_table(const QualifiedName& table,
                                                int width) const override {
    return postgres::create_version_table(table, width);
  }
  std::vector<std::string> widen_version_table(const QualifiedName& table,
                                               int width) const override {
    return postgres::widen_version_table(table, width);
  }
  std::vector<std::string> create_journal_table(const QualifiedName& table) const override {
    return postgres::create_journal_table(table);
  }
  std::string now() const override { return "pg_catalog.clock_timestamp()"; }
  std::string seconds_ago(std::string_view seconds) const override {
    return fmt::format(
        "pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) pg_catalog.make_interval(secs => {})",
        seconds);
  }
  std::optional<std::string> own_role_again(const sql::Statement& statement) const override {
    return postgres::own_role_again(statement);
  }
  std::optional<SessionSetting> session_setting(const sql::Statement& statement) const override {
    return postgres::session_setting(statement);
  }
  std::string_view equals() const override { return "OPERATOR(pg_catalog.=)"; }
  std::optional<std::string> transaction_start() const override { return "pg_catalog.now()"; }

  ProbeResult probe(Connection& connection, const sql::Statement& statement) const override {
    return postgres::probe(connection, statement);
  }
  std::optional<LockHolder> orphan(Connection& connection, std::int64_t pid,
                                   const std::string& started) const override {
    return postgres::orphan(connection, pid, started);
  }

  std::vector<Identifier> primary_key(Connection& connection,
                                      const std::string& table_as_written) const override {
    return postgres::primary_key(connection, table_as_written);
  }

  std::string database_name(Connection& connection, const DatabaseUrl& /*url*/) const override {
    return postgres::database_name(connection);
  }
  void backup(const DatabaseUrl& url, const std::string& file,
              const BackupRequest& request) const override {
    postgres::backup(url, file, request);
  }
  void check_backup(const std::string& file) const override { postgres::check_backup(file); }
  RestoreResult restore(const DatabaseUrl& url, const std::string& file,
                        const RestoreRequest& request) const override {
    return postgres::restore(url, file, request);
  }
};

}  // namespace

const Dialect& dialect() {
  static const PostgresDialect instance;
  return instance;
}

std::string quoted_name(std::string_view name) {
  return dialect().quote(Identifier{std::string(name)});
}

std::string quoted_text(std::string_view text) {
  return dialect().quote_literal(text);
}

}  // namespace limbeck::postgres
