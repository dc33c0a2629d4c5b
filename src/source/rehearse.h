// Revisions tried in a scratch database that has the schema of another one, so that what would fail
// is known before that one is touched. Rows are not there: what fails for their sake is not found.
#pragma once

#include <span>

#include "dialect/dialect.h"
#include "dialect/schema_dialect.h"
#include "dialect/scratch.h"
#include "revision/walk.h"
#include "run/chain.h"
#include "run/target_database.h"

namespace limbeck {

// Makes of an empty database one with this schema.
void build_schema(Scratch& scratch, const SchemaDialect& dialect, const Schema& schema,
                  const sql::LexicalRules& rules);

// database: only read. steps: from where it is. Throws what the steps throw, as Error
// (ExitCode::invalid_project) with the place of the statement; nothing was changed then.
void rehearse(TargetDatabase& database, const Chain& chain, std::span<const RevisionStep> steps,
              const ConnectOptions& connect);

}  // namespace limbeck
