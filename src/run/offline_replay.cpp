#include "run/offline_replay.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/letter_case.h"
#include "dialect/schema_dialect.h"
#include "plan/plan_script.h"
#include "plan/script.h"
#include "revision/walk.h"
#include "run/connection_host.h"
#include "run/script_statement.h"
#include "run/table_change.h"

namespace limbeck {
namespace {

// A script may work on what no revision has made: something else did, in the database that it is
// written for. What can be written without looking at it is.
class OfflineHost : public ConnectionHost {
 public:
  using ConnectionHost::ConnectionHost;

  ResultSet execute(const ScriptStatement& statement) override {
    ResultSet result;
    for (const sql::Statement& it : statements_of(statement, file_, dialect_)) {
      if (transaction_control(it) != TransactionControl::none) continue;
      if (filter_ && !filter_(it)) continue;
      control("SAVEPOINT limbeck_offline");
      try {
        result = send(connection_, it, statement.parameters);
      } catch (const DatabaseError&) {
        control("ROLLBACK TO limbeck_offline");
      }
      control("RELEASE limbeck_offline");
      if (!only_reads(it)) on_statement_(it);
    }
    return result;
  }

  void change_table(const ScriptTableChanges& changes) override {
    if (is_there(changes.changes.table)) return ConnectionHost::change_table(changes);
    for (const TableChange& change : changes.changes.changes) {
      const auto* defined = std::get_if<DefineTable>(&change);
      if (defined == nullptr) continue;
      control(defined->sql);
      return ConnectionHost::change_table(changes);
    }
    const auto statements = plain_table_change(dialect_, changes.changes);
    if (statements.empty()) return ConnectionHost::change_table(changes);  // which says why not
    for (const std::string& sql : statements)
      on_statement_({.text = sql, .place = place_of_line(file_, changes.line)});
  }

 private:
  void control(const std::string& sql) {
    const Command command{.sql = sql};
    connection_.run({&command, 1}, Wrap::open_transaction);
  }
  bool is_there(const std::string& table) {
    const Schema now = schema_dialect_named(dialect_.name()).introspect(connection_, {});
    return std::any_of(now.objects.begin(), now.objects.end(), [&](const auto& it) {
      return it.first.kind == Kind::table && lower_case(it.first.name) == lower_case(table);
    });
  }
};

}  // namespace

OfflineReplay::OfflineReplay(const Chain& chain, const Dialect& dialect)
    : chain_(chain),
      dialect_(dialect),
      scratch_(scratch_dialect_named(dialect.name()).create(std::nullopt, {})) {}

void OfflineReplay::go_to(const std::vector<std::string>& heads) {
  if (heads.empty()) return;
  const std::string target = fmt::format("{}", fmt::join(heads, ","));
  for (const RevisionStep& step : upgrade_steps(chain_.graph(), target, {})) {
    try {
      run(chain_.plan(step.revision, Direction::upgrade, dialect_, PlanUse::offline));
    } catch (const Interrupted&) {
      throw;
    } catch (const Error&) {
      continue;  // it needs what is not here; whether that matters shows later
    }
  }
}

std::vector<std::string> OfflineReplay::run(const PlannedRevision& planned) {
  Connection& connection = scratch_->connection();
  connection.begin();
  try {
    std::vector<std::string> result = statements(planned);
    connection.commit();
    return result;
  } catch (Error& error) {
    connection.rollback();
    // What is not changed by looking need not run here: it may stand on what something else made.
    if (!planned.live) return {};
    error.report().context.push_back(fmt::format(
        "while looking at what revision {} changes, in memory", planned.file.revision.id));
    if (!error.report().place) error.report().place = planned.live_place;
    error.report().code = ExitCode::invalid_project;
    throw;
  }
}

std::vector<std::string> OfflineReplay::try_out(const PlannedRevision& planned) {
  Connection& connection = scratch_->connection();
  connection.begin();
  try {
    std::vector<std::string> result = statements(planned);
    connection.rollback();
    return result;
  } catch (...) {
    connection.rollback();
    throw;
  }
}

std::vector<std::string> OfflineReplay::statements(const PlannedRevision& planned) {
  std::vector<std::string> result;
  const ScratchDialect& scratch_dialect = scratch_dialect_named(dialect_.name());
  const auto use = [&](const sql::Statement& statement) {
    return scratch_dialect.use_of(statement, true) == ScratchUse::run;
  };
  if (planned.live) {
    OfflineHost host(scratch_->connection(), dialect_, planned.file, use,
                     [&](const sql::Statement& it) { result.push_back(it.text); });
    planned.live(host);
    return result;
  }
  for (const Step& step : planned.steps) {
    for (const sql::Statement& statement : step.statements) {
      result.push_back(statement.text);
      if (!use(statement)) continue;
      const Command command{.sql = statement.text};
      scratch_->connection().run({&command, 1}, Wrap::open_transaction);
    }
  }
  return result;
}

}  // namespace limbeck
