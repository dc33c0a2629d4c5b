#include "run/open_revision.h"

#include <fmt/format.h>

#include "base/redact.h"
#include "run/own_tables.h"
#include "run/version_table.h"

namespace limbeck {
namespace {

// PostgreSQL refuses a statement inside a transaction with these: it has to be run outside of one.
bool refused_in_transaction(const SqlFailure& failure) {
  return failure.sqlstate == "25001" || failure.sqlstate == "2D000";
}

// In the cursor of an intent: what the statement makes, or takes away, was so before it began.
constexpr std::string_view was_there_before = "was there before";

std::string summary_of(const Step& step, const Dialect& dialect) {
  constexpr std::size_t words = 6;
  return redact(sql::beginning(step.statements.front(), dialect.lexical_rules(), words));
}

// What the server suggests is shown beside it; what we know better comes first.
// is_outside: what stopped it is no fault of the revision.
std::string way_on(const std::string& hint, bool is_outside) {
  constexpr std::string_view again = "run the same command again: it goes on at this step";
  if (is_outside) return std::string(again);
  if (hint.find("run the ") != std::string::npos || hint.find("limbeck ") != std::string::npos)
    return hint;
  if (!hint.empty()) return fmt::format("{}; then {}", hint, again);
  return fmt::format("mend the cause, also in the file from this step on, and {}", again);
}

// Whether a step of an earlier run may have left something in the database.
bool has_effect(const JournalEntry& entry) {
  if (entry.kind == "setting") return false;
  return entry.outcome == "done" || !entry.cursor.empty() ||
         (entry.kind == "outside" && entry.outcome == "started");
}

}  // namespace

void check_step_unchanged(const RevisionFile& file, const JournalEntry& entry, const Step* step) {
  if (entry.outcome == "failed" || entry.outcome == "abandoned") return;
  if (step != nullptr && hash_of(*step) == entry.hash) return;
  throw Error(
      {.code = ExitCode::tampered_revision,
       .message =
           fmt::format("step {} of revision {} was {}, and its file has changed since", entry.step,
                       file.revision.id, entry.outcome == "done" ? "done" : "begun"),
       .place = step != nullptr ? step->place : file.revision.place,
       .state = "nothing was changed now; the steps that are done stay",
       .hint = "bring the file back to what was run; or finish or undo the revision by hand "
               "and say so with \"limbeck repair --complete\" or \"limbeck repair "
               "--abandon\""});
}

OpenRevision::OpenRevision(Run& run, const RevisionRun& work, std::size_t total)
    : run_(run),
      work_(work),
      file_(work.revision.file),
      total_(total),
      any_done_(run.context.done_in_part) {}

// Writes the revision's row, the intent of the whole, or takes up the one that is there.
void OpenRevision::open() {
  use_lock_timeout(run_);
  if (!work_.open) {
    run_.crash.pass();
    id_ = begin_row(intent());
    run_.crash.pass();
    return;
  }
  id_ = work_.open->id;
  try {
    for (JournalEntry& entry : read_steps(run_.database, *work_.open)) {
      if (has_effect(entry)) any_done_.set();
      const std::int64_t step = entry.step;
      before_.insert_or_assign(step, std::move(entry));
    }
    wait_for_orphans();
  } catch (Error& error) {
    if (error.report().state.empty()) {
      error.report().state =
          fmt::format("revision {} is still stopped where it was", file_.revision.id);
    }
    throw;
  }
}

JournalEntry OpenRevision::intent() const {
  JournalEntry entry = revision_entry(work_.revision);
  entry.outcome = "started";
  return entry;
}

std::optional<JournalEntry> OpenRevision::before(std::size_t number) const {
  const auto found = before_.find(static_cast<std::int64_t>(number));
  if (found == before_.end()) return std::nullopt;
  return found->second;
}

// The server process of a killed runner may still be at work on its last statement.
void OpenRevision::wait_for_orphans() {
  for (const auto& [step, entry] : before_) {
    if (entry.outcome != "started") continue;
    Backoff backoff(std::chrono::milliseconds(100), std::chrono::milliseconds(2'000));
    while (const auto backend = run_.database.dialect->orphan(run_.connection(), entry.backend_pid,
                                                              entry.backend_started)) {
      run_.tell(WaitingForOrphan{.backend = *backend});
      pause_for(backoff.next(), run_.context.interrupt);
      stop_if_interrupted(run_);
    }
  }
}

void OpenRevision::check_unchanged(std::size_t number, const Step* step) const {
  if (const auto entry = before(number)) check_step_unchanged(file_, *entry, step);
}

void OpenRevision::run_step(const Step& step, std::size_t number) {
  const auto earlier = before(number);
  if (earlier && earlier->outcome == "done") {
    // A setting is of the session, which is a new one.
    if (step.kind == StepKind::setting) run_.connection().run_alone(step.statements.front().text);
    run_.tell(StepSkipped{.number = number, .total = total_, .reason = "done before"});
    if (step.kind != StepKind::setting) any_done_.set();
    return;
  }
  run_.tell(StepStarted{.number = number,
                        .total = total_,
                        .kind = step.kind,
                        .summary = summary_of(step, *run_.database.dialect)});
  tell_statements(run_, step.statements);
  set_timeouts(step);
  const StepRun it{.work = work_, .step = step, .number = number, .before = earlier};
  switch (step.kind) {
    case StepKind::transaction:
    case StepKind::statement:
      run_in_transaction(it);
      break;
    case StepKind::outside:
      run_outside(it);
      break;
    case StepKind::setting:
      run_setting(it);
      break;
    case StepKind::backfill:
      limbeck::run_backfill(run_, it, any_done_);
      break;
  }
  if (step.kind != StepKind::setting) any_done_.set();
}

void OpenRevision::set_timeouts(const Step& step) {
  const RunSettings& settings = run_.settings();
  switch (class_of(step)) {
    case StepClass::long_scan:
      run_.connection().set_timeouts({.lock_ms = settings.lock_timeout_ms});
      break;
    case StepClass::short_lock:
    case StepClass::batched:
      run_.connection().set_timeouts(
          {.lock_ms = settings.lock_timeout_ms, .statement_ms = settings.statement_timeout_ms});
      break;
    case StepClass::concurrent:
      // A concurrent build waits for old snapshots by lock: a timeout would leave an invalid
      // index behind. A file has no such builds.
      run_.connection().set_timeouts(
          {.lock_ms = run_.database.dialect->is_file() ? settings.lock_timeout_ms : 0});
      break;
  }
}

void OpenRevision::run_in_transaction(const StepRun& it) {
  std::vector<Command> commands = step_commands(it.step);
  commands.insert(commands.end(), work_.own_rows_first.begin(), work_.own_rows_first.end());
  commands.push_back(run_.journal.add(step_entry(it, "done")));
  run_.crash.pass();
  try {
    with_retry(run_, [&] { return run_.connection().run(commands, Wrap::own_transaction); });
  } catch (const ConnectionLost&) {
    throw;
  } catch (DatabaseError& error) {
    if (it.step.kind == StepKind::statement && refused_in_transaction(error.failure())) {
      return run_outside(it);
    }
    if (error.failure().command == commands.size())
      error.report().context.emplace_back(when_committed);
    record_quietly(run_.journal.add(failed_entry(it, error.failure())));
    throw;
  }
  any_done_.set();
  run_.crash.pass();
}

void OpenRevision::commit_step(const Step& step, std::size_t number, std::int64_t affected) {
  const StepRun it{.work = work_, .step = step, .number = number};
  std::vector<Command> commands = work_.own_rows_first;
  JournalEntry entry = step_entry(it, "done");
  entry.affected = affected;
  commands.push_back(run_.journal.add(entry));
  run_.crash.pass();
  run_.connection().run(commands, Wrap::open_transaction);
  at_commit([&] { run_.connection().commit(); });
  any_done_.set();
  run_.crash.pass();
}

void OpenRevision::run_setting(const StepRun& it) {
  run_.connection().run_alone(it.step.statements.front().text);
  record(run_.journal.add(step_entry(it, "done")));
}

// Intent, execute, probe, result.
void OpenRevision::run_outside(const StepRun& it) {
  // Only an intent without a result is in doubt: what the server said to have failed has failed.
  if (it.before && it.before->outcome == "started") {
    if (adopt(it)) return;
    record(run_.journal.finish(it.before->id, "abandoned", 0));
  }
  JournalEntry intent = step_entry(it, "started");
  if (probe(it).state == ProbeResult::State::done) intent.cursor = was_there_before;
  const std::int64_t row = begin_row(intent);
  run_.crash.pass();
  const std::string& text = it.step.statements.front().text;
  set_timeouts(it.step);
  any_done_.expect();
  try {
    with_retry(run_, [&] {
      try {
        run_.connection().run_alone(text);
      } catch (const ConnectionLost&) {
        throw;
      } catch (const DatabaseError&) {
        clean_up(it, intent.cursor == was_there_before);
        throw;
      }
    });
  } catch (const ConnectionLost&) {
    throw;
  } catch (const DatabaseError& error) {
    any_done_.expect_no_more();
    record_quietly(run_.journal.fail(row, error.failure()));
    throw;
  }
  any_done_.set();
  run_.crash.pass();
  verify(it, row);
  record(run_.journal.finish(row, "done", 0, hash_of(it.step)));
  run_.crash.pass();
}

// An earlier run began the statement and nobody wrote down how it ended: the catalog is asked.
// True when it is done.
bool OpenRevision::adopt(const StepRun& it) {
  if (it.before->cursor == was_there_before) return false;  // the catalog cannot tell whose it is
  ProbeResult result = probe(it);
  if (result.state == ProbeResult::State::debris) {
    remove_debris(result);
    result = probe(it);  // a half detached partition is done by what finishes it
  }
  switch (result.state) {
    case ProbeResult::State::not_done:
    case ProbeResult::State::debris:
      return false;
    case ProbeResult::State::done:
      record(run_.journal.finish(it.before->id, "done", 0, hash_of(it.step)));
      run_.tell(StepSkipped{.number = it.number, .total = total_, .reason = result.found});
      return true;
    case ProbeResult::State::unknown:
      break;
  }
  throw DatabaseError(
      {.code = ExitCode::failed_between_steps,
       .message =
           fmt::format("whether step {} of revision {} ran before its runner died cannot be told",
                       it.number, file_.revision.id),
       .place = it.step.statements.front().place,
       .detail = result.found,
       .hint = "look whether its effect is there; then finish or undo the revision by hand and "
               "say so with "
               "\"limbeck repair --complete\" or \"limbeck repair --abandon\""},
      {});
}

ProbeResult OpenRevision::probe(const StepRun& it) const {
  return run_.database.dialect->probe(run_.connection(), it.step.statements.front());
}

void OpenRevision::remove_debris(const ProbeResult& result) {
  for (const std::string& statement : result.cleanup) run_.connection().run_alone(statement);
  run_.tell(DebrisRemoved{.found = result.found});
}

// A failed concurrent build leaves an invalid index, which nobody wants.
// What may have stayed makes the difference between rolled back and stopped.
void OpenRevision::clean_up(const StepRun& it, bool was_there) noexcept {
  try {
    const ProbeResult result = probe(it);
    if (result.state == ProbeResult::State::debris) remove_debris(result);
    if (result.state == ProbeResult::State::unknown ||
        (result.state == ProbeResult::State::done && !was_there)) {
      any_done_.set();
    }
  } catch (const std::exception&) {
    any_done_.set();  // what it left is still there; the next run finds it by the same probe
  }
}

// The server said that it is done; what it left must be usable. IF NOT EXISTS keeps an invalid
// index without a word.
void OpenRevision::verify(const StepRun& it, std::int64_t row) {
  const ProbeResult result = probe(it);
  if (result.state != ProbeResult::State::debris) return;
  SqlFailure failure;
  failure.message = result.found;
  record(run_.journal.fail(row, failure));
  throw DatabaseError({.code = ExitCode::failed_between_steps,
                       .message = result.found,
                       .hint = "run the command again: it is removed and built anew"},
                      failure);
}

// A journal row in a transaction of its own.
void OpenRevision::record(const Command& row) {
  std::vector<Command> commands = work_.own_rows_first;
  commands.push_back(row);
  use_lock_timeout(run_);
  with_retry(run_, [&] { return run_.connection().run(commands, Wrap::own_transaction); });
}

// Beside an error that must reach the user, whatever becomes of the row.
void OpenRevision::record_quietly(const Command& row) noexcept {
  try {
    record(row);
  } catch (const std::exception&) {
    return;
  }
}

std::int64_t OpenRevision::begin_row(const JournalEntry& entry) {
  use_lock_timeout(run_);
  try {
    return with_retry(run_, [&] { return run_.journal.begin(run_.connection(), entry); });
  } catch (DatabaseError& error) {
    explain_unwritable(error, run_.database);
    throw;
  }
}

JournalEntry OpenRevision::failed_entry(const StepRun& it, const SqlFailure& failure) const {
  JournalEntry entry = step_entry(it, "failed");
  entry.sqlstate = failure.sqlstate;
  entry.message = failure.message;
  return entry;
}

void OpenRevision::finish() {
  std::vector<Command> commands = work_.own_rows_first;
  for (Command& command : version_commands(run_.database, work_.heads)) {
    commands.push_back(std::move(command));
  }
  commands.push_back(run_.journal.finish(id_, "done", 0, file_.hash));
  run_.crash.pass();
  try {
    use_lock_timeout(run_);
    with_retry(run_, [&] { return run_.connection().run(commands, Wrap::own_transaction); });
  } catch (DatabaseError& error) {
    explain_unwritable(error, run_.database);
    error.report().code = ExitCode::failed_between_steps;
    error.report().place = file_.revision.place;
    error.report().state = fmt::format(
        "every step of revision {} is done; only its row in the version table is missing",
        file_.revision.id);
    throw;
  }
  any_done_.clear();
  run_.crash.pass();
}

std::string OpenRevision::stopped_state(std::size_t number) const {
  return fmt::format("revision {} stopped at step {}{}{}", file_.revision.id, number,
                     total_ == 0 ? std::string() : fmt::format(" of {}", total_),
                     number > 1 ? "; the steps before it are done and stay" : "");
}

void OpenRevision::explain_stop(Error& error, std::size_t number,
                                const std::vector<sql::Statement>& statements) const {
  if (auto* failure = dynamic_cast<DatabaseError*>(&error)) {
    locate_failure(*failure, file_, statements);
  }
  error.report().code = ExitCode::failed_between_steps;
  error.report().state = stopped_state(number);
  const auto* failed = dynamic_cast<const DatabaseError*>(&error);
  const bool is_ours = failed == nullptr || error.report().hint != failed->failure().hint;
  error.report().hint = way_on(is_ours ? error.report().hint : std::string(),
                               dynamic_cast<const Interrupted*>(&error) != nullptr ||
                                   dynamic_cast<const ConnectionLost*>(&error) != nullptr);
}

void OpenRevision::explain(Error& error, std::size_t number,
                           const std::vector<sql::Statement>& statements) {
  const std::string hint = error.report().hint;
  const ExitCode code = error.report().code;
  explain_stop(error, number, statements);
  if (dynamic_cast<const ConnectionLost*>(&error) != nullptr) return;
  if (any_done_.is_set()) return;
  // Nothing has happened yet: the revision's row is closed, and the next run begins it anew.
  try {
    record(run_.journal.finish(id_, "failed", 0));
  } catch (const std::exception&) {
    return;
  }
  error.report().code =
      code == ExitCode::failed_between_steps ? ExitCode::failed_rolled_back : code;
  error.report().state =
      fmt::format("rolled back: the database is as it was before revision {}", file_.revision.id);
  error.report().hint = hint;
}

}  // namespace limbeck
