#include "dialect/sqlite/scratch.h"

#include <algorithm>
#include <array>

#include "dialect/sqlite/connection.h"
#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/statistics.h"
#include "dialect/tokens.h"

namespace limbeck::sqlite {
namespace {

// The pragmas that say what there is: a script goes on by their answer.
constexpr std::array<std::string_view, 10> questions{
    "DATABASE_LIST", "TABLE_INFO",  "TABLE_XINFO",      "TABLE_LIST",        "INDEX_LIST",
    "INDEX_INFO",    "INDEX_XINFO", "FOREIGN_KEY_LIST", "FOREIGN_KEY_CHECK", "INTEGRITY_CHECK"};

bool only_asks(const sql::Statement& statement) {
  return std::any_of(statement.words.begin(), statement.words.end(), [](const std::string& word) {
    return std::find(questions.begin(), questions.end(), word) != questions.end();
  });
}

class TemporaryScratch final : public Scratch {
 public:
  explicit TemporaryScratch(const ConnectOptions& options) : connection_(temporary_file, options) {}

  Connection& connection() override { return connection_; }
  bool owns_server() const override { return true; }

 private:
  SqliteConnection connection_;
};

class SqliteScratchDialect final : public ScratchDialect {
 public:
  std::unique_ptr<Scratch> create(const std::optional<DatabaseUrl>& /*server*/,
                                  const ConnectOptions& options) const override {
    ConnectOptions writing = options;
    writing.read_only = false;
    return std::make_unique<TemporaryScratch>(writing);
  }
  std::unique_ptr<Scratch> create_apart(const std::optional<DatabaseUrl>& server,
                                        const ConnectOptions& options) const override {
    return create(server, options);
  }

  std::string identity(const std::optional<DatabaseUrl>& server,
                       const ConnectOptions& options) const override {
    return create(server, options)->connection().server_version();
  }

  ScratchUse use_of(const sql::Statement& statement, bool /*owns_server*/) const override {
    // These name files: of other databases, to be written.
    if (sql::starts_with(statement, "ATTACH") || sql::starts_with(statement, "DETACH") ||
        (sql::starts_with(statement, "VACUUM") && statement.words.size() > 1)) {
      return ScratchUse::refuse;
    }
    // It says whether a table that is renamed takes the references to it along: a table that is
    // built anew depends on that. No other pragma makes a schema.
    if (sql::starts_with(statement, "PRAGMA")) {
      if (only_asks(statement)) return ScratchUse::run;
      return contains_ignoring_case(statement.text, "legacy_alter_table") ? ScratchUse::setting
                                                                          : ScratchUse::skip;
    }
    if (sql::starts_with(statement, "VACUUM")) return ScratchUse::skip;
    const StatementNature nature = dialect().nature(statement);
    return nature == StatementNature::transaction_control ? ScratchUse::skip : ScratchUse::run;
  }

  void run_together(Connection& connection,
                    std::span<const sql::Statement* const> statements) const override {
    std::vector<Command> commands;
    commands.reserve(statements.size());
    for (const sql::Statement* statement : statements) commands.push_back({.sql = statement->text});
    connection.run(commands, Wrap::own_transaction);
  }

  void reset_session(Connection& connection) const override { connection.reset_session(); }

  // It has no sequences that rows could be drawn from before they are there.
  std::int64_t draw(Connection& /*connection*/, const DrawnColumn& column) const override {
    return column.next;
  }
  void defer_foreign_keys(Connection& connection) const override {
    connection.query({.sql = "PRAGMA defer_foreign_keys = ON"});
  }

  std::vector<TableStatistics> statistics(Connection& connection) const override {
    return table_statistics(connection);
  }

  bool may_succeed_later(const SqlFailure& failure) const override {
    return contains_ignoring_case(failure.message, "no such ");
  }

  std::optional<std::string> missing_role(const SqlFailure& /*failure*/) const override {
    return std::nullopt;
  }
  void create_role(Connection& /*connection*/, const std::string& /*role*/) const override {}
};

}  // namespace

std::pair<std::string_view, const ScratchDialect&> scratch_dialect() {
  static const SqliteScratchDialect dialect;
  return {"sqlite", dialect};
}

}  // namespace limbeck::sqlite
