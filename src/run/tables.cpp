#include <algorithm>
#include <array>

#include "run/own_tables.h"
#include "run/run.h"
#include "run/version_table.h"

namespace limbeck {

namespace {

void create(const Run& run, const std::vector<Command>& commands, Wrap wrap) {
  use_lock_timeout(run);
  if (wrap == Wrap::open_transaction) {
    with_own_tables(run.database, [&] { run.connection().run(commands, wrap); });
  } else {
    with_own_tables(run.database,
                    [&] { with_retry(run, [&] { return run.connection().run(commands, wrap); }); });
  }
}

void add_each(std::vector<std::string> statements, std::vector<Command>& commands) {
  for (std::string& statement : statements) commands.push_back({.sql = std::move(statement)});
}

}  // namespace

std::vector<Command> missing_tables(const Run& run) {
  const Dialect& dialect = *run.database.dialect;
  const TargetDatabase& database = run.database;
  const std::array tables{database.version_table, database.journal_table};
  const std::vector<bool> exist = dialect.tables_exist(*database.connection, tables);
  std::vector<Command> commands;
  if (!exist[0]) {
    const int width = std::max(database.version_width, longest_id(run.context.chain.graph()));
    add_each(dialect.create_version_table(database.version_table, width), commands);
  }
  if (!exist[1]) add_each(dialect.create_journal_table(database.journal_table), commands);
  return commands;
}

bool create_missing_tables(const Run& run, Wrap wrap) {
  const std::vector<Command> commands = missing_tables(run);
  if (commands.empty()) return false;
  create(run, commands, wrap);
  return true;
}

void create_missing_journal(const Run& run) {
  const TargetDatabase& database = run.database;
  if (database.dialect->table_exists(*database.connection, database.journal_table)) return;
  std::vector<Command> commands;
  add_each(database.dialect->create_journal_table(database.journal_table), commands);
  create(run, commands, Wrap::own_transaction);
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
