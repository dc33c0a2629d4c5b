// Opens a libpq connection from a url. To another machine it is encrypted and the server verified,
// unless something says otherwise (tls.h).
#pragma once

#include "dialect/connection.h"
#include "dialect/database_url.h"
#include "dialect/postgres/handle.h"

namespace limbeck::postgres {

// PGPASSWORD, ~/.pgpass and service files count as they do for psql. Waits for ten seconds for each
// host unless connect_timeout says otherwise, and never beyond the limits of options. Throws
// CannotConnect, Interrupted; a deadline that passes meanwhile is CannotConnect, too, with sqlstate
// 08001.
Handle<PGconn> open(const DatabaseUrl& url, const ConnectOptions& options);

}  // namespace limbeck::postgres
