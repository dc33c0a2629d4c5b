#include "source/replay.h"

#include <fmt/format.h>

#include "plan/plan.h"
#include "revision/walk.h"
#include "source/elaborate.h"

namespace limbeck {

std::set<Unmodelled> replay(Scratch& scratch, const ScratchDialect& scratch_dialect,
                            const Dialect& dialect, const Chain& chain, std::string_view selector) {
  std::set<Unmodelled> refused;
  for (const RevisionStep& step : upgrade_steps(chain.graph(), selector, {})) {
    const RevisionFile file = chain.read(step.revision);
    std::vector<sql::Statement> statements;
    for (Step& part : plan_revision(file, Direction::upgrade, dialect)) {
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
