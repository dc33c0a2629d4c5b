// How the values of a key are ordered.
#pragma once

#include <string>
#include <vector>

#include "dialect/connection.h"

namespace limbeck::postgres {

// Whether the operators of pg_catalog order the columns as an index does: those of an extension's
// types are the extension's own. table, columns: as written.
bool has_built_in_order(Connection& connection, const std::string& table,
                        const std::vector<std::string>& columns);

}  // namespace limbeck::postgres
