#include "plan/plan.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "plan/backfill.h"
#include "plan/step_builder.h"

namespace limbeck {
namespace {

bool is_for(const Section& section, const Dialect& dialect) {
  return section.dialects.empty() || std::find(section.dialects.begin(), section.dialects.end(),
                                               dialect.name()) != section.dialects.end();
}

class Planner {
 public:
  Planner(const RevisionFile& file, const Dialect& dialect)
      : file_(file), dialect_(dialect), builder_(file, dialect) {}

  void add(const Section& section) {
    const Place start{.file = file_.revision.place.file, .line = section.body_line, .column = 1};
    auto statements = sql::split(file_.body(section), dialect_.lexical_rules(), start);
    switch (section.kind) {
      case SectionKind::transaction:
        return builder_.add_to_transaction(std::move(statements), section.marker);
      case SectionKind::no_transaction:
        return builder_.add_alone(std::move(statements), section.marker);
      case SectionKind::backfill:
        return add_backfill(section, std::move(statements));
    }
  }

  std::vector<Step> finish() && { return std::move(builder_).finish(); }

 private:
  void add_backfill(const Section& section, std::vector<sql::Statement> statements) {
    for (sql::Statement& statement : statements) {
      if (const auto fault =
              backfill_fault(statement, section.backfill, dialect_.lexical_rules())) {
        refuse(
            file_, statement, *fault,
            "a backfill is an UPDATE or DELETE of the table that its marker names; anything else "
            "belongs into another section");
      }
      check_key_is_kept(file_, statement, section.backfill.key, dialect_.lexical_rules());
      Step step{.kind = StepKind::backfill, .backfill = section.backfill, .place = section.marker};
      step.statements.push_back(std::move(statement));
      builder_.add(std::move(step));
    }
  }

  const RevisionFile& file_;
  const Dialect& dialect_;
  StepBuilder builder_;
};

// The comment that says why, without its dashes.
std::string reason_of(std::string_view body) {
  const std::size_t begin = std::min(body.find_first_not_of("- \n"), body.size());
  return std::string(body.substr(begin, body.find('\n', begin) - begin));
}

[[noreturn]] void refuse_manual(const RevisionFile& file, const Section& section) {
  throw Error({.code = ExitCode::invalid_project,
               .message = fmt::format("the {} of revision {} has to be written by a person",
                                      to_string(section.direction), file.revision.id),
               .place = section.marker,
               .detail = reason_of(file.body(section)),
               .state = "nothing of this revision was run",
               .hint = "write its SQL there and remove the word manual"});
}

}  // namespace

std::vector<Step> plan_revision(const RevisionFile& file, Direction direction,
                                const Dialect& dialect) {
  if (file.is_script) {
    throw Error({.code = ExitCode::invalid_project,
                 .message = fmt::format("revision {} is a Python script, where SQL is needed",
                                        file.revision.id),
                 .place = file.revision.place,
                 .state = "nothing of this revision was run",
                 .hint = "\"limbeck import alembic\" writes such revisions as SQL"});
  }
  bool declared = direction == Direction::upgrade;
  bool irreversible = false;
  Planner planner(file, dialect);
  for (const Section& section : file.sections) {
    if (section.direction != direction) continue;
    // What stands in its file for another database says nothing about this one's way back.
    if (section.irreversible) {
      irreversible = irreversible || is_for(section, dialect);
      continue;
    }
    declared = true;
    if (!is_for(section, dialect)) continue;
    if (section.manual) refuse_manual(file, section);
    planner.add(section);
  }
  if (!declared || irreversible) {
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
