#include "run/live_run.h"

#include <fmt/format.h>
#include <utility>

#include "plan/plan_script.h"
#include "plan/step_builder.h"
#include "run/delegated_run.h"
#include "run/open_revision.h"
#include "run/own_tables.h"
#include "run/script_statement.h"
#include "run/table_change.h"
#include "run/version_table.h"

namespace limbeck {
namespace {

class LiveHost final : public ScriptHost {
 public:
  LiveHost(Run& run, const RevisionRun& work, Wrap wrap)
      : run_(run),
        dialect_(*run.database.dialect),
        work_(work),
        wrap_(wrap),
        open_(run, work_, 0),
        in_transaction_(wrap == Wrap::open_transaction) {}

  void begin() {
    if (review() != nullptr) review()->script_begins(work_.revision.step.direction);
    if (!work_.open) return;
    open_.open();
    is_open_ = true;
    if (!open_.before().empty()) next_new_ = number_of(*open_.before().rbegin()) + 1;
  }

  ResultSet execute(const ScriptStatement& statement) override {
    ResultSet result;
    line_ = statement.line;
    parameters_ = statement.parameters;
    for (const sql::Statement& it : statements_of(statement, file(), dialect_)) {
      stop_if_interrupted(run_);
      result = run_one(it);
    }
    return result;
  }

  void autocommit(const ScriptAutocommit& boundary) override {
    line_ = boundary.line;
    const bool empty = transaction_.statements.empty();
    end_step();
    if (boundary.enter && empty) pass_over_empty_transaction();
    alone_ = boundary.enter;
    left_ = false;
  }

  void commit(const ScriptCommit& mark) override {
    line_ = mark.line;
    end_step();
  }

  void change_table(const ScriptTableChanges& changes) override {
    line_ = changes.line;
    const sql::Statement summary{
        .text = fmt::format("change table {}: {} changes", changes.changes.table,
                            changes.changes.changes.size()),
        .place = place_of_line(file(), changes.line)};
    if (transaction_is_done()) {
      transaction_.statements.push_back(summary);
      return;
    }
    if (review() != nullptr)
      review()->table_changes(run_.database, reviewed(), changes.changes, changes.line);
    // Building a table anew would take rows of others with it.
    const bool enforced = integer_of(first_value("PRAGMA foreign_keys")) != 0;
    if (enforced && wrap_ == Wrap::open_transaction) refuse_foreign_keys();
    if (enforced) set_foreign_keys("OFF");
    begin_transaction();
    try {
      limbeck::change_table(run_.connection(), dialect_, changes.changes);
    } catch (...) {
      if (enforced) set_foreign_keys("ON");
      throw;
    }
    transaction_.statements.push_back(summary);
    if (alone_ || left_) end_step();
    if (enforced) set_foreign_keys("ON");
  }

  void accept_data_loss() override {
    if (review() != nullptr) review()->script_accepts_loss();
  }

  // The script is done: what the runner has to write.
  void finish() {
    if (wrap_ == Wrap::open_transaction) return;
    if (is_open_) {
      end_step();
      open_.finish();
      return;
    }
    begin_transaction();
    std::vector<Command> commands = work_.own_rows_first;
    for (Command& command : version_commands(run_.database, work_.heads))
      commands.push_back(std::move(command));
    commands.push_back(run_.journal.add(revision_entry(work_.revision)));
    run_.crash.pass();
    try {
      run_.connection().run(commands, Wrap::open_transaction);
    } catch (DatabaseError& error) {
      explain_unwritable(error, run_.database);
      throw;
    }
    at_commit([&] { run_.connection().commit(); });
    in_transaction_ = false;
    run_.crash.pass();
  }

  // The script failed. What is not committed is gone.
  void explain(Error& error) {
    if (wrap_ == Wrap::own_transaction) run_.connection().rollback();
    if (!error.report().place && line_ > 0) error.report().place = place_of_line(file(), line_);
    if (is_open_) open_.explain(error, number_, {});
  }

  bool is_open() const { return is_open_; }

 private:
  const RevisionFile& file() const { return work_.revision.file; }
  RunReview* review() const { return run_.context.review; }
  ReviewedRevision reviewed() const {
    return {.id = file().revision.id, .file = file(), .steps = work_.revision.steps};
  }

  [[noreturn]] void refuse_foreign_keys() const {
    throw Error({.code = ExitCode::usage,
                 .message = fmt::format("revision {} makes a table anew, for which PRAGMA "
                                        "foreign_keys has to be off, and no transaction can hold "
                                        "that",
                                        file().revision.id),
                 .place = place_of_line(file(), line_),
                 .hint = "run it without --single-transaction"});
  }

  // Between transactions: within one it would have no effect.
  void set_foreign_keys(const char* state) {
    end_step();
    run_.connection().run_alone(fmt::format("PRAGMA foreign_keys = {}", state));
  }

