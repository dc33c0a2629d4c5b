#include <algorithm>
#include <array>

#include "run/own_tables.h"
#include "run/run.h"
#include "run/version_table.h"

namespace limbeck {

namespace {

void create(const Run& run, std::vector<std::string> statements, Wrap wrap) {
  std::vector<Command> commands;
  commands.reserve(statements.size());
  for (std::string& statement : statements) commands.push_back({.sql = std::move(statement)});
  run.connection().set_timeouts({.lock_ms = run.settings().lock_timeout_ms});
  if (wrap == Wrap::open_transaction) {
    with_own_tables(run.database, [&] { run.connection().run(commands, wrap); });
  } else {
    with_own_tables(run.database,
                    [&] { with_retry(run, [&] { return run.connection().run(commands, wrap); }); });
  }
}

}  // namespace

bool create_missing_tables(const Run& run, Wrap wrap) {
  const Dialect& dialect = *run.database.dialect;
  const TargetDatabase& database = run.database;
  const std::array tables{database.version_table, database.journal_table};
  const std::vector<bool> exist = dialect.tables_exist(*database.connection, tables);
  std::vector<std::string> statements;
  if (!exist[0]) {
    const int width = std::max(database.version_width, longest_id(run.context.chain.graph()));
    statements = dialect.create_version_table(database.version_table, width);
  }
  if (!exist[1]) {
    for (std::string& statement : dialect.create_journal_table(database.journal_table)) {
      statements.push_back(std::move(statement));
    }
  }
  if (statements.empty()) return false;
  create(run, std::move(statements), wrap);
  return true;
}

void create_missing_journal(const Run& run) {
  const TargetDatabase& database = run.database;
  if (database.dialect->table_exists(*database.connection, database.journal_table)) return;
  create(run, database.dialect->create_journal_table(database.journal_table),
         Wrap::own_transaction);
}

bool ensure_version_tables(const RunContext& context) {
  Run run(context);
  const TargetDatabase& database = run.database;
  const Dialect& dialect = *database.dialect;
  const bool are_there = with_own_tables(database, [&] {
    return dialect.table_exists(*database.connection, database.version_table) &&
           dialect.table_exists(*database.connection, database.journal_table);
  });
  if (are_there) return false;
  run.lock = lock_to_change(run);
  return create_missing_tables(run);
}

}  // namespace limbeck
