#include "lint/run_review.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <set>
#include <utility>
#include <variant>

#include "base/terminal.h"
#include "dialect/live_rows.h"
#include "dialect/tokens.h"
#include "lint/baseline.h"
#include "lint/linter.h"
#include "lint/losses.h"
#include "lint/rows_at_risk.h"
#include "lint/rule_parts.h"
#include "operation/table_changes.h"
#include "plan/script.h"

namespace limbeck {
namespace {

// How long what is only said may wait for a lock of somebody.
constexpr int told_lock_ms = 100;

// What the work gives; nothing when a lock was not granted in time.
template <class Work>
auto unless_locked(const Work& work) -> std::optional<decltype(work())> {
  try {
    return work();
  } catch (const DatabaseError& error) {
    if (!error.failure().retryable) throw;
    return std::nullopt;
  }
}

std::string shown_code(const sql::Statement& statement) {
  const std::string& word = statement.words.front();
  return fmt::format("the {} at {}",
                     word == "DO"  ? "DO block"
                     : word == "(" ? "query"
                                   : word,
                     printable(to_string(statement.place)));
}

// Also one of a newer grammar: what its words say of rows is all that is known of it.
bool is_not_looked_into(const sql::Statement& statement, const Dialect& dialect) {
  return may_hide_losses(statement) ||
         (may_take_rows(statement) && !can_be_read(dialect.name(), statement));
}

// Asks of each table once.
class RowsThere {
 public:
  explicit RowsThere(TargetDatabase& database) : database_(database) {}

  bool operator()(const RelationName& table) {
    const auto known = known_.find(table);
    if (known != known_.end()) return known->second;
    const bool there = holds_rows(database_.dialect->name(), *database_.connection, table);
    return known_[table] = there;
  }

 private:
  TargetDatabase& database_;
  std::map<RelationName, bool> known_;
};

struct Loss {
  const Finding* finding = nullptr;
  std::vector<RelationName> tables = {};  // that hold rows
};

std::vector<Loss> losses_among(const std::vector<Finding>& findings, TargetDatabase& database) {
  RowsThere rows_there(database);
  std::vector<Loss> losses;
  for (const Finding& finding : findings) {
    Loss loss{.finding = &finding};
    std::copy_if(finding.takes_rows_of.begin(), finding.takes_rows_of.end(),
                 std::back_inserter(loss.tables), std::ref(rows_there));
    if (!loss.tables.empty() || finding.takes_unseen) losses.push_back(std::move(loss));
  }
  return losses;
}

// What of a revision nobody sees, if that may take rows.
std::vector<std::string> unseen_in(const ReviewedRevision& revision, const Dialect& dialect) {
  if (revision.resumed) return {};
  std::vector<std::string> unseen;
  if (revision.delegated)
    unseen.push_back(
        fmt::format("revision {}, which Alembic itself runs,", printable(revision.id)));
  for (const Step& step : revision.steps)
    for (const sql::Statement& statement : step.statements)
      if (is_not_looked_into(statement, dialect)) unseen.push_back(shown_code(statement));
  return unseen;
}

std::string sentence(const Loss& loss) {
  if (loss.tables.empty())
    return fmt::format("{}, and what that is cannot be looked at [{}]", loss.finding->message,
                       loss.finding->rule);
  return fmt::format("{}, and {} hold{} rows [{}]", loss.finding->message, listed(loss.tables),
                     loss.tables.size() == 1 ? "s" : "", loss.finding->rule);
}

class LintReview final : public RunReview {
 public:
  explicit LintReview(RunReviewSettings settings) : settings_(std::move(settings)) {}

  std::size_t wants(TargetDatabase& database, Direction direction) override {
    const bool asks = !settings_.data_loss.accepts(direction);
    if (!asks && !tells(direction)) return 0;
    const std::vector<RelationName> own{
        {database.version_table.schema.name, database.version_table.object.name},
        {database.journal_table.schema.name, database.journal_table.object.name}};
    if (!has_tables(database.dialect->name(), *database.connection, own)) return 0;
    // What is only said has a limit; what may be lost has none.
    return asks ? std::numeric_limits<std::size_t>::max() : most_told_revisions;
  }

