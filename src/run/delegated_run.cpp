#include "run/delegated_run.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

#include "base/process.h"
#include "run/state.h"
#include "run/version_table.h"

namespace limbeck {
namespace {

using Ids = std::set<std::string>;

// In the cursor of the revision's row.
constexpr std::string_view delegated = "delegated to the project's own Alembic";

Ids current_of(const Run& run) {
  // Not what tells that nothing was changed: the other program may be at work, or done.
  const std::vector<std::string> rows =
      read_current(run.connection(), *run.database.dialect, run.database.version_table);
  return {rows.begin(), rows.end()};
}

std::string listed(const Ids& ids) {
  return ids.empty() ? "<base>" : fmt::format("{}", fmt::join(ids, ", "));
}

Error refusal(const RevisionRun& work, std::string message, std::string detail, std::string hint) {
  return Error({.code = ExitCode::failed_rolled_back,
                .message = std::move(message),
                .place = work.revision.file.revision.place,
                .detail = std::move(detail),
                .hint = std::move(hint)});
}

class DelegatedRun {
 public:
  DelegatedRun(Run& run, const RevisionRun& work) : run_(run), work_(work) {
    const Ids heads = current_of(run_);
    const HeadChange& change = work_.heads;
    const std::vector<std::string> after =
        heads_after(change, std::vector<std::string>(heads.begin(), heads.end()));
    after_ = Ids(after.begin(), after.end());
  }

  void go() {
    JournalEntry entry = revision_entry(work_.revision);
    entry.outcome = "started";
    entry.cursor = delegated;
    run_.crash.pass();
    const std::int64_t row =
        work_.open ? work_.open->id : run_.journal.begin(run_.connection(), entry);
    run_.crash.pass();
    const ScriptProgram& program = work_.revision.delegation->step;
    std::vector<std::string> command = program.command;
    std::replace(command.begin(), command.end(), std::string(delegation_query), row_query(row));
    const ProcessResult result = run_process(command, ProcessOutput::to_standard_error,
                                             program.folder.string(), run_.context.interrupt);
    run_.crash.pass();
    if (current_of(run_) == after_) return finish(row);
    close(row, "failed");
    if (result.exit_code == delegation_elsewhere) {
      Error elsewhere =
          refusal(work_, "the project's own Alembic connects to another database than this one",
                  "it was asked for the row of this run in the journal, and has not found it",
                  "its env.py decides where it connects; make it the database that the url names");
      elsewhere.report().state = "nothing was run, here or there";
      throw elsewhere;
    }
    if (run_.interrupted()) stop_if_interrupted(run_);
    if (result.ok()) {
      throw refusal(work_,
                    "the project's own Alembic ended well, and the version table is not "
                    "where the revision leads",
                    fmt::format("it holds {} and not {}", listed(current_of(run_)), listed(after_)),
                    "its env.py may lead to another database");
    }
    Error error =
        refusal(work_, fmt::format("the project's own Alembic failed: {}", describe(result)),
                "what it said stands above", "");
    error.report().state = fmt::format(
        "the version table is as it was; what Alembic left of revision {} is as its transactions "
        "are",
        work_.revision.file.revision.id);
    throw error;
  }

 private:
  // Finds the row that was begun for this revision, by what no other database has.
  std::string row_query(std::int64_t row) const {
    return fmt::format("SELECT 1 FROM {0} WHERE id {1} {2} AND run_id {1} '{3}'",
                       run_.database.dialect->quote(run_.database.journal_table),
                       run_.database.dialect->equals(), row,
                       work_.open ? work_.open->run_id : run_.journal.identity().run_id);
  }

  void finish(std::int64_t row) { close(row, "done"); }

  void close(std::int64_t row, std::string_view outcome) {
    const Command command =
        run_.journal.finish(row, outcome, 0, outcome == "done" ? work_.revision.file.hash : "");
    run_.connection().run({&command, 1}, Wrap::own_transaction);
  }

  Run& run_;
  const RevisionRun& work_;
  Ids after_;
};

}  // namespace

void run_delegated(Run& run, const RevisionRun& work) {
  DelegatedRun(run, work).go();
}

bool is_done_by_alembic(const JournalEntry& open, const std::vector<std::string>& current) {
  if (open.cursor != delegated) return false;
  const bool is_current = std::find(current.begin(), current.end(), open.revision) != current.end();
  return is_current == (open.direction == to_string(Direction::upgrade));
}

}  // namespace limbeck
