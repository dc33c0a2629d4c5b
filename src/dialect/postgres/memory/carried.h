// Statements that carry another one, which does what it does by itself: EXPLAIN ANALYZE runs it,
// COPY (...) TO runs it for its rows, PREPARE readies it for an EXECUTE that goes by a name alone.
#pragma once

#include "dialect/postgres/memory/tree.h"

namespace limbeck::postgres::memory {

// Null where there is none, and where EXPLAIN only plans it.
const Node* carried_statement(const Node* statement);

}  // namespace limbeck::postgres::memory
