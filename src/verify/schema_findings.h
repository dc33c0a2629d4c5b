// How a schema that should be another one differs from it, as findings.
#pragma once

#include <string>
#include <vector>

#include "schema/schema.h"

namespace limbeck {

struct SchemaFault {
  ObjectId id = {};
  bool left = false;         // it is there and should not be
  std::string object = {};   // "index public.ix_users_email"
  std::string message = {};  // "is missing", "is there", "has another type, not_null"
};

std::vector<SchemaFault> schema_faults(const Schema& expected, const Schema& found);

}  // namespace limbeck
