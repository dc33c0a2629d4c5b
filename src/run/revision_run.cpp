#include "run/revision_run.h"

#include <fmt/format.h>

#include "base/source.h"
#include "base/text_place.h"
#include "run/delegated_run.h"
#include "run/live_run.h"
#include "run/own_tables.h"
#include "run/stepped_run.h"
#include "run/version_table.h"

namespace limbeck {
namespace {

std::vector<Command> atomic_commands(const Run& run, const RevisionRun& work) {
  std::vector<Command> commands = revision_commands(work);
  for (Command& command : version_commands(run.database, work.heads)) {
    commands.push_back(std::move(command));
  }
  commands.push_back(run.journal.add(revision_entry(work.revision)));
  return commands;
}

void explain_atomic_failure(const Run& run, DatabaseError& error,
                            const PreparedRevision& revision) {
  locate_failure(error, revision);
  const std::size_t statements =
      revision.steps.empty() ? 0 : revision.steps.front().statements.size();
  if (error.failure().command >= statements) explain_unwritable(error, run.database);
  error.report().state = fmt::format("rolled back: the database is as it was before revision {}",
                                     revision.file.revision.id);
}

void run_atomic(Run& run, const RevisionRun& work) {
  const std::vector<Command> commands = atomic_commands(run, work);
  if (!work.revision.steps.empty()) tell_statements(run, work.revision.steps.front().statements);
  run.crash.pass();
  try {
    with_retry(run, [&] { return run.connection().run(commands, Wrap::own_transaction); });
  } catch (ConnectionLost& error) {
    resolve_lost_connection(run, work.revision, error);
    throw;
  } catch (DatabaseError& error) {
    explain_atomic_failure(run, error, work.revision);
    if (error.failure().command == commands.size())
      error.report().context.emplace_back(when_committed);
    record_failure(run, work, error.failure());
    throw;
  }
  run.crash.pass();
}

}  // namespace

void record_failure(const Run& run, const RevisionRun& work, const SqlFailure& failure) noexcept {
  try {
    JournalEntry entry = revision_entry(work.revision);
    entry.outcome = "failed";
    entry.sqlstate = failure.sqlstate;
    entry.message = failure.message;
    const Command row = run.journal.add(entry);
    // Whoever has stopped a wait for somebody's lock is not made to wait for it again.
    run.connection().set_timeouts({.lock_ms = 200});
    run.connection().run(std::span(&row, 1), Wrap::own_transaction);
  } catch (const std::exception&) {
    return;  // the database may be full or read-only: the error that stands is the first one
  }
}

std::vector<Command> revision_commands(const RevisionRun& work) {
  std::vector<Command> commands;
  if (!work.revision.steps.empty()) commands = step_commands(work.revision.steps.front());
  commands.insert(commands.end(), work.own_rows_first.begin(), work.own_rows_first.end());
  return commands;
}

std::vector<Command> own_role_commands(const Run& run, const PreparedRevision& revision) {
  std::vector<Command> commands;
  for (const Step& step : revision.steps) {
    for (const sql::Statement& statement : step.statements) {
      if (auto sql = run.database.dialect->own_role_again(statement))
        commands = {{.sql = *std::move(sql)}};
    }
  }
  return commands;
}

JournalEntry revision_entry(const PreparedRevision& revision) {
  return {.kind = revision.journal_kind,
          .revision = revision.file.revision.id,
          .direction = std::string(to_string(revision.step.direction)),
          .hash = revision.file.hash,
          .outcome = "done"};
}

void locate_failure(DatabaseError& error, const RevisionFile& file,
                    const std::vector<sql::Statement>& statements) {
  if (error.failure().command >= statements.size()) {
    if (!error.report().place) error.report().place = file.revision.place;
    return;
  }
  const sql::Statement& statement = statements[error.failure().command];
  if (file.is_script) {  // whose SQL is made: its lines are not those of the file
    error.report().place = place_of_line(file, statement.place.line);
    return;
  }
  const std::size_t offset = byte_of_character(statement.text, error.failure().position);
  Place place = place_at(statement.text, offset, statement.place);
  place.source_line = source_line(file.text, place.line);
  error.report().place = std::move(place);
  if (error.failure().sqlstate == "55P04") {
    error.report().hint =
        "a new enum value must be committed before it is used: put ALTER TYPE ... ADD VALUE into a "
        "no-transaction section of its own, before this one";
  }
}

void locate_failure(DatabaseError& error, const PreparedRevision& revision) {
  const std::vector<sql::Statement> none;
  locate_failure(error, revision.file,
                 revision.steps.empty() ? none : revision.steps.front().statements);
}

void resolve_lost_connection(Run& run, const PreparedRevision& revision, ConnectionLost& error) {
  const std::string& id = revision.file.revision.id;
  locate_failure(error, revision);
  error.report().state =
      fmt::format("rolled back: the database is as it was before revision {}", id);
  error.report().hint =
      "when the server is back, \"limbeck status\" says where the database is; run the command "
      "again to go on";
  if (dynamic_cast<const CommitUnknown*>(&error) == nullptr) return;  // no COMMIT was carried out
  error.report().state = fmt::format(
      "unknown: the connection broke before the server said that revision {} was committed", id);
  const std::string run_id = run.journal.identity().run_id;
  Backoff backoff(std::chrono::milliseconds(200), std::chrono::milliseconds(1'000));
  for (int attempt = 0; attempt < 5 && !run.interrupted(); ++attempt) {
    pause_for(backoff.next(), run.context.interrupt);
    try {
      TargetDatabase& database = run.database;
      run.lock.reset();
      database.connection = database.dialect->connect(database.url, database.options);
      // Our own process may still be working there. Only when its lock is free has it ended.
      auto lock =
          database.dialect->try_lock(*database.connection, database.url, database.version_table);
      if (!std::holds_alternative<std::unique_ptr<RunLock>>(lock)) continue;
      run.lock = std::get<std::unique_ptr<RunLock>>(std::move(lock));
      error.report().state =
          was_recorded(database, run_id, id)
              ? fmt::format("revision {} was committed before the connection broke", id)
              : fmt::format("rolled back: the database is as it was before revision {}", id);
      return;
    } catch (const Error&) {
      continue;  // not back yet
    }
  }
}

void run_revision(Run& run, const RevisionRun& work) {
  const RunSettings& settings = run.settings();
  run.connection().reset_session();
  for (const std::string& note : work.revision.notes) run.tell(ScriptSaid{note});
  if (work.revision.delegation) return run_delegated(run, work);
  if (work.revision.live) return run_live(run, work);
  if (!work.open && is_atomic(work.revision.steps)) {
    const auto& steps = work.revision.steps;
    const bool long_scan = !steps.empty() && class_of(steps.front()) == StepClass::long_scan;
    run.connection().set_timeouts({.lock_ms = settings.lock_timeout_ms,
                                   .statement_ms = long_scan ? 0 : settings.statement_timeout_ms});
    run_atomic(run, work);
  } else {
    run_stepped(run, work);
  }
}

}  // namespace limbeck
