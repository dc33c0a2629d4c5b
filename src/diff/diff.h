// The difference of two schemas as operations, in an order in which they can be run.
//
// It never speaks to a database and never writes SQL. Both schemas must be written down by the same
// authority (the same introspection), so that equal means the same text.
#pragma once

#include <vector>

#include "dialect/schema_dialect.h"
#include "diff/rename.h"
#include "operation/operation.h"
#include "schema/schema.h"

namespace limbeck {

struct DiffOptions {
  std::vector<RenameRequest> renames = {};
  sql::LexicalRules rules = {};  // of the database whose texts the schemas hold
};

// Empty when nothing differs. The same for the same schemas on every run. Throws Error
// (ExitCode::usage) for a rename that means nothing, and Error (ExitCode::internal_error) naming
// the objects when no order exists, which is a fault of ours.
std::vector<Operation> diff(const Schema& from, const Schema& to, const SchemaDialect& dialect,
                            const DiffOptions& options);

}  // namespace limbeck
