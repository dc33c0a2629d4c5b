#include "run/repair.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/terminal.h"
#include "run/checks.h"
#include "run/own_tables.h"
#include "run/run.h"
#include "run/version_table.h"

namespace limbeck {
namespace {

std::optional<int> version_width(TargetDatabase& database) {
  return database.dialect->column_width(*database.connection, database.version_table,
                                        {"version_num"});
}

JournalEntry repair_entry(const std::string& revision, std::string hash, std::string message) {
  return {.kind = "repair",
          .revision = revision,
          .direction = "repair",
          .hash = std::move(hash),
          .outcome = "done",
          .message = std::move(message)};
}

JournalEntry stopped_revision(const Run& run) {
  const DatabaseState state = read_state(run);
  if (state.open_revision) return *state.open_revision;
  throw Error({.code = ExitCode::usage,
               .message = "no revision stopped between its steps",
               .state = "nothing was changed",
               .hint = "\"limbeck repair\" says what is wrong, and \"limbeck status\" where the "
                       "database is"});
}

// The rows of steps that were under way end as the revision does.
std::vector<Command> close_open_steps(const Run& run, const JournalEntry& revision,
                                      std::string_view outcome) {
  std::vector<Command> commands;
  for (const JournalEntry& step : read_steps(run.database, revision)) {
    if (step.outcome == "started") {
      commands.push_back(run.journal.finish(step.id, outcome, step.affected));
    }
  }
  return commands;
}

// All or nothing. Alembic's projects have no journal yet.
void commit(const Run& run, const std::vector<Command>& changes) {
  with_own_tables(run.database, [&] {
    std::vector<Command> commands = missing_tables(run);
    commands.insert(commands.end(), changes.begin(), changes.end());
    run.connection().set_timeouts({.lock_ms = run.settings().lock_timeout_ms});
    with_retry(run, [&] { return run.connection().run(commands, Wrap::own_transaction); });
  });
}

Ailment diagnose_stopped(const Chain& chain, const JournalEntry& open) {
  Ailment ailment{.kind = Ailment::Kind::stopped_revision,
                  .subject = open.revision,
                  .what = fmt::format("{} stopped between its steps", describe_work(open)),
                  .way_out = resuming_command(chain.graph(), open)};
  switch (file_of_stopped(chain, open)) {
    case StoppedFile::as_it_was:
      break;
    case StoppedFile::changed:
      ailment.what +=
          ", and its file has changed since: what is done of it has to stand there as "
          "it was";
      break;
    case StoppedFile::missing:
      ailment.what +=
          ", and its file is not in this project: get it back to finish it, or undo "
          "by hand what it has done";
      ailment.way_out = "limbeck repair --abandon";
      break;
  }
  return ailment;
}

}  // namespace

std::vector<Ailment> diagnose(const Chain& chain, TargetDatabase& database,
                              const DatabaseState& state) {
  std::vector<Ailment> ailments;
  if (state.open_revision) {
    ailments.push_back(diagnose_stopped(chain, *state.open_revision));
  }
  for (const ChangedRevision& changed : changed_revisions(chain, state)) {
    const std::string& id = chain.graph().at(changed.revision).id;
    ailments.push_back(
        {.kind = Ailment::Kind::changed_revision,
         .subject = id,
         .what = fmt::format("revision {} is applied, and its file has changed since", id),
         .way_out = fmt::format("limbeck repair --accept-changed {}", id)});
  }
  for (const std::string& id : unknown_revisions(chain, state)) {
    ailments.push_back(
        {.kind = Ailment::Kind::unknown_revision,
         .subject = id,
         .what = fmt::format("the database is at revision {}, which is not in this project",
                             printable(id)),
         .way_out = "limbeck stamp --purge REVISION"});
  }
  const int longest = longest_id(chain.graph());
  if (const auto width = version_width(database);
      state.version_table_exists && width && longest > *width) {
    ailments.push_back({.kind = Ailment::Kind::narrow_version_table,
                        .subject = database.version_table.object.name,
                        .what = fmt::format("{} holds ids of {} characters, the longest one has {}",
                                            database.version_table.object.name, *width, longest),
                        .way_out = "limbeck repair --widen"});
  }
  return ailments;
}

std::vector<std::string> accept_changed(const RunContext& context,
                                        const std::vector<std::string>& revisions) {
  Run run(context);
  run.lock = lock_to_change(run);
  std::vector<std::string> accepted;
  std::vector<Command> commands;
  const auto changed_now = changed_revisions(context.chain, read_state(run));
  for (const ChangedRevision& changed : changed_now) {
    const std::string& id = context.chain.graph().at(changed.revision).id;
    if (!revisions.empty() &&
        std::find(revisions.begin(), revisions.end(), id) == revisions.end()) {
      continue;
    }
    commands.push_back(run.journal.add(
        repair_entry(id, changed.file_hash, "accepted as changed; was " + changed.recorded_hash)));
    accepted.push_back(id);
  }
  if (!commands.empty()) commit(run, commands);
  return accepted;
}

std::string abandon_stopped(const RunContext& context) {
  Run run(context);
  run.lock = lock_to_change(run);
  const JournalEntry open = stopped_revision(run);
  std::vector<Command> commands = close_open_steps(run, open, "abandoned");
  commands.push_back(run.journal.finish(open.id, "abandoned", 0));
  commands.push_back(run.journal.add(repair_entry("", "", "abandoned revision " + open.revision)));
  commit(run, commands);
  return open.revision;
}

namespace {

// What the version table and the journal say when the revision is done; a plan is in no version
// table.
std::vector<Command> completion(const Run& run, const Chain& chain, const JournalEntry& open) {
  if (open.kind == "apply") return {run.journal.finish(open.id, "done", 0)};
  const RevisionGraph& graph = chain.graph();
  const auto index = graph.find(open.revision);
  if (!index) {
    throw Error({.code = ExitCode::invalid_project,
                 .message = fmt::format("revision {} is not in this project", open.revision),
                 .state = "nothing was changed",
                 .hint = "get its file back; or undo by hand what it has done, and say so with "
                         "\"limbeck repair --abandon\""});
  }
  const RevisionStep step{
      .revision = *index,
      .direction = open.direction == "upgrade" ? Direction::upgrade : Direction::downgrade};
  const std::vector<std::string> current = read_current(run.database);
  std::vector<Command> commands = version_commands(run.database, head_change(graph, step, current));
  commands.push_back(run.journal.finish(open.id, "done", 0, chain.hash(*index)));
  return commands;
}

}  // namespace

std::string complete_stopped(const RunContext& context) {
  Run run(context);
  run.lock = lock_to_change(run);
  const JournalEntry open = stopped_revision(run);
  std::vector<Command> commands = completion(run, context.chain, open);
  for (Command& command : close_open_steps(run, open, "done")) {
    commands.push_back(std::move(command));
  }
  commands.push_back(run.journal.add(repair_entry("", "", "completed revision " + open.revision)));
  commit(run, commands);
  return open.revision;
}

int widen_version_table(const RunContext& context) {
  Run run(context);
  run.lock = lock_to_change(run);
  const auto width = version_width(run.database);
  const int needed = std::max(longest_id(context.chain.graph()), 255);
  if (!width || *width >= needed) return 0;
  std::vector<Command> commands;
  for (std::string& statement :
       run.database.dialect->widen_version_table(run.database.version_table, needed)) {
    run.tell(StatementSent{statement});
    commands.push_back({.sql = std::move(statement)});
  }
  commands.push_back(run.journal.add(repair_entry(
      "", "", fmt::format("widened the version table from {} to {}", *width, needed))));
  commit(run, commands);
  return needed;
}

}  // namespace limbeck
