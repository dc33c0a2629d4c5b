#include "source/replay.h"

#include <fmt/format.h>

#include "plan/plan.h"
#include "plan/script.h"
#include "revision/walk.h"
#include "run/connection_host.h"
#include "source/elaborate.h"

namespace limbeck {
namespace {

// A script that asks the database: here it asks the scratch.
void run_live(Scratch& scratch, const ScratchDialect& scratch_dialect, const Dialect& dialect,
              const PlannedRevision& planned, std::set<Unmodelled>& refused) {
  const auto filter = [&](const sql::Statement& statement) {
    const ScratchUse use = scratch_dialect.use_of(statement, scratch.owns_server());
    if (use == ScratchUse::refuse)
      refused.insert({sql::beginning(statement, dialect.lexical_rules(), 4)});
    return use == ScratchUse::run || use == ScratchUse::setting;
  };
  Connection& connection = scratch.connection();
  connection.begin();
  try {
    ConnectionHost host(connection, dialect, planned.file, filter);
    planned.live(host);
    connection.commit();
  } catch (Error& error) {
    connection.rollback();
    error.report().code = ExitCode::invalid_project;
    error.report().context.push_back(
        fmt::format("while replaying revision {}", planned.file.revision.id));
    throw;
  }
  scratch_dialect.reset_session(connection);
}

}  // namespace

std::set<Unmodelled> replay(Scratch& scratch, const ScratchDialect& scratch_dialect,
                            const Dialect& dialect, const Chain& chain, std::string_view selector) {
  std::set<Unmodelled> refused;
  for (const RevisionStep& step : upgrade_steps(chain.graph(), selector, {})) {
    PlannedRevision planned = chain.plan(step.revision, Direction::upgrade, dialect);
    const RevisionFile& file = planned.file;
    if (planned.live) {
      run_live(scratch, scratch_dialect, dialect, planned, refused);
      continue;
    }
    std::vector<sql::Statement> statements;
    for (Step& part : planned.steps) {
      std::move(part.statements.begin(), part.statements.end(), std::back_inserter(statements));
    }
    try {
      refused.merge(run_in_order(scratch, scratch_dialect, statements,
                                 {chain.path(step.revision).string(), file.text}));
    } catch (Error& error) {
      error.report().context.push_back(
          fmt::format("while replaying revision {}", file.revision.id));
      throw;
    }
  }
  return refused;
}

}  // namespace limbeck
