// Operations as PostgreSQL's SQL: behind SchemaDialect::render.
//
// Every name is qualified, so that what is made does not depend on search_path. It never decides an
// order between operations.
#pragma once

#include <vector>

#include "dialect/schema_dialect.h"

namespace limbeck::postgres {

// The statements of one operation. from and to: the whole schemas that it stands between.
std::vector<SqlStatement> render(const Operation& operation, const Schema& from, const Schema& to);

}  // namespace limbeck::postgres
