#include "run/runner.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

#include "base/two_halves.h"
#include "plan/boolean_numbers.h"
#include "revision/selector.h"
#include "run/backup.h"
#include "run/checks.h"
#include "run/delegated_run.h"
#include "run/many_transactions.h"
#include "run/own_tables.h"
#include "run/plan_ahead.h"
#include "run/revision_run.h"
#include "run/run.h"
#include "run/single_transaction.h"
#include "run/stepped_run.h"
#include "run/version_table.h"

namespace limbeck {

std::vector<RevisionStep> run_steps(const Chain& chain, Direction direction,
                                    std::string_view target, const DatabaseState& state) {
  refuse_range(target);
  if (direction == Direction::upgrade) return upgrade_steps(chain.graph(), target, state.current);
  refuse_ambiguous_downgrade(chain.graph(), target, state.current);
  return downgrade_steps(chain.graph(), target, state.current);
}

namespace {

// Below this many revisions a second thread costs more than it saves.
constexpr std::size_t revisions_for_two_threads = 100;

// Of so many scripts every one is read before the first of them runs, so that a fault in the last
// is said while nothing is changed: a third of a millisecond each. A longer chain is one from
// empty.
constexpr std::size_t scripts_read_first = 200;

// The revision that stopped in its middle has to go on before anything else.
void put_open_revision_first(const Chain& chain, const JournalEntry& open, Direction direction,
                             std::vector<RevisionStep>& steps) {
  const auto is_open = [&](const RevisionStep& step) {
    return chain.graph().at(step.revision).id == open.revision;
  };
  const auto found = std::find_if(steps.begin(), steps.end(), is_open);
  if (open.kind != "revision" || open.direction != to_string(direction) || found == steps.end())
    throw stopped_in_its_middle(chain, open);
  std::rotate(steps.begin(), found, found + 1);
}

// Whether a statement failed because what it makes is there.
bool is_there_already(const Error& error) {
  constexpr std::array<std::string_view, 5> codes{"42P07", "42710", "42701", "42723", "42P06"};
  const auto* failed = dynamic_cast<const DatabaseError*>(&error);
  if (failed == nullptr) return false;
  const SqlFailure& failure = failed->failure();
  if (std::find(codes.begin(), codes.end(), failure.sqlstate) != codes.end()) return true;
  return failure.sqlstate == "SQLITE_ERROR" &&
         (failure.message.find("already exists") != std::string::npos ||
          failure.message.find("duplicate column name") != std::string::npos);
}

bool has_sqlstate(const Error& error, std::string_view code) {
  const auto* failed = dynamic_cast<const DatabaseError*>(&error);
  return failed != nullptr && failed->failure().sqlstate == code;
}

double seconds_since(std::chrono::steady_clock::time_point time) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - time).count();
}

class Walk {
 public:
  Walk(const RunContext& context, Direction direction, std::string_view target)
      : run_(context), direction_(direction), target_(target) {}

  RunReport go(std::optional<DatabaseState> seen) {
    if (with_nothing_changed([&] { return is_done(std::move(seen)); })) {
      report_.heads = state_.current;
      return std::move(report_);
    }
    run_.lock = lock_to_change(run_);
    const std::vector<RevisionStep> planned = steps_;
    use_lock_timeout(run_);
    with_nothing_changed([&] {
      // Another runner may have done it all meanwhile.
      look(read_state(run_));
      check_unchanged(run_.context.chain, state_, run_.settings(), steps_);
    });
    heads_ = state_.current;
    if (done_by_alembic_) close_done_by_alembic();
    if (!steps_.empty()) {
      if (steps_ != planned || state_.open_revision) prepare();
      if (state_.open_revision) check_done_steps(run_, *prepared_.front(), *state_.open_revision);
      review();
      backup_ = with_nothing_changed(
          [&] { return back_up_before_run(run_, [this] { return planned_statements(); }); });
      if (backup_) report_.backup_file = backup_->file;
      run_revisions();
    }
    report_.heads = heads_;
    std::sort(report_.heads.begin(), report_.heads.end());
    return std::move(report_);
  }

 private:
  const RevisionGraph& graph() const { return run_.context.chain.graph(); }

