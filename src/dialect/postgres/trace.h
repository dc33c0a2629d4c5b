// Observes what PostgreSQL does: its table of locks, the files of its tables, and what it says at
// the level "debug1".
//
// The functions that speak are told by their names, not by their words, which may be in any
// language: ATRewriteTable, index_build, validateForeignKeyConstraint.
#pragma once

#include <memory>
#include <optional>

#include "dialect/trace.h"

namespace limbeck::postgres {

std::unique_ptr<Tracer> make_tracer(const std::optional<DatabaseUrl>& server,
                                    const ConnectOptions& options);

}  // namespace limbeck::postgres
