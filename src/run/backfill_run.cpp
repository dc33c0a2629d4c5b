// The batches of a backfill: each is one transaction that changes a range of keys and moves the
// cursor in the journal.
#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "dialect/built_in.h"
#include "plan/backfill.h"
#include "run/backfill_cursor.h"
#include "run/stepped_run.h"

namespace limbeck {
namespace {

class BackfillRun {
 public:
  BackfillRun(Run& run, const StepRun& step, DoneMark& any_done)
      : run_(run),
        it_(step),
        any_done_(any_done),
        statement_(step.step.statements.front()),
        options_(step.step.backfill),
        shape_(*batch_shape(statement_, run.database.dialect->lexical_rules())) {}

  void run_all() {
    find_key();
    count_rows();
    open();
    try {
      tell_progress();
      while (!cursor_.complete) {
        run_batch();
        if (cursor_.complete) break;
        throttle();
        stop_if_interrupted(run_);
        check_lock(run_);
      }
    } catch (const ConnectionLost&) {
      throw;
    } catch (const DatabaseError& error) {
      record_failure(error.failure());
      throw;
    }
    commit({run_.journal.finish(row_, "done", changed_, hash_of(it_.step))});
    run_.crash.pass();
  }

 private:
  const Dialect& dialect() const { return *run_.database.dialect; }

  ResultSet query(std::string sql, std::vector<Value> parameters = {}) const {
    const Command command{.sql = std::move(sql), .parameters = std::move(parameters)};
    return with_retry(run_, [&] { return run_.connection().query(command); });
  }

  // The commands, and before the first of our own what makes us ourselves again; one transaction.
  std::vector<std::int64_t> commit(std::vector<Command> commands) const {
    const auto& own = it_.work.own_rows_first;
    commands.insert(commands.end() - 1, own.begin(), own.end());
    return with_retry(run_, [&] { return run_.connection().run(commands, Wrap::own_transaction); });
  }

  // Keeps the cursor, so that the mended statement goes on there. Not worth another error.
  void record_failure(const SqlFailure& failure) const noexcept {
    try {
      commit({run_.journal.fail(row_, failure)});
    } catch (const std::exception&) {
      return;
    }
  }

  std::vector<Identifier> primary_key() const {
    return with_retry(run_, [&] {
      return run_.database.dialect->primary_key(run_.connection(), options_.table);
    });
  }

  // A row without a key would be passed over in silence.
  void count_rows() {
    std::string keys;
    const std::string count = built_in_function(dialect(), "count");
    for (const std::string& column : key_) keys += fmt::format(", {}({})", count, column);
    const ResultSet counts =
        query(fmt::format("SELECT {}(*){} FROM {}", count, keys, options_.table));
    const Row& row = counts.rows.at(0);
    total_ = integer_of(row.at(0));
    for (std::size_t i = 0; i < key_.size(); ++i) {
      if (integer_of(row.at(i + 1)) == total_) continue;
      refuse(fmt::format("column {} of table {} is NULL in {} rows, so they cannot be walked along",
                         key_[i], options_.table, total_ - integer_of(row.at(i + 1))));
    }
  }

  [[noreturn]] void refuse(std::string message) const {
    throw DatabaseError(
        {.code = ExitCode::failed_between_steps,
         .message = std::move(message),
         .place = it_.step.place,
         .hint = "name unique columns that are never NULL in the marker: key=column,column"},
        {});
  }

  void find_key() {
    key_ = options_.key;  // as written, so that it means what it means in the statement
    if (key_.empty()) {
      for (const Identifier& column : primary_key()) {
        key_.push_back(dialect().quote(column));
      }
    }
    if (key_.empty()) {
      query(fmt::format("SELECT 1 FROM {} LIMIT 0", options_.table));  // is it there at all?
      refuse(fmt::format("table {} has no primary key to walk along", options_.table));
    }
    check_key_is_kept(it_.work.revision.file, statement_, key_, dialect().lexical_rules());
    const bool built_in = with_retry(run_, [&] {
      return has_built_in_order(dialect(), run_.connection(), options_.table, key_);
    });
    if (!built_in) return;
    greater_ = built_in_operator(dialect(), ">");
    at_most_ = built_in_operator(dialect(), "<=");
  }

