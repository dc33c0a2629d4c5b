// The parts of a health check, for a pool and for the command line alike.
#pragma once

#include "limbeck/health.h"

#include "dialect/database_url.h"
#include "dialect/dialect.h"
#include "run/chain.h"

namespace limbeck {

// Throws CannotConnect when the url names an SQLite file that is not there: to connect would make
// it.
void require_file(const DatabaseUrl& url);

// One round trip.
void measure_latency(Connection& connection, Health& health);

// What the version table says, and what the chain makes of it; chain may be null. carried: the
// revisions of a program that the chain was made of, if it was. Throws what the database throws.
void read_revisions(Connection& connection, const Dialect& dialect,
                    const QualifiedName& version_table, const Chain* chain, Health& health,
                    const Revisions* carried = nullptr);

// What the error says, as the reason why the database is not reachable.
void set_fault(Health& health, const Error& error);

}  // namespace limbeck