  void planned(TargetDatabase& database, Direction direction,
               std::span<const ReviewedRevision> revisions) override {
    std::size_t guarded = 0;
    if (!settings_.data_loss.accepts(direction)) {
      warn_of_unseen(revisions, *database.dialect);
      guarded = guarded_among(revisions, database);
    }
    const std::size_t told = tells(direction) ? most_told_revisions : 0;
    revisions = revisions.first(std::min(revisions.size(), std::max(guarded, told)));
    if (revisions.empty()) return;
    LintSettings lint{
        .severities = settings_.severities, .names = settings_.names, .one_run = true};
    lint.severities["does-not-run"] = Severity::off;  // the run itself will say
    Connection& connection = *database.connection;
    // A table that somebody has locked is waited for only when something may be lost.
    if (tells(direction)) {
      connection.set_timeouts({.lock_ms = told_lock_ms});
      lint.live =
          unless_locked([&] { return read_live_facts(database.dialect->name(), connection); });
      if (lint.live) lint.server.time_zone = lint.live->time_zone;
      if (lint.live && lint.live->version != 0) lint.server.version = lint.live->version;
    }
    const auto look = [&] { return judge(database, direction, revisions, lint); };
    if (guarded == 0) {
      if (auto report = unless_locked(look)) tell(*std::move(report), direction);
      return;
    }
    connection.set_timeouts({.lock_ms = settings_.lock_timeout_ms});
    LintReport report = look();
    const std::vector<Loss> losses = losses_among(report.findings, database);
    if (!losses.empty() && !is_meant(losses)) throw refusal(losses);
    if (tells(direction)) tell(std::move(report), direction, !losses.empty());
  }

  void script_begins(Direction direction) override {
    direction_ = direction;
    accepted_ = settings_.data_loss.accepts(direction);
    made_.clear();
  }

  void statement(TargetDatabase& database, const ReviewedRevision& revision,
                 const sql::Statement& statement) override {
    if (accepted_) return;
    note_made(database, statement);
    if (is_not_looked_into(statement, *database.dialect)) warn({shown_code(statement)});
    if (!limbeck::may_take_rows(statement)) return;
    const LintSettings settings{.severities = settings_.severities, .one_run = true};
    Linter linter(*database.dialect, settings,
                  make_effect_reader(database.dialect->name(), settings.server,
                                     *database.connection, statement));
    const std::vector<Step> steps{{.statements = {statement}}};
    linter.judge({revision.id, revision.file, steps, direction_});
    LintReport report = linter.take();
    for (Finding& finding : report.findings)
      std::erase_if(finding.takes_rows_of,
                    [&](const RelationName& it) { return made_.count(it.name) != 0; });
    const auto losses = losses_among(report.findings, database);
    if (!losses.empty()) throw refusal(losses);
  }

  void table_changes(TargetDatabase& database, const ReviewedRevision& revision,
                     const TableChanges& changes, int line) override {
    if (accepted_ || made_.count(changes.table) != 0) return;
    for (const TableChange& change : changes.changes) {
      const auto* dropped = std::get_if<DropColumn>(&change);
      if (dropped == nullptr) continue;
      // As the statement that would do it, at the line that asks for it.
      statement(database, revision,
                {.text = fmt::format("ALTER TABLE {} DROP COLUMN {}",
                                     database.dialect->quote(Identifier{changes.table}),
                                     database.dialect->quote(Identifier{dropped->name})),
                 .place = place_of_line(revision.file, line),
                 .words = {"ALTER", "TABLE"}});
    }
  }

  void script_accepts_loss() override { accepted_ = true; }

 private:
  bool tells(Direction direction) const {
    return settings_.tell != nullptr && direction == Direction::upgrade;
  }

  // So many, from the first on, are looked at for all that may be lost.
  static std::size_t guarded_among(std::span<const ReviewedRevision> revisions,
                                   TargetDatabase& database) {
    const bool any = std::any_of(revisions.begin(), revisions.end(), [](const auto& revision) {
      return limbeck::may_take_rows(revision);
    });
    if (!any) return 0;
    return revisions_with_rows_at_risk(revisions,
                                       table_names(database.dialect->name(), *database.connection));
  }