  // Takes up the cursor of an earlier run, or writes the intent.
  void open() {
    if (it_.before && it_.before->outcome != "done" && !it_.before->cursor.empty()) {
      take_up(it_.before->cursor);
      changed_ = it_.before->affected;
    }
    if (it_.before && it_.before->outcome == "started") {
      row_ = it_.before->id;
      return;
    }
    cursor_.columns = columns();
    JournalEntry entry = step_entry(it_, "started");
    entry.affected = changed_;
    if (!cursor_.key.empty() || cursor_.complete) entry.cursor = cursor_.to_text();
    run_.crash.pass();
    row_ = with_retry(run_, [&] { return run_.journal.begin(run_.connection(), entry); });
    run_.crash.pass();
  }

  std::string columns() const { return fmt::format("{}", fmt::join(key_, ", ")); }

  void take_up(const std::string& text) {
    auto cursor = BackfillCursor::parse(text);
    if (cursor && cursor->columns == columns()) {
      cursor_ = std::move(*cursor);
      any_done_.set();
      return;
    }
    throw Error({.code = ExitCode::tampered_revision,
                 .message = fmt::format(
                     "the backfill of {} stopped while it walked along {}, and now its key is {}",
                     options_.table, cursor ? cursor->columns : text, columns()),
                 .place = it_.step.place,
                 .hint = "bring the key back to what it was"});
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
    const std::string after = cursor_.key.empty() ? "" : " WHERE " + compare(greater_, 1, false);
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
    if (!cursor_.key.empty()) condition = compare(greater_, 1, true);
    if (upper) {
      if (!condition.empty()) condition += " AND ";
      condition += compare(at_most_, parameters.size() + 1, true);
      parameters.insert(parameters.end(), upper->begin(), upper->end());
    }
    const Command work{
        .sql = condition.empty() ? statement_.text : restricted(statement_, shape_, condition),
        .parameters = std::move(parameters)};
    BackfillCursor next{.seen = upper ? cursor_.seen + options_.batch : total_,
                        .columns = columns(),
                        .key = upper.value_or(Row{}),
                        .complete = !upper};
    commit_batch(work, next);
    cursor_ = std::move(next);
    tell_progress();
  }

  // The rows, how many they were, and the cursor, in one transaction. How many rows the statement
  // changes is known only when it has run, so that their row is sent by itself.
  void commit_batch(const Command& work, const BackfillCursor& next) {
    run_.crash.pass();
    const std::int64_t affected = with_retry(run_, [&] { return try_batch(work, next); });
    run_.crash.pass();
    changed_ += affected;
    any_done_.set();
  }

  std::int64_t try_batch(const Command& work, const BackfillCursor& next) {
    Connection& connection = run_.connection();
    connection.begin();
    try {
      const std::int64_t affected = connection.run({&work, 1}, Wrap::open_transaction).at(0);
      std::vector<Command> rows = it_.work.own_rows_first;
      rows.push_back(run_.journal.move_cursor(row_, changed_ + affected, next.to_text()));
      try {
        connection.run(rows, Wrap::open_transaction);
        connection.commit();
      } catch (DatabaseError& error) {
        error.failure().command += 1;  // it is none of the author's
        throw;
      }
      return affected;
    } catch (...) {
      connection.rollback();
      throw;
    }
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
  DoneMark& any_done_;
  const sql::Statement& statement_;
  const BackfillOptions& options_;
  BatchShape shape_;
  std::vector<std::string> key_;  // quoted
  std::string greater_ = ">";     // how the key's values are compared
  std::string at_most_ = "<=";
  std::int64_t total_ = 0;
  std::int64_t row_ = 0;  // of the step in the journal
  std::int64_t changed_ = 0;
  BackfillCursor cursor_;
  std::chrono::steady_clock::time_point batch_began_;
};

}  // namespace

void check_backfill_keys(Run& run, const PreparedRevision& revision) {
  const Dialect& dialect = *run.database.dialect;
  for (const Step& step : revision.steps) {
    if (step.kind != StepKind::backfill || !step.backfill.key.empty()) continue;
    std::vector<std::string> key;
    try {
      for (const Identifier& column : dialect.primary_key(run.connection(), step.backfill.table)) {
        key.push_back(dialect.quote(column));
      }
    } catch (const ConnectionLost&) {
      throw;
    } catch (const DatabaseError&) {
      continue;  // not ours to see yet: a statement before it may change the role
    }
    check_key_is_kept(revision.file, step.statements.front(), key, dialect.lexical_rules());
  }
}

void run_backfill(Run& run, const StepRun& step, DoneMark& any_done) {
  BackfillRun(run, step, any_done).run_all();
}

}  // namespace limbeck
