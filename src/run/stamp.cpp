#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "run/checks.h"
#include "run/own_tables.h"
#include "run/run.h"
#include "run/version_table.h"

namespace limbeck {
namespace {

// The targets, with the hashes of their files: from here on a change of these is noticed.
void add_journal_rows(const Run& run, const Chain& chain, const std::vector<std::string>& heads,
                      std::vector<Command>& commands) {
  for (const std::string& id : heads) {
    const auto index = chain.graph().find(id);
    JournalEntry entry{.kind = "stamp", .revision = id, .direction = "stamp", .outcome = "done"};
    if (index) entry.hash = chain.hash(*index);
    commands.push_back(run.journal.add(entry));
  }
  if (heads.empty()) {
    commands.push_back(run.journal.add(
        {.kind = "stamp", .direction = "stamp", .outcome = "done", .message = "base"}));
  }
}

// Whether nothing would be written.
bool is_there(const Chain& chain, const DatabaseState& seen, std::span<const std::string> targets,
              bool purge) {
  if (!purge) check_known(chain, seen);
  const std::vector<std::string> before = purge ? std::vector<std::string>{} : seen.current;
  const bool any_step = !stamp_steps(chain.graph(), targets, before).empty();
  const bool any_purged = purge && !seen.current.empty();
  return !any_step && !any_purged && !seen.open_revision;
}

// All or nothing: the tables where they are missing, and their rows.
void write(const Run& run, const std::vector<Command>& rows) {
  with_own_tables(run.database, [&] {
    std::vector<Command> commands = missing_tables(run);
    commands.insert(commands.end(), rows.begin(), rows.end());
    use_lock_timeout(run);
    with_retry(run, [&] { return run.connection().run(commands, Wrap::own_transaction); });
  });
}

void refuse_while_stopped(const Chain& chain, const DatabaseState& state) {
  if (!state.open_revision) return;
  throw stopped_in_its_middle(chain, *state.open_revision);
}

}  // namespace

RunReport stamp(const RunContext& context, std::span<const std::string> targets, bool purge) {
  Run run(context);
  const Chain& chain = context.chain;
  // A wrong target, and one where the database is already: before anything is made or waited for.
  const DatabaseState seen = read_state(run);
  if (with_nothing_changed([&] { return is_there(chain, seen, targets, purge); }))
    return {.heads = seen.current};
  run.lock = lock_to_change(run);

  const DatabaseState state = read_state(run);
  refuse_while_stopped(chain, state);
  std::vector<Command> commands;        // without the tables that they write
  std::vector<std::string> statements;  // the same, for people
  std::vector<std::string> heads = state.current;
  if (purge) {
    // All at once: in a table without a primary key, one id may stand twice, or none at all.
    if (!heads.empty()) {
      statements.push_back(clear_statement(*run.database.dialect, run.database.version_table));
      commands.push_back({.sql = statements.back()});
    }
    heads.clear();
  } else {
    check_known(chain, state);
  }
  const auto width = run.database.dialect->column_width(
      run.connection(), run.database.version_table, {"version_num"});
  const std::vector<StampStep> steps =
      with_nothing_changed([&] { return stamp_steps(chain.graph(), targets, heads); });
  for (const StampStep& step : steps) {
    for (const std::string& id : step.to) {
      if (const auto index = chain.graph().find(id)) {
        check_id_fits(run.database, chain.graph().at(*index), width);
      }
    }
    for (Command& command : version_commands(run.database, step.change)) {
      commands.push_back(std::move(command));
    }
    for (std::string& statement :
         version_statements(*run.database.dialect, run.database.version_table, step.change)) {
      statements.push_back(std::move(statement));
    }
    heads = heads_after(step.change, heads);
  }
  RunReport report{.stamped = !commands.empty()};
  if (!commands.empty()) {
    for (const std::string& statement : statements) run.tell(StatementSent{statement});
    add_journal_rows(run, chain, heads, commands);
    write(run, commands);
    if (purge && !state.current.empty()) run.tell(RowsPurged{.revisions = state.current});
    for (const StampStep& step : steps) {
      run.tell(Stamped{.from = fmt::format("{}", fmt::join(step.from, ", ")),
                       .to = fmt::format("{}", fmt::join(step.to, ", "))});
    }
  }
  report.heads = heads;
  std::sort(report.heads.begin(), report.heads.end());
  return report;
}

}  // namespace limbeck
