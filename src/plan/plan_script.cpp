#include "plan/plan_script.h"

#include <array>
#include <utility>

#include "base/source.h"
#include "plan/step_builder.h"

namespace limbeck {
namespace {

Place place_of(const RevisionFile& file, int line) {
  return {.file = file.revision.place.file, .line = line, .column = 1};
}

class ScriptPlanner {
 public:
  ScriptPlanner(const RevisionFile& file, const Dialect& dialect)
      : file_(file), dialect_(dialect), builder_(file, dialect) {}

  void add(const ScriptStatement& item) {
    const Place place = place_of(file_, item.line);
    for (sql::Statement& statement : statements_of(item, file_, dialect_)) {
      const TransactionControl control = transaction_control(statement);
      if (control != TransactionControl::none) {
        left_ = control == TransactionControl::leave;
        builder_.end_transaction();
        continue;
      }
      std::vector<sql::Statement> one;
      one.push_back(std::move(statement));
      if (alone_ || left_ || must_be_outside(one.front(), dialect_)) {
        builder_.add_alone(std::move(one), place);
      } else {
        builder_.add_to_transaction(std::move(one), place);
      }
    }
  }
  void add(const ScriptAutocommit& boundary) {
    alone_ = boundary.enter;
    left_ = false;
    builder_.end_transaction();
  }
  void add(const ScriptCommit& /*mark*/) { builder_.end_transaction(); }
  void add(const ScriptTableChanges& /*changes*/) {}

  std::vector<Step> finish() && { return std::move(builder_).finish(); }

 private:
  const RevisionFile& file_;
  const Dialect& dialect_;
  StepBuilder builder_;
  bool alone_ = false;  // in an autocommit_block()
  bool left_ = false;   // after a plain COMMIT
};

}  // namespace

Place place_of_line(const RevisionFile& file, int line) {
  Place place = place_of(file, line);
  if (!file.is_cpp) place.source_line = source_line(file.text, line);
  const std::size_t begin = place.source_line.find_first_not_of(" \t");
  if (begin != std::string::npos) place.column = static_cast<int>(begin) + 1;
  return place;
}

bool must_be_outside(const sql::Statement& statement, const Dialect& dialect) {
  return !dialect.settings_work_in_transaction() &&
         dialect.nature(statement) == StatementNature::session_setting;
}

TransactionControl transaction_control(const sql::Statement& statement) {
  constexpr std::array leaving{"COMMIT", "END", "ROLLBACK", "ABORT"};
  constexpr std::array entering{"BEGIN", "START TRANSACTION"};
  if (sql::starts_with(statement, "ROLLBACK TO") ||
      sql::starts_with(statement, "ROLLBACK TRANSACTION TO") ||
      sql::starts_with(statement, "ROLLBACK WORK TO")) {
    return TransactionControl::none;
  }
  for (const char* const words : leaving)
    if (sql::starts_with(statement, words)) return TransactionControl::leave;
  for (const char* const words : entering)
    if (sql::starts_with(statement, words)) return TransactionControl::enter;
  return TransactionControl::none;
}

std::vector<sql::Statement> statements_of(const ScriptStatement& statement,
                                          const RevisionFile& file, const Dialect& dialect) {
  auto statements =
      sql::split(statement.sql, dialect.lexical_rules(), place_of(file, statement.line));
  // A script builds its SQL: only the line of the call is sure.
  for (sql::Statement& it : statements) it.place = place_of(file, statement.line);
  return statements;
}

std::optional<std::vector<Step>> plan_script(const RevisionFile& file, const Recording& recording,
                                             const Dialect& dialect) {
  if (recording.needs) return std::nullopt;
  ScriptPlanner planner(file, dialect);
  for (const ScriptItem& item : recording.items) {
    if (std::holds_alternative<ScriptTableChanges>(item)) return std::nullopt;
    std::visit([&](const auto& it) { planner.add(it); }, item);
  }
  return std::move(planner).finish();
}

}  // namespace limbeck
