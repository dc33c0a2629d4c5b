#include "run/connection_host.h"

#include "plan/plan_script.h"
#include "run/script_statement.h"
#include "run/table_change.h"

namespace limbeck {

ResultSet ConnectionHost::execute(const ScriptStatement& statement) {
  ResultSet result;
  for (const sql::Statement& it : statements_of(statement, file_, dialect_)) {
    if (transaction_control(it) != TransactionControl::none) continue;
    if (filter_ && !filter_(it)) continue;
    result = send(connection_, it, statement.parameters);
    if (on_statement_ && !only_reads(it)) on_statement_(it);
  }
  return result;
}

void ConnectionHost::change_table(const ScriptTableChanges& changes) {
  const auto tell = [&](const std::string& sql) {
    if (on_statement_) on_statement_({.text = sql, .place = place_of_line(file_, changes.line)});
  };
  try {
    limbeck::change_table(connection_, dialect_, changes.changes, tell);
  } catch (Error& error) {
    if (!error.report().place) error.report().place = place_of_line(file_, changes.line);
    throw;
  }
}

}  // namespace limbeck
