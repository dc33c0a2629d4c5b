#include "plan/plan.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "base/source.h"
#include "dialect/database_url.h"
#include "plan/backfill.h"

namespace limbeck {
namespace {

// The first words of a statement, for messages.
std::string summary(const sql::Statement& statement, const Dialect& dialect) {
  constexpr std::size_t words = 3;
  return redact(sql::beginning(statement, dialect.lexical_rules(), words));
}

[[noreturn]] void refuse(const RevisionFile& file, const sql::Statement& statement,
                         std::string message, std::string hint) {
  Place place = statement.place;
  place.source_line = source_line(file.text, place.line);
  throw Error({.code = ExitCode::invalid_project,
               .message = std::move(message),
               .place = std::move(place),
               .state = "nothing of this revision was run",
               .hint = std::move(hint)});
}

bool is_for(const Section& section, const Dialect& dialect) {
  return section.dialects.empty() || std::find(section.dialects.begin(), section.dialects.end(),
                                               dialect.name()) != section.dialects.end();
}

[[noreturn]] void refuse_read_only(const RevisionFile& file, const sql::Statement& statement) {
  refuse(file, statement,
         "this makes the session read-only, so that the revision could not be recorded",
         "leave it out: Limbeck writes its version table and its journal in the same session");
}

void check_transactional(const RevisionFile& file, const sql::Statement& statement,
                         const Dialect& dialect) {
  switch (dialect.nature(statement)) {
    case StatementNature::transactional:
    case StatementNature::long_scan:
      return;
    case StatementNature::outside_transaction:
      refuse(file, statement,
             fmt::format("{} cannot run inside a transaction", summary(statement, dialect)),
             "put it into a section of its own that begins with \"-- limbeck:upgrade "
             "no-transaction\", or "
             "downgrade in its place");
    case StatementNature::session_setting:
      if (dialect.settings_work_in_transaction()) return;
      refuse(file, statement,
             fmt::format("{} has no effect inside a transaction", summary(statement, dialect)),
             "put it into a no-transaction section");
    case StatementNature::read_only:
      refuse_read_only(file, statement);
    case StatementNature::transaction_control:
      refuse(file, statement,
             fmt::format("{} would end the transaction that keeps this revision atomic",
                         summary(statement, dialect)),
             "leave it out: a section is one transaction; a no-transaction section commits each "
             "statement alone");
  }
}

StepKind kind_outside_transaction(const RevisionFile& file, const sql::Statement& statement,
                                  const Dialect& dialect) {
  switch (dialect.nature(statement)) {
    case StatementNature::transactional:
    case StatementNature::long_scan:
      return StepKind::statement;
    case StatementNature::outside_transaction:
      return StepKind::outside;
    case StatementNature::session_setting:
      return StepKind::setting;
    case StatementNature::read_only:
      refuse_read_only(file, statement);
    case StatementNature::transaction_control:
      break;
  }
  refuse(file, statement,
         fmt::format(
             "{} cannot be used: each statement of a no-transaction section is committed alone",
             summary(statement, dialect)),
         "put statements that belong together into a section with a transaction");
}

class Planner {
 public:
  Planner(const RevisionFile& file, const Dialect& dialect) : file_(file), dialect_(dialect) {}

  void add(const Section& section) {
    const Place start{.file = file_.revision.place.file, .line = section.body_line, .column = 1};
    auto statements = sql::split(file_.body(section), dialect_.lexical_rules(), start);
    switch (section.kind) {
      case SectionKind::transaction:
        return add_transaction(section, std::move(statements));
      case SectionKind::no_transaction:
        return add_alone(section, std::move(statements));
      case SectionKind::backfill:
        return add_backfill(section, std::move(statements));
    }
  }

  std::vector<Step> finish() && { return std::move(steps_); }

 private:
  void add_transaction(const Section& section, std::vector<sql::Statement> statements) {
    if (statements.empty()) return;
    for (const sql::Statement& statement : statements) {
      check_transactional(file_, statement, dialect_);
    }
    if (steps_.empty() || steps_.back().kind != StepKind::transaction) {
      steps_.push_back({.kind = StepKind::transaction, .long_scan = true, .place = section.marker});
    }
    Step& step = steps_.back();
    step.long_scan =
        step.long_scan && std::all_of(statements.begin(), statements.end(),
                                      [&](const auto& it) { return is_long_scan(it); });
    std::move(statements.begin(), statements.end(), std::back_inserter(step.statements));
  }

  void add_alone(const Section& section, std::vector<sql::Statement> statements) {
    for (sql::Statement& statement : statements) {
      const StepKind kind = kind_outside_transaction(file_, statement, dialect_);
      steps_.push_back(
          {.kind = kind, .long_scan = is_long_scan(statement), .place = section.marker});
      steps_.back().statements.push_back(std::move(statement));
    }
  }

  void add_backfill(const Section& section, std::vector<sql::Statement> statements) {
    for (sql::Statement& statement : statements) {
      if (const auto fault =
              backfill_fault(statement, section.backfill, dialect_.lexical_rules())) {
        refuse(
            file_, statement, *fault,
            "a backfill is an UPDATE or DELETE of the table that its marker names; anything else "
            "belongs into another section");
      }
      steps_.push_back(
          {.kind = StepKind::backfill, .backfill = section.backfill, .place = section.marker});
      steps_.back().statements.push_back(std::move(statement));
    }
  }

  bool is_long_scan(const sql::Statement& statement) const {
    return dialect_.nature(statement) == StatementNature::long_scan;
  }

  const RevisionFile& file_;
  const Dialect& dialect_;
  std::vector<Step> steps_;
};

}  // namespace

std::vector<Step> plan_revision(const RevisionFile& file, Direction direction,
                                const Dialect& dialect) {
  bool declared = direction == Direction::upgrade;
  bool irreversible = false;
  Planner planner(file, dialect);
  for (const Section& section : file.sections) {
    if (section.direction != direction) continue;
    irreversible = irreversible || section.irreversible;
    if (section.irreversible) continue;
    declared = true;
    if (is_for(section, dialect)) planner.add(section);
  }
  if (!declared) {
    throw Error(
        {.code = ExitCode::invalid_project,
         .message = fmt::format("revision {} is irreversible: {}", file.revision.id,
                                irreversible ? "its file says so" : "it has no downgrade section"),
         .place = file.revision.place,
         .state = "nothing of this revision was run",
         .hint = irreversible
                     ? "restore a backup from before its upgrade"
                     : "write a \"-- limbeck:downgrade\" section (an empty one says that there is "
                       "nothing to undo), or restore a backup"});
  }
  return std::move(planner).finish();
}

bool is_atomic(const std::vector<Step>& steps) {
  return steps.empty() || (steps.size() == 1 && steps[0].kind == StepKind::transaction);
}

}  // namespace limbeck
