// Puts statements into steps, and refuses those that cannot run where their author put them.
// Internal to src/plan.
#pragma once

#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "plan/step.h"

namespace limbeck {

// Throws Error (ExitCode::invalid_project) at the statement.
[[noreturn]] void refuse(const RevisionFile& file, const sql::Statement& statement,
                         std::string message, std::string hint);

class StepBuilder {
 public:
  // Both must outlive it.
  StepBuilder(const RevisionFile& file, const Dialect& dialect) : file_(file), dialect_(dialect) {}

  // Into the transaction that is open, or a new one.
  void add_to_transaction(std::vector<sql::Statement> statements, const Place& section);
  // Each to be committed alone.
  void add_alone(std::vector<sql::Statement> statements, const Place& section);
  void add(Step step) { steps_.push_back(std::move(step)); }
  // What comes next is a transaction of its own.
  void end_transaction() { ended_ = true; }

  std::vector<Step> finish() && { return std::move(steps_); }

 private:
  bool is_long_scan(const sql::Statement& statement) const {
    return dialect_.nature(statement) == StatementNature::long_scan;
  }

  const RevisionFile& file_;
  const Dialect& dialect_;
  std::vector<Step> steps_;
  bool ended_ = false;
};

// A statement in a transaction of the runner's. Throws as refuse does.
void check_transactional(const RevisionFile& file, const sql::Statement& statement,
                         const Dialect& dialect);

// How one statement that is to be committed alone is run. Throws as refuse does.
StepKind kind_outside_transaction(const RevisionFile& file, const sql::Statement& statement,
                                  const Dialect& dialect);

}  // namespace limbeck
