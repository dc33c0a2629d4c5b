#include "plan/step_builder.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "base/redact.h"
#include "base/source.h"

namespace limbeck {
namespace {

// The first words of a statement, for messages.
std::string summary(const sql::Statement& statement, const Dialect& dialect) {
  constexpr std::size_t words = 3;
  return redact(sql::beginning(statement, dialect.lexical_rules(), words));
}

// How a revision has a statement committed outside of its transaction.
std::string_view way_outside(const RevisionFile& file) {
  if (file.is_cpp) return "run it by outside_transaction()";
  if (file.is_script) return "put it into \"with op.get_context().autocommit_block():\"";
  return "put it into a section of its own that begins with \"-- limbeck:upgrade "
         "no-transaction\", or downgrade in its place";
}

[[noreturn]] void refuse_read_only(const RevisionFile& file, const sql::Statement& statement) {
  refuse(file, statement,
         "this makes the session read-only, so that the revision could not be recorded",
         "leave it out: Limbeck writes its version table and its journal in the same session");
}

}  // namespace

void refuse(const RevisionFile& file, const sql::Statement& statement, std::string message,
            std::string hint) {
  Place place = statement.place;
  if (!file.is_cpp) place.source_line = source_line(file.text, place.line);
  throw Error({.code = ExitCode::invalid_project,
               .message = std::move(message),
               .place = std::move(place),
               .state = "nothing of this revision was run",
               .hint = std::move(hint)});
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
             std::string(way_outside(file)));
    case StatementNature::session_setting:
      if (dialect.settings_work_in_transaction()) return;
      refuse(
          file, statement,
          fmt::format("{} sets the session, which no transaction takes back",
                      summary(statement, dialect)),
          std::string(file.is_script ? way_outside(file) : "put it into a no-transaction section"));
    case StatementNature::read_only:
      refuse_read_only(file, statement);
    case StatementNature::transaction_control:
      refuse(file, statement,
             fmt::format("{} would end the transaction that keeps this revision atomic",
                         summary(statement, dialect)),
             file.is_cpp ? "leave it out: " + std::string(way_outside(file))
             : file.is_script
                 ? "leave it out: what belongs outside of the transaction belongs into an "
                   "autocommit_block()"
                 : "leave it out: a section is one transaction; a no-transaction section "
                   "commits each statement alone");
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

void StepBuilder::add_to_transaction(std::vector<sql::Statement> statements, const Place& section) {
  if (statements.empty()) return;
  for (const sql::Statement& statement : statements) {
    check_transactional(file_, statement, dialect_);
  }
  if (ended_ || steps_.empty() || steps_.back().kind != StepKind::transaction) {
    steps_.push_back({.kind = StepKind::transaction, .long_scan = true, .place = section});
  }
  ended_ = false;
  Step& step = steps_.back();
  step.long_scan = step.long_scan && std::all_of(statements.begin(), statements.end(),
                                                 [&](const auto& it) { return is_long_scan(it); });
  std::move(statements.begin(), statements.end(), std::back_inserter(step.statements));
}

void StepBuilder::add_alone(std::vector<sql::Statement> statements, const Place& section) {
  for (sql::Statement& statement : statements) {
    const StepKind kind = kind_outside_transaction(file_, statement, dialect_);
    steps_.push_back({.kind = kind, .long_scan = is_long_scan(statement), .place = section});
    steps_.back().statements.push_back(std::move(statement));
  }
}

}  // namespace limbeck
