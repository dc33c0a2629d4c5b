// A connection pooler between a connection and the server: which kind it is.
//
// One that keeps a server session for as long as its client is connected (pool_mode = session of
// PgBouncer) changes nothing. One that gives it to another client after each transaction breaks
// locks and settings. No pooler says which it is: it is found out.
#pragma once

#include <cstdint>

#include "dialect/connection.h"
#include "dialect/database_url.h"
#include "dialect/postgres/libpq.h"

namespace limbeck::postgres {

// Whether the server session backend_pid, which has just answered to this idle connection, may be
// given to others while the connection stays. Another connection is made to find out; what cannot
// be told counts as shared.
bool may_be_shared(PGconn* connection, std::int64_t backend_pid, const DatabaseUrl& url,
                   const ConnectOptions& options);

}  // namespace limbeck::postgres
