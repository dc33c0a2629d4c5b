// How a schema that should be another one differs from it, as findings.
#pragma once

#include <string>
#include <vector>

#include "schema/schema.h"
#include "verify/said.h"

namespace limbeck {

struct SchemaFault {
  ObjectId id = {};
  bool left = false;         // it is there and should not be
  std::string object = {};   // "index public.ix_users_email"
  std::string message = {};  // "is missing", "is there", "differs in type, not_null"
};

std::vector<SchemaFault> schema_faults(const Schema& expected, const Schema& found);

// What a DROP ... CASCADE took along and no statement names, without what is part of another object
// that is gone: a foreign key of another table, a view on a view. Columns and tables that held rows
// are told of by their rows.
std::vector<ObjectId> taken_along(const Schema& before, const Schema& after, const Said& said);

}  // namespace limbeck
