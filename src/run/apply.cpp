#include "run/apply.h"

#include <chrono>
#include <fmt/format.h>

#include "run/backup.h"
#include "run/checks.h"
#include "run/revision_run.h"
#include "run/run.h"
#include "run/stepped_run.h"

namespace limbeck {

ApplyReport apply_plan(const RunContext& context, const RevisionFile& plan,
                       const std::function<void()>& verify) {
  Run run(context);
  PreparedRevision prepared;
  prepared.file = plan;
  prepared.steps = plan_revision(plan, Direction::upgrade, *run.database.dialect);
  prepared.journal_kind = "apply";

  run.lock = lock_to_change(run);
  const DatabaseState state = read_state(run);
  ApplyReport report;
  const auto& open = state.open_revision;
  report.resumed = open && open->kind == "apply" && open->revision == plan.revision.id;
  if (open && !report.resumed) throw stopped_in_its_middle(context.chain, *open);
  if (report.resumed) {
    check_done_steps(run, prepared, *open);
  } else {
    verify();
  }
  create_missing_journal(run);
  const auto backup = back_up_before_run(run, [&] {
    PlannedStatements planned;
    for (const Step& step : prepared.steps) {
      for (const sql::Statement& statement : step.statements)
        planned.statements.push_back(&statement);
    }
    return planned;
  });
  if (backup) report.backup_file = backup->file;

  RevisionRun work{.revision = prepared, .heads = {}};
  if (report.resumed) work.open = open;
  work.own_rows_first = own_role_commands(run, prepared);
  const auto begin = std::chrono::steady_clock::now();
  try {
    stop_if_interrupted(run);
    run_revision(run, work);
  } catch (Error& error) {
    error.report().context.push_back(fmt::format("while applying {}", plan.revision.id));
    if (!report.backup_file.empty()) {
      error.report().context.push_back(
          fmt::format("a backup from before this command: {}", report.backup_file));
    }
    throw;
  }
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return report;
}

}  // namespace limbeck