  Value first_value(const std::string& sql) const {
    const ResultSet found = run_.connection().query({.sql = sql});
    return found.rows.empty() ? Value{} : found.rows.front().front();
  }

  ResultSet run_one(const sql::Statement& statement) {
    switch (transaction_control(statement)) {
      case TransactionControl::leave:
        end_step();
        left_ = true;
        return {};
      case TransactionControl::enter:
        end_step();
        left_ = false;
        return {};
      case TransactionControl::none:
        break;
    }
    if (alone_ || left_ || must_be_outside(statement, dialect_)) return run_alone(statement);
    check_transactional(file(), statement, dialect_);
    const bool done = transaction_is_done();
    if (done && !only_reads(statement)) {
      transaction_.statements.push_back(statement);
      return {.affected = answer_not_known};
    }
    if (!done) begin_transaction();
    ResultSet result = send(statement);
    if (!only_reads(statement)) {
      transaction_.statements.push_back(statement);
      affected_ += result.affected;
    }
    return result;
  }

  // In the transaction that is open.
  ResultSet send(const sql::Statement& statement) {
    if (review() != nullptr) review()->statement(run_.database, reviewed(), statement);
    run_.tell(StatementSent{statement.text});
    ResultSet result;
    try {
      result = limbeck::send(run_.connection(), statement, parameters_);
    } catch (const ConnectionLost&) {
      throw;
    } catch (const DatabaseError& error) {
      check_transaction(error);
      throw;
    }
    if (auto sql = dialect_.own_role_again(statement))
      work_.own_rows_first = {{.sql = *std::move(sql)}};
    return result;
  }

  // A failed statement may have ended the transaction (INSERT OR ROLLBACK): a script that goes on
  // would be committed piece by piece.
  void check_transaction(const DatabaseError& failed) {
    try {
      run_.connection().run({}, Wrap::open_transaction);
    } catch (const Error&) {
      in_transaction_ = false;
      ErrorReport report = failed.report();
      report.hint = "the statement has ended the transaction, so the script cannot go on after it";
      throw Error(std::move(report));
    }
  }

  // ---- what an earlier run has done ----
  //
  // A script decides by what it finds, so what was done may not be asked for again. Therefore steps
  // are found by what they are, in their order, and what was not there before gets a new number.

  using Before = std::map<std::int64_t, JournalEntry>;

  static std::size_t number_of(const Before::value_type& entry) {
    return static_cast<std::size_t>(entry.first);
  }

  // The file is the one that was begun.
  bool is_same_file() const { return work_.open && work_.open->hash == file().hash; }

  // Which step this is: alone is nullptr for what runs in a transaction. Whether it is done.
  bool find_step(const Step* alone) {
    const Before& before = open_.before();
    for (auto it = before.lower_bound(static_cast<std::int64_t>(next_old_)); it != before.end();
         ++it) {
      const JournalEntry& entry = it->second;
      const bool same = alone != nullptr ? entry.hash == hash_of(*alone)
                                         : entry.kind == to_string(StepKind::transaction);
      if (is_same_file() && !same) continue;
      number_ = number_of(*it);
      return entry.outcome == "done";
    }
    number_ = next_new_;
    return false;
  }

  // Whether the transaction that begins here, or is going on, was committed by an earlier run.
  bool transaction_is_done() {
    if (!transaction_done_) transaction_done_ = find_step(nullptr);
    return *transaction_done_;
  }

  // A part of the script that was done before and, now that it is, does nothing any more.
  void pass_over_empty_transaction() {
    const auto found = open_.before().find(static_cast<std::int64_t>(next_old_));
    if (found != open_.before().end() && found->second.outcome == "done" &&
        found->second.kind == to_string(StepKind::transaction))
      next_old_ += 1;
  }

  void next_step() {
    if (number_ >= next_new_) {
      next_new_ = number_ + 1;
    } else {
      next_old_ = number_ + 1;
    }
    transaction_ = {};
    transaction_done_.reset();
    affected_ = 0;
  }

  void begin_transaction() {
    if (in_transaction_) return;
    open_.set_timeouts(transaction_);
    with_retry(run_, [&] { run_.connection().begin(); });
    in_transaction_ = true;
  }

  // Before anything is committed: the revision's row, in the transaction that is open or alone.
  void need_row() {
    if (wrap_ == Wrap::open_transaction) {
      throw Error({.code = ExitCode::usage,
                   .message = fmt::format("revision {} leaves its transaction", file().revision.id),
                   .place = place_of_line(file(), line_),
                   .hint = "run it without --single-transaction"});
    }
    if (std::exchange(is_open_, true)) return;
    open_.open();
  }

  // Commits what was run up to here.
  void end_step() {
    if (transaction_.statements.empty()) {
      if (in_transaction_ && wrap_ == Wrap::own_transaction) {
        run_.connection().commit();  // it has only read, as far as its words tell
        in_transaction_ = false;
      }
      transaction_done_.reset();
      return;
    }
    if (transaction_is_done()) {
      if (!is_same_file()) open_.check_unchanged(number_, &transaction_);
    } else {
      need_row();
      open_.commit_step(transaction_, number_, affected_);
      in_transaction_ = false;
    }
    next_step();
  }