  // What the files refuse is refused before anybody waits for a lock.
  bool is_done(std::optional<DatabaseState> seen) {
    look(seen ? *std::move(seen) : read_state(run_));
    if (!steps_.empty() || state_.open_revision || done_by_alembic_) {
      prepare();
      return false;
    }
    check_unchanged(run_.context.chain, state_, run_.settings(), {});
    return true;
  }

  void look(DatabaseState state) {
    state_ = std::move(state);
    done_by_alembic_.reset();
    if (state_.open_revision && is_done_by_alembic(*state_.open_revision, state_.current))
      done_by_alembic_ = std::exchange(state_.open_revision, std::nullopt);
    check_known(run_.context.chain, state_);
    // Who names it would be told that there is no such revision.
    if (state_.open_revision &&
        file_of_stopped(run_.context.chain, *state_.open_revision) == StoppedFile::missing)
      throw stopped_in_its_middle(run_.context.chain, *state_.open_revision);
    steps_ = run_steps(run_.context.chain, direction_, target_, state_);
    if (state_.open_revision) {
      put_open_revision_first(run_.context.chain, *state_.open_revision, direction_, steps_);
    }
  }

  // A run that was killed after Alembic had done its revision for it.
  void close_done_by_alembic() {
    const auto known = graph().find(done_by_alembic_->revision);
    const Command row = run_.journal.finish(
        done_by_alembic_->id, "done", 0, known ? run_.context.chain.hash(*known) : std::string());
    write_row(run_, row);
  }