  static LintReport judge(TargetDatabase& database, Direction direction,
                          std::span<const ReviewedRevision> revisions,
                          const LintSettings& settings) {
    Linter linter(
        *database.dialect, settings,
        make_effect_reader(database.dialect->name(), settings.server, *database.connection));
    for (const ReviewedRevision& it : revisions) {
      const LintedRevision revision{it.id, it.file, it.steps, direction};
      if (!it.known)
        linter.pass_unknown();
      else if (it.resumed)  // what it may do was looked at when it began
        linter.pass(revision);
      else
        linter.judge(revision);
    }
    return linter.take();
  }

  void warn_of_unseen(std::span<const ReviewedRevision> revisions, const Dialect& dialect) {
    std::vector<std::string> unseen;
    for (const ReviewedRevision& revision : revisions)
      for (std::string& it : unseen_in(revision, dialect)) unseen.push_back(std::move(it));
    if (!unseen.empty()) warn(std::move(unseen));
  }

  // Once in a run.
  void warn(std::vector<std::string> unseen) {
    if (settings_.warn == nullptr || std::exchange(warned_, true)) return;
    constexpr std::size_t most = 3;
    const std::size_t more = unseen.size() - std::min(unseen.size(), most);
    unseen.resize(unseen.size() - more);
    settings_.warn(fmt::format("what {}{} may do to rows is not looked into",
                               fmt::join(unseen, ", "),
                               more == 0 ? "" : fmt::format(" and {} more", more)));
  }

  bool is_meant(const std::vector<Loss>& losses) const {
    if (settings_.ask == nullptr) return false;
    std::vector<std::string> sentences;
    sentences.reserve(losses.size());
    for (const Loss& loss : losses)
      sentences.push_back(fmt::format("{}: {}", to_string(loss.finding->place), sentence(loss)));
    return settings_.ask(sentences);
  }

  void tell(LintReport report, Direction direction, bool any_losses = false) const {
    if (!any_losses && !settings_.data_loss.accepts(direction)) {
      for (Finding& finding : report.findings)  // there is nothing that could be lost
        if (!finding.takes_rows_of.empty())
          finding.severity = std::min(finding.severity, Severity::notice);
    }
    leave_out_unwanted(report);
    if (!settings_.baseline.empty()) leave_out_known(report, settings_.baseline);
    settings_.tell(report);
  }

  // A table that the script has made, with whatever it has put into it.
  void note_made(TargetDatabase& database, const sql::Statement& statement) {
    TokenReader reader(statement.text, 16, database.dialect->name() == for_postgres);
    if (!reader.accept("CREATE")) return;
    for (const std::string_view word : {"GLOBAL", "LOCAL", "TEMP", "TEMPORARY", "UNLOGGED"})
      reader.accept(word);
    if (!reader.accept("TABLE")) return;
    const bool perhaps = reader.accept("IF NOT EXISTS");
    const auto name = reader.name();
    if (!name) return;
    const std::string schema = name->schema.name.empty() && database.dialect->name() == for_postgres
                                   ? "public"
                                   : name->schema.name;
    if (perhaps &&
        holds_rows(database.dialect->name(), *database.connection, {schema, name->object.name}))
      return;
    made_.insert(name->object.name);
  }

  Error refusal(const std::vector<Loss>& losses) const {
    const Loss& first = losses.front();
    ErrorReport report{
        .code = ExitCode::findings,
        .message = sentence(first),
        .place = first.finding->place,
        .hint = fmt::format("where that is meant, write \"-- limbeck:allow {}: "
                            "REASON\" above the statement{}{}",
                            first.finding->rule, settings_.way_out.empty() ? "" : ", or ",
                            settings_.way_out)};
    for (std::size_t i = 1; i < losses.size(); ++i)
      report.context.push_back(
          fmt::format("and at {}: {}", to_string(losses[i].finding->place), sentence(losses[i])));
    return Error(std::move(report));
  }

  const RunReviewSettings settings_;
  bool warned_ = false;
  // Of the script that is running.
  Direction direction_ = Direction::upgrade;
  bool accepted_ = false;
  std::set<std::string> made_;
};

}  // namespace

std::unique_ptr<RunReview> make_run_review(RunReviewSettings settings) {
  return std::make_unique<LintReview>(std::move(settings));
}

}  // namespace limbeck
