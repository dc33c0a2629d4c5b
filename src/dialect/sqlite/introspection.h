// Reads the schema of a SQLite database from the statements that it keeps.
//
// Two queries in one transaction, whatever the number of tables. What cannot be read is named in
// Schema::unmodelled, and so are the contents of virtual tables, which nothing compares.
#pragma once

#include "dialect/schema_dialect.h"

namespace limbeck::sqlite {

Schema introspect(Connection& connection, const IntrospectionOptions& options);

}  // namespace limbeck::sqlite