  // Reads and plans every revision, so that nothing runs when one of them cannot. Of a long chain
  // the scripts that can only make statements are left for later, when nobody wants to see them:
  // they are read while those before them run.
  void prepare() {
    if (state_.version_table_exists) {
      const auto width = run_.database.dialect->column_width(
          run_.connection(), run_.database.version_table, {"version_num"});
      for (const RevisionStep& step : steps_) {
        check_id_fits(run_.database, graph().at(step.revision), width);
      }
    }
    reviewed_ =
        run_.context.review == nullptr
            ? 0
            : std::min(run_.context.review->wants(run_.database, direction_), steps_.size());
    prepared_.assign(steps_.size(), {});
    std::vector<RevisionGraph::Index> revisions;
    for (const RevisionStep& step : steps_) revisions.push_back(step.revision);
    std::vector<bool> may_be_late =
        run_.context.chain.announce(revisions, direction_, *run_.database.dialect);
    if (steps_.size() <= scripts_read_first) may_be_late.assign(steps_.size(), false);
    if (state_.open_revision) may_be_late.front() = false;
    // A reader of scripts answers one after the other.
    const std::size_t least =
        run_.context.chain.has_scripts() ? steps_.size() + 1 : revisions_for_two_threads;
    try {
      in_two_halves(steps_.size(), least, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
          if (i < reviewed_ || !may_be_late[i]) prepared_[i] = prepare(steps_[i]);
        }
      });
      for (const auto& revision : prepared_) {
        if (revision) check_backfill_keys(run_, *revision);
      }
      if (run_.context.chain.has_scripts()) check_numbers_for_booleans();
    } catch (Error& error) {
      error.report().state = "nothing was changed";  // nor of another revision
      throw;
    }
  }

  // Scripts that were written for SQLite.
  void check_numbers_for_booleans() {
    BooleanNumbers numbers;
    for (std::size_t i = 0; i < prepared_.size(); ++i) {
      const auto& revision = prepared_[i];
      if (!revision || revision->live || revision->delegation ||
          (i == 0 && state_.open_revision.has_value())) {
        numbers.forget();
        continue;
      }
      for (const Step& step : revision->steps)
        for (const sql::Statement& statement : step.statements)
          if (const auto found = numbers.look_at(statement)) refuse(*revision, statement, *found);
    }
  }

  void refuse(const PreparedRevision& revision, const sql::Statement& statement,
              const NumberForBoolean& found) {
    if (run_.database.dialect->takes_numbers_for_booleans(run_.connection())) return;
    throw Error(
        {.code = ExitCode::invalid_project,
         .message = fmt::format("the column {} of {} is boolean, and revision {} gives it "
                                "the number {}, which the database does not take",
                                found.column, found.table, revision.file.revision.id, found.number),
         .place = revision.file.is_script ? place_of_line(revision.file, statement.place.line)
                                          : statement.place,
         .hint = fmt::format("write {} there", found.number == "0" ? "false" : "true")});
  }

  void review() {
    if (reviewed_ == 0) return;
    std::vector<ReviewedRevision> revisions;
    for (std::size_t i = 0; i < reviewed_; ++i) {
      const PreparedRevision& it = *prepared_[i];
      revisions.push_back({.id = it.file.revision.id,
                           .file = it.file,
                           .steps = it.steps,
                           .known = !it.live && !it.delegation,
                           .delegated = it.delegation != nullptr,
                           .resumed = i == 0 && state_.open_revision.has_value()});
    }
    try {
      // Others may hold locks on what it looks at.
      with_retry(run_, [&] { run_.context.review->planned(run_.database, direction_, revisions); });
      use_lock_timeout(run_);
    } catch (Error& error) {
      if (error.report().state.empty()) error.report().state = "nothing was changed";
      throw;
    }
  }

  PlannedStatements planned_statements() const {
    PlannedStatements planned;
    for (const std::optional<PreparedRevision>& revision : prepared_) {
      if (!revision || revision->live || revision->delegation) {
        planned.all_known = false;
        continue;
      }
      for (const Step& step : revision->steps) {
        for (const sql::Statement& statement : step.statements)
          planned.statements.push_back(&statement);
      }
    }
    return planned;
  }

  PreparedRevision prepare(const RevisionStep& step,
                           const std::atomic<bool>* stop = nullptr) const {
    PlannedRevision planned = run_.context.chain.plan(step.revision, direction_,
                                                      *run_.database.dialect, PlanUse::run, stop);
    PreparedRevision revision{.step = step, .file = std::move(planned.file)};
    revision.steps = std::move(planned.steps);
    revision.live = std::move(planned.live);
    revision.delegation = std::move(planned.delegation);
    if (revision.delegation) run_.context.chain.check_delegation();
    revision.notes = std::move(planned.notes);
    const bool one_transaction =
        is_atomic(revision.steps) && !state_.open_revision && !revision.delegation;
    if (!run_.settings().single_transaction || one_transaction) return revision;
    throw held_by_no_transaction(revision.file.revision);
  }

  void run_revisions() {
    const auto begin = std::chrono::steady_clock::now();
    std::optional<SingleTransaction> together;
    if (run_.settings().single_transaction) together.emplace(run_);
    ManyTransactions many(run_.database, !together && steps_.size() > 1);
    const Wrap wrap = together ? Wrap::open_transaction : Wrap::own_transaction;
    PlanAhead late(planned_late(), [this](std::size_t i, const std::atomic<bool>& stopped) {
      return prepare(steps_[i], &stopped);
    });
    make_ready(wrap);
    if (backup_) remove_old_backups_of(run_);
    for (std::size_t i = 0; i < prepared_.size(); ++i) {
      try {
        stop_if_interrupted(run_);
        check_lock(run_);
        if (!prepared_[i]) prepared_[i] = late.take();
        // What asks the database finds it as at any other time.
        const ManyTransactions::Pause pause(many, prepared_[i]->live || prepared_[i]->delegation);
        run_one(*prepared_[i], i, together);
      } catch (Error& error) {
        explain(error, graph().at(steps_[i].revision).id, together.has_value());
        throw;
      }
      if (together) together->write_rows_when_many();
    }
    if (!together) return;
    try {
      together->commit(change_between(state_.current, heads_));
    } catch (Error& error) {
      name_backup(error);
      throw;
    }
    run_.tell(AllCommitted{.revisions = prepared_.size(), .seconds = seconds_since(begin)});
  }

  void make_ready(Wrap wrap) {
    try {
      create_missing_tables(run_, wrap);
      if (!backup_ || state_.journal_exists) return;
      const Command row = backup_row(run_, *backup_);
      with_own_tables(run_.database, [&] {
        if (wrap == Wrap::open_transaction) {
          run_.connection().run({&row, 1}, wrap);
        } else {
          write_row(run_, row);
        }
      });
    } catch (...) {
      if (backup_) take_back_backup(run_, *backup_);
      throw;
    }
  }

  std::vector<std::size_t> planned_late() const {
    std::vector<std::size_t> indexes;
    for (std::size_t i = 0; i < prepared_.size(); ++i)
      if (!prepared_[i]) indexes.push_back(i);
    return indexes;
  }

  void run_one(const PreparedRevision& revision, std::size_t index,
               std::optional<SingleTransaction>& together) {
    const auto begin = std::chrono::steady_clock::now();
    const std::string& id = revision.file.revision.id;
    const bool resumed = index == 0 && state_.open_revision.has_value();
    run_.tell(RevisionStarted{.from = step_from(graph(), revision.step),
                              .to = step_to(graph(), revision.step),
                              .message = revision.file.revision.message,
                              .direction = direction_,
                              .number = index + 1,
                              .total = prepared_.size(),
                              .resumed = resumed});
    const HeadChange change = head_change(graph(), revision.step, heads_);
    RevisionRun work{.revision = revision, .heads = change};
    if (resumed) work.open = state_.open_revision;
    work.own_rows_first = own_role_commands(run_, revision);
    if (together) {
      together->run(work);
    } else {
      run_revision(run_, work);
    }
    heads_ = heads_after(change, heads_);
    const double seconds = seconds_since(begin);
    if (!together)
      run_.tell(RevisionFinished{.revision = id, .direction = direction_, .seconds = seconds});
    report_.revisions.push_back({.id = id, .direction = direction_, .seconds = seconds});
  }

  // What stands of this run beside the revision that failed.
  void explain(Error& error, const std::string& id, bool single) const {
    ErrorReport& report = error.report();
    report.context.push_back(fmt::format("in the {} of revision {}", to_string(direction_), id));
    if (single) {
      report.state = "rolled back: the database is as it was before this command";
    } else if (report.state.empty()) {
      report.state = fmt::format("nothing of revision {} was run", id);
    }
    if (!single && !report_.revisions.empty()) {
      report.state += fmt::format(
          "; {} revision{} before it {} done and stay{}", report_.revisions.size(),
          report_.revisions.size() == 1 ? "" : "s", report_.revisions.size() == 1 ? "is" : "are",
          report_.revisions.size() == 1 ? "s" : "");
    }
    if (direction_ == Direction::upgrade && report.hint.empty() && is_there_already(error)) {
      report.hint =
          "when something else has brought the schema to some revision already, say so with "
          "\"limbeck stamp REVISION\" and run this again; else take away what is in the way";
    }
    if (report.hint.empty() && has_sqlstate(error, "25006"))
      report.hint = std::string(way_out_of_read_only);
    if (report.hint.empty() && has_sqlstate(error, "42501")) {
      report.hint =
          "run it as the owner of what it changes; or let the owner, or a superuser, GRANT the "
          "right that is missing";
    }
    name_backup(error);
  }

  void name_backup(Error& error) const {
    if (report_.backup_file.empty()) return;
    error.report().context.push_back(
        fmt::format("a backup from before this command: {}", report_.backup_file));
  }

  Run run_;
  Direction direction_;
  std::string_view target_;
  DatabaseState state_;
  std::optional<JournalEntry> done_by_alembic_;
  std::vector<RevisionStep> steps_;
  std::size_t reviewed_ = 0;                               // so many are shown to the review
  std::vector<std::optional<PreparedRevision>> prepared_;  // nothing: not yet
  std::vector<std::string> heads_;
  std::optional<BackupRecord> backup_;
  RunReport report_;
};

}  // namespace

RunReport upgrade(const RunContext& context, std::string_view target,
                  std::optional<DatabaseState> seen) {
  return Walk(context, Direction::upgrade, target).go(std::move(seen));
}

RunReport downgrade(const RunContext& context, std::string_view target,
                    std::optional<DatabaseState> seen) {
  return Walk(context, Direction::downgrade, target).go(std::move(seen));
}

}  // namespace limbeck
