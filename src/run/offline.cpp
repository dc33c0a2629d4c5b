#include "run/offline.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

#include "base/redact.h"
#include "base/terminal.h"
#include "dialect/built_in.h"
#include "plan/plan.h"
#include "plan/script.h"
#include "revision/selector.h"
#include "revision/selector_parts.h"
#include "run/checks.h"
#include "run/offline_replay.h"
#include "run/version_table.h"

namespace limbeck {
namespace {

// A comment of one line, whatever the text holds.
std::string comment(std::string_view text) {
  return fmt::format("-- {}\n", printable(text));
}

class Script {
 public:
  Script(const Chain& chain, const Dialect& dialect, const DatabaseSettings& settings,
         bool single_transaction = false)
      : chain_(chain),
        dialect_(dialect),
        settings_(settings),
        single_transaction_(single_transaction) {}

  void create_version_table() {
    begin();
    for (const std::string& sql : dialect_.create_version_table(
             settings_.version_table,
             std::max(settings_.version_width, longest_id(chain_.graph())))) {
      statement(sql);
    }
    end();
  }

  void purge() {
    begin();
    statement(clear_statement(dialect_, settings_.version_table));
    end();
  }

  void revision(const RevisionStep& step, const HeadChange& change) {
    const RevisionGraph& graph = chain_.graph();
    const PlannedRevision planned = take_planned(step);
    const RevisionFile& file = planned.file;
    if (planned.live) check_can_be_written(planned);
    text_ += comment(fmt::format(
        "Running {} {} -> {}{}", to_string(step.direction), step_from(graph, step),
        step_to(graph, step), file.revision.message.empty() ? "" : ", " + file.revision.message));
    text_ += '\n';
    const std::vector<Step>& steps = planned.steps;
    const bool atomic = is_atomic(steps);
    std::vector<std::string> looked_at;
    if (replay_) looked_at = replay_->run(planned);
    if (single_transaction_ && !atomic) throw held_by_no_transaction(file.revision);
    if (planned.live) foreign_keys_off();
    if (atomic) begin();
    if (planned.live)
      for (const std::string& sql : looked_at) statement(sql);
    for (const Step& it : steps) add(file, it, !atomic && it.kind == StepKind::transaction);
    if (!atomic) begin();
    version(change);
    end();
  }

  void stamp(const StampStep& step) {
    text_ += comment(fmt::format("Running stamp_revision {} -> {}", fmt::join(step.from, ", "),
                                 fmt::join(step.to, ", ")));
    text_ += '\n';
    begin();
    version(step.change);
    end();
  }

  std::string take() && {
    if (text_.empty()) return {};
    std::string settings;
    for (const std::string& sql : script_settings(dialect_)) settings += sql + ";\n";
    if (!settings.empty()) settings += '\n';
    if (single_transaction_) return settings + head_ + begin_line + text_ + commit_line;
    return settings + text_;
  }

  // Looks at every step before the first is written: some can only be written when the schema is
  // known on which they work.
  void prepare(const std::vector<RevisionStep>& steps, const std::vector<std::string>& heads) {
    std::vector<RevisionGraph::Index> revisions;
    revisions.reserve(steps.size());
    for (const RevisionStep& step : steps) revisions.push_back(step.revision);
    if (steps.empty() || !chain_.has_scripts()) return;
    chain_.announce(revisions, steps.front().direction, dialect_, PlanUse::offline);
    if (dialect_.name() != "sqlite") return;
    for (const RevisionStep& step : steps)
      planned_.push_back(chain_.plan(step.revision, step.direction, dialect_, PlanUse::offline));
    const bool changes_tables =
        std::any_of(planned_.begin(), planned_.end(),
                    [](const PlannedRevision& it) { return it.live_is_table_change; });
    if (!changes_tables) return;
    replay_.emplace(chain_, dialect_);
    replay_->go_to(heads);
  }

