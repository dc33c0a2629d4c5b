// What becomes of a declared statement in a scratch database: by its words, before it is run.
//
// Where the server is the user's own, nothing that reaches beyond the scratch database is run.
#pragma once

#include "dialect/scratch.h"

namespace limbeck::postgres {

// owns_server: the server was started for this database alone.
ScratchUse use_of(const sql::Statement& statement, bool owns_server);

}  // namespace limbeck::postgres
