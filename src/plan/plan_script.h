// The steps of a recorded script.
#pragma once

#include <optional>
#include <vector>

#include "plan/script.h"
#include "plan/step.h"

namespace limbeck {

// The steps of what was recorded, whose places are those in the script; nothing when only a live
// run can make them: the script needs an answer of the database, or changes a table that has to be
// looked at first.
// Alembic's ways to leave a transaction are understood: autocommit_block(), bind.commit(), and a
// plain COMMIT, after which each statement is committed alone until BEGIN.
// Throws Error (ExitCode::invalid_project) at the line of a statement that cannot run where it
// stands.
std::optional<std::vector<Step>> plan_script(const RevisionFile& file, const Recording& recording,
                                             const Dialect& dialect);

// The statements of one item, split, with their place in the script.
std::vector<sql::Statement> statements_of(const ScriptStatement& statement,
                                          const RevisionFile& file, const Dialect& dialect);

// Whether a transaction would swallow the statement without a word, as SQLite does with PRAGMA
// foreign_keys: under Alembic no transaction is open there.
bool must_be_outside(const sql::Statement& statement, const Dialect& dialect);

// What a statement of a script does to the transaction around it.
enum class TransactionControl { none, leave, enter };
TransactionControl transaction_control(const sql::Statement& statement);

}  // namespace limbeck