  // One statement, committed by itself.
  ResultSet run_alone(const sql::Statement& statement) {
    end_step();
    if (only_reads(statement))
      return run_.connection().query({.sql = statement.text, .parameters = parameters_});
    Step step{.kind = kind_outside_transaction(file(), statement, dialect_),
              .place = statement.place};
    step.statements.push_back(statement);
    ResultSet result;
    if (find_step(&step)) {
      open_.check_unchanged(number_, &step);
      result.affected = open_.before().at(static_cast<std::int64_t>(number_)).affected;
      if (step.kind == StepKind::setting) run_.connection().run_alone(statement.text);
    } else if (step.kind == StepKind::statement) {
      open_.set_timeouts(step);
      with_retry(run_, [&] { run_.connection().begin(); });
      in_transaction_ = true;
      result = send(statement);
      need_row();
      open_.commit_step(step, number_, result.affected);
      in_transaction_ = false;
    } else {
      need_row();
      open_.run_step(step, number_);
    }
    next_step();
    return result;
  }

  Run& run_;
  const Dialect& dialect_;
  RevisionRun work_;
  Wrap wrap_;
  OpenRevision open_;
  bool is_open_ = false;  // the revision has a row of its own in the journal
  bool in_transaction_;
  bool alone_ = false;        // in an autocommit_block()
  bool left_ = false;         // after a plain COMMIT
  std::size_t number_ = 1;    // of the step that is going on
  std::size_t next_old_ = 1;  // the first one of an earlier run that was not met yet
  std::size_t next_new_ = 1;  // the first number that no step has
  std::optional<bool> transaction_done_ = {};
  Step transaction_ = {};               // what was run in the transaction that is open
  std::int64_t affected_ = 0;           // by it
  int line_ = 0;                        // of the script, of its last call
  std::vector<Value> parameters_ = {};  // of that call
};

void tell_what_it_said(const Run& run, const Recording& done) {
  for (const std::string& note : done.notes) run.tell(ScriptSaid{note});
  if (!done.output.empty()) run.tell(ScriptSaid{done.output});
}

// A failure after which the database is as it was.
void explain_rollback(Error& error, const RevisionFile& file) {
  if (error.report().code == ExitCode::invalid_project)
    error.report().code = ExitCode::failed_rolled_back;
  error.report().state =
      fmt::format("rolled back: the database is as it was before revision {}", file.revision.id);
}

// What it has done is rolled back; Alembic begins it anew.
void delegate(Run& run, const RevisionRun& work, const ApplicationNeeded& error) {
  run.context.chain.check_delegation();
  PreparedRevision handed = work.revision;
  handed.live = {};
  handed.delegation = error.delegation();
  run.tell(ScriptSaid{"run by the project's own Alembic: " + error.report().message});
  run_delegated(run, {.revision = handed, .heads = work.heads});
}

// Why it is not handed on, though the project allows it.
std::string why_not_delegated(Wrap wrap) {
  if (wrap == Wrap::open_transaction) return "run it without --single-transaction";
  return "a part of it is committed, and Alembic would begin it anew: make what follows a revision "
         "of its own";
}

}  // namespace

void run_live(Run& run, const RevisionRun& work, Wrap wrap) {
  const RevisionFile& file = work.revision.file;
  bool open = false;
  const auto attempt = [&] {
    LiveHost host(run, work, wrap);
    try {
      host.begin();
      const Recording done = work.revision.live(host);
      host.finish();
      tell_what_it_said(run, done);
    } catch (Error& error) {
      host.explain(error);
      open = host.is_open();
      auto* failed = dynamic_cast<DatabaseError*>(&error);
      if (failed != nullptr && (open || wrap == Wrap::open_transaction))
        failed->failure().retryable = false;
      throw;
    }
  };
  try {
    with_retry(run, attempt);
  } catch (ConnectionLost& error) {
    if (!open && wrap == Wrap::own_transaction) resolve_lost_connection(run, work.revision, error);
    throw;
  } catch (Error& error) {
    auto* needed = dynamic_cast<ApplicationNeeded*>(&error);
    if (needed != nullptr && needed->delegation() != nullptr) {
      if (!open && wrap == Wrap::own_transaction) return delegate(run, work, *needed);
      error.report().hint = why_not_delegated(wrap);
    }
    if (open || wrap == Wrap::open_transaction) throw;
    explain_rollback(error, file);
    const auto* failed = dynamic_cast<const DatabaseError*>(&error);
    record_failure(
        run, work,
        failed != nullptr ? failed->failure() : SqlFailure{.message = error.report().message});
    throw;
  }
}

}  // namespace limbeck
