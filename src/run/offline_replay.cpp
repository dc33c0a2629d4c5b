#include "run/offline_replay.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "plan/script.h"
#include "revision/walk.h"
#include "run/connection_host.h"

namespace limbeck {

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
    ConnectionHost host(scratch_->connection(), dialect_, planned.file, use,
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
