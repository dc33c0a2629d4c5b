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
  const std::vector<RevisionStep> steps = upgrade_steps(chain.graph(), selector, {});
  return replay(scratch, scratch_dialect, dialect, chain, steps);
}

std::set<Unmodelled> replay(Scratch& scratch, const ScratchDialect& scratch_dialect,
                            const Dialect& dialect, const Chain& chain,
                            std::span<const RevisionStep> steps) {
  std::set<Unmodelled> refused;
  std::vector<RevisionGraph::Index> revisions;
  for (const RevisionStep& step : steps) revisions.push_back(step.revision);
  if (!steps.empty()) chain.announce(revisions, steps.front().direction, dialect);
  for (const RevisionStep& step : steps) {
    PlannedRevision planned = chain.plan(step.revision, step.direction, dialect);
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
                                 {chain.path(step.revision), file.text}));
    } catch (Error& error) {
      // A script makes its SQL: its columns are not those of the file.
      if (file.is_script && error.report().place)
        error.report().place = place_of_line(file, error.report().place->line);
      error.report().context.push_back(
          fmt::format("while replaying revision {}", file.revision.id));
      throw;
    }
  }
  return refused;
}

}  // namespace limbeck