 private:
  // Those that prepare() has planned, in their order: a script is read once.
  PlannedRevision take_planned(const RevisionStep& step) {
    if (next_ == planned_.size())
      return chain_.plan(step.revision, step.direction, dialect_, PlanUse::offline);
    return std::move(planned_[next_++]);
  }
  void check_can_be_written(const PlannedRevision& planned) const {
    if (replay_ && planned.live_is_table_change) return;
    throw Error({.code = ExitCode::invalid_project,
                 .message = fmt::format("revision {} cannot be written as SQL: it asks the "
                                        "database ({})",
                                        planned.file.revision.id, planned.live_because),
                 .place = planned.live_place,
                 .hint = "run it against a database; or write the script up to it and from it on, "
                         "as FROM:TO"});
  }
  // Within a transaction the setting would have no effect.
  void foreign_keys_off() {
    if (single_transaction_ && !head_.empty()) return;
    std::string& text = single_transaction_ ? head_ : text_;
    text += comment("While a table is built anew, its rows must not be missed by others");
    text += "PRAGMA foreign_keys = OFF;\n\n";
  }
  static constexpr const char* begin_line = "BEGIN;\n\n";
  static constexpr const char* commit_line = "COMMIT;\n\n";
  // A single transaction is around all, and not written here.
  void begin() {
    if (!single_transaction_) text_ += begin_line;
  }
  void end() {
    if (!single_transaction_) text_ += commit_line;
  }
  // Whoever reads the script takes it for one statement, too, and for no command of its own.
  void statement(std::string_view sql, const std::string& copy_rows = {},
                 const std::optional<Place>& place = {}) {
    if (sql.starts_with('.') || sql.starts_with('#')) {
      throw Error({.code = ExitCode::invalid_project,
                   .message = fmt::format("\"{}\" is no SQL, but a command of the sqlite3 shell",
                                          sql.substr(0, sql.find('\n'))),
                   .place = place,
                   .hint = "take it out of the revision: what it does to the shell, it does to no "
                           "database"});
    }
    const std::string written = fmt::format("{};\n{}", sql, copy_rows);
    const auto read = sql::split(written, dialect_.lexical_rules(), {});
    if (read.size() != 1 || read.front().text != sql) {
      throw Error(
          {.code = ExitCode::internal_error,
           .message = "a statement would not be one statement in the script",
           .place = place ? *place : Place{.source_line = masked(sql.substr(0, sql.find('\n')))}});
    }
    text_ += written + '\n';
  }
  void version(const HeadChange& change) {
    for (const std::string& sql : version_statements(dialect_, settings_.version_table, change)) {
      statement(sql);
    }
  }
  void add(const RevisionFile& file, const Step& step, bool wrap) {
    if (wrap) begin();
    if (step.kind == StepKind::backfill) {
      text_ += comment(fmt::format("a backfill of {}, here in one statement", step.backfill.table));
    }
    for (const sql::Statement& it : step.statements)
      statement(it.text, it.copy_data ? *it.copy_data + "\\.\n" : "",
                file.is_script ? place_of_line(file, it.place.line) : it.place);
    if (wrap) end();
  }

  const Chain& chain_;
  const Dialect& dialect_;
  const DatabaseSettings& settings_;
  const bool single_transaction_;
  std::string head_;  // before a single transaction
  std::string text_;
  std::vector<PlannedRevision> planned_;
  std::size_t next_ = 0;  // of planned_
  std::optional<OfflineReplay> replay_;
};

// Where the database is, nobody is asked.
void refuse_current(const RevisionGraph& graph, std::string_view selector) {
  if (selector.empty()) return;
  for (const std::string_view piece : split_commas(selector)) {
    const SelectorParts parts = parse_selector(graph, piece);
    if (parts.symbol != "current" && parts.branch != "current") continue;
    fail_selector(piece, "a script is written without asking where the database is",
                  "name the revisions; 'limbeck current' prints them");
  }
}

}  // namespace

std::string offline_script(const Chain& chain, const Dialect& dialect,
                           const DatabaseSettings& settings, Direction direction,
                           std::string_view range, bool single_transaction) {
  const RevisionGraph& graph = chain.graph();
  const auto sides = split_range(range);
  if (direction == Direction::downgrade && (!sides || sides->from.empty())) {
    throw Error({.code = ExitCode::usage,
                 .message = "an offline downgrade needs to know where the database is",
                 .hint = "write FROM:TO, for example \"limbeck downgrade head:base --sql\""});
  }
  const std::string target = sides ? sides->to : std::string(range);
  if (sides) refuse_current(graph, sides->from);
  refuse_current(graph, target);
  std::vector<std::string> heads = start_heads(graph, sides ? sides->from : "");
  if (direction == Direction::downgrade) refuse_ambiguous_downgrade(graph, target, heads);
  const auto steps = direction == Direction::upgrade ? upgrade_steps(graph, target, heads)
                                                     : downgrade_steps(graph, target, heads);
  Script script(chain, dialect, settings, single_transaction);
  script.prepare(steps, heads);
  if (direction == Direction::upgrade && heads.empty()) script.create_version_table();
  for (const RevisionStep& step : steps) {
    const HeadChange change = head_change(graph, step, heads);
    script.revision(step, change);
    heads = heads_after(change, heads);
  }
  return std::move(script).take();
}

std::string offline_stamp(const Chain& chain, const Dialect& dialect,
                          const DatabaseSettings& settings, std::span<const std::string> targets,
                          bool purge) {
  const RevisionGraph& graph = chain.graph();
  std::vector<std::string> heads;
  std::vector<std::string> ends(targets.begin(), targets.end());
  bool ranged = false;
  for (std::string& target : ends) {
    if (const auto sides = split_range(target)) {
      refuse_current(graph, sides->from);
      for (std::string& head : start_heads(graph, sides->from)) heads.push_back(std::move(head));
      target = sides->to;
      ranged = true;
    }
    refuse_current(graph, target);
  }
  Script script(chain, dialect, settings);
  if (purge) {
    heads.clear();
    script.purge();
  } else if (!ranged) {
    script.create_version_table();
  }
  for (const StampStep& step : stamp_steps(graph, ends, heads)) script.stamp(step);
  return std::move(script).take();
}

}  // namespace limbeck
