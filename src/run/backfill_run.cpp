// The batches of a backfill: each is one transaction that changes a range of keys and moves the
// cursor in the journal.
#include <algorithm>
#include <chrono>
#include <fmt/format.h>

#include "plan/backfill.h"
#include "run/backfill_cursor.h"
#include "run/stepped_run.h"

namespace limbeck {
namespace {

class BackfillRun {
 public:
  BackfillRun(Run& run, const StepRun& step, bool& any_done)
      : run_(run),
        it_(step),
        any_done_(any_done),
        statement_(step.step.statements.front()),
        options_(step.step.backfill),
        shape_(*batch_shape(statement_, run.database.dialect->lexical_rules())) {}

  void run_all() {
    find_key();
    total_ =
        integer_of(query(fmt::format("SELECT count(*) FROM {}", options_.table)).rows.at(0).at(0));
    open();
    tell_progress();
    while (!cursor_.complete) {
      run_batch();
      if (cursor_.complete) break;
      throttle();
      stop_if_interrupted(run_);
    }
    const Command row = run_.journal.finish(row_, "done", changed_, hash_of(it_.step));
    run_.connection().run(std::span(&row, 1), Wrap::own_transaction);
    run_.crash.pass();
  }

 private:
  ResultSet query(std::string sql, std::vector<Value> parameters = {}) const {
    return run_.connection().query({.sql = std::move(sql), .parameters = std::move(parameters)});
  }

  void find_key() {
    const Dialect& dialect = *run_.database.dialect;
    for (const std::string& name : options_.key) key_.push_back(dialect.quote(Identifier{name}));
    if (key_.empty()) {
      for (const Identifier& column : dialect.primary_key(run_.connection(), options_.table)) {
        key_.push_back(dialect.quote(column));
      }
    }
    if (!key_.empty()) return;
    throw DatabaseError(
        {.code = ExitCode::failed_between_steps,
         .message = fmt::format("table {} has no primary key to walk along", options_.table),
         .place = it_.step.place,
         .hint = "name unique columns that are never NULL in the marker: key=column,column"},
        {});
  }

  // Takes up the cursor of an earlier run, or writes the intent.
  void open() {
    if (it_.before && it_.before->outcome != "done" && !it_.before->cursor.empty()) {
      if (auto cursor = BackfillCursor::parse(it_.before->cursor);
          cursor && (cursor->complete || cursor->key.size() == key_.size())) {
        cursor_ = std::move(*cursor);
        changed_ = it_.before->affected;
        any_done_ = true;
      }
    }
    if (it_.before && it_.before->outcome == "started") {
      row_ = it_.before->id;
      return;
    }
    JournalEntry entry = step_entry(it_, "started");
    entry.affected = changed_;
    if (!cursor_.key.empty() || cursor_.complete) entry.cursor = cursor_.to_text();
    run_.crash.pass();
    row_ = run_.journal.begin(run_.connection(), entry);
    run_.crash.pass();
  }

  // "(a, b) > ($1, $2)" with the columns qualified, counting parameters from first.
  std::string compare(std::string_view relation, std::size_t first, bool qualified) const {
    std::string columns;
    std::string parameters;
    for (std::size_t i = 0; i < key_.size(); ++i) {
      const std::string_view comma = i == 0 ? "" : ", ";
      columns += fmt::format("{}{}{}", comma, qualified ? shape_.alias + "." : "", key_[i]);
      parameters += fmt::format("{}${}", comma, first + i);
    }
    if (key_.size() == 1) return fmt::format("{} {} {}", columns, relation, parameters);
    return fmt::format("({}) {} ({})", columns, relation, parameters);
  }

  // The last key of the next batch; nothing when fewer rows than a batch are left.
  std::optional<Row> upper_bound() const {
    std::string keys;
    for (const std::string& column : key_) keys += (keys.empty() ? "" : ", ") + column;
    const std::string after = cursor_.key.empty() ? "" : " WHERE " + compare(">", 1, false);
    ResultSet result = query(fmt::format("SELECT {} FROM {}{} ORDER BY {} LIMIT 1 OFFSET {}", keys,
                                         options_.table, after, keys, options_.batch - 1),
                             cursor_.key);
    if (result.rows.empty()) return std::nullopt;
    return std::move(result.rows.front());
  }

  void run_batch() {
    batch_began_ = std::chrono::steady_clock::now();
    const std::optional<Row> upper = upper_bound();
    std::string condition;
    std::vector<Value> parameters = cursor_.key;
    if (!cursor_.key.empty()) condition = compare(">", 1, true);
    if (upper) {
      if (!condition.empty()) condition += " AND ";
      condition += compare("<=", parameters.size() + 1, true);
      parameters.insert(parameters.end(), upper->begin(), upper->end());
    }
    const Command work{
        .sql = condition.empty() ? statement_.text : restricted(statement_, shape_, condition),
        .parameters = std::move(parameters)};
    BackfillCursor next{.seen = upper ? cursor_.seen + options_.batch : total_,
                        .key = upper.value_or(Row{}),
                        .complete = !upper};
    commit(work, next);
    cursor_ = std::move(next);
    tell_progress();
  }

  // The rows and the cursor, in one transaction. How many rows the statement changes is known only
  // afterwards: the journal's sum follows with the next batch, and a kill in between leaves it
  // short of one batch. The rows themselves are right always.
  void commit(const Command& work, const BackfillCursor& next) {
    const std::vector<Command> commands = {
        work, run_.journal.move_cursor(row_, changed_, next.to_text())};
    run_.crash.pass();
    const auto affected =
        with_retry(run_, [&] { return run_.connection().run(commands, Wrap::own_transaction); });
    run_.crash.pass();
    changed_ += affected.at(0);
    any_done_ = true;
  }

  void tell_progress() const {
    run_.tell(BackfillProgress{.table = options_.table,
                               .seen = std::min(cursor_.seen, total_),
                               .total = total_,
                               .changed = changed_});
  }

  // Pauses so that no more rows a second are looked at than the marker allows.
  void throttle() const {
    if (options_.rate <= 0) return;
    const auto due =
        batch_began_ + std::chrono::milliseconds(options_.batch * 1000 / options_.rate);
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        due - std::chrono::steady_clock::now());
    if (left.count() > 0) pause_for(left, run_.context.interrupt);
  }

  Run& run_;
  const StepRun& it_;
  bool& any_done_;
  const sql::Statement& statement_;
  const BackfillOptions& options_;
  BatchShape shape_;
  std::vector<std::string> key_;  // quoted
  std::int64_t total_ = 0;
  std::int64_t row_ = 0;  // of the step in the journal
  std::int64_t changed_ = 0;
  BackfillCursor cursor_;
  std::chrono::steady_clock::time_point batch_began_;
};

}  // namespace

void run_backfill(Run& run, const StepRun& step, bool& any_done) {
  BackfillRun(run, step, any_done).run_all();
}

}  // namespace limbeck
