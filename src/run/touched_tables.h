// Which tables of a database some statements may change: a guess on the safe side, for a backup.
//
// It goes by names: a table that is only mentioned counts. Where names do not tell (a function that
// is called, a trigger, a view that is written to) the answer is that any table may be.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dialect/identifier.h"
#include "run/target_database.h"
#include "schema/schema.h"
#include "sql/statement.h"

namespace limbeck {

// What a run is about to do, as far as it is known before.
struct PlannedStatements {
  std::vector<const sql::Statement*> statements = {};
  bool all_known = true;  // a script that asks the database is not
};

// The tables that are there now; nothing: any of them. Those of the runner itself are left out.
std::optional<std::vector<QualifiedName>> touched_tables(const Schema& schema,
                                                         const PlannedStatements& planned);
std::optional<std::vector<QualifiedName>> touched_tables(TargetDatabase& database,
                                                         const PlannedStatements& planned);

}  // namespace limbeck
