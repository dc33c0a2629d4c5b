// Schemas on PostgreSQL: introspection from its catalog, and operations as its SQL.
#pragma once

#include "dialect/schema_dialect.h"

namespace limbeck::postgres {

const SchemaDialect& schema_dialect();

}  // namespace limbeck::postgres
