// What PostgreSQL can change in place, and what has to go before a change and come back after it:
// behind SchemaDialect.
//
// No SQL is made here.
#pragma once

#include <string>
#include <vector>

#include "dialect/schema_dialect.h"

namespace limbeck::postgres {

// See SchemaDialect for what each answers.
Change change(const Object& from, const Object& to);
bool must_rebuild(const Object& dependent, const Alter& alter);
std::vector<std::string> occupied_names(const Object& object);
bool evaluates(const Operation& operation);

}  // namespace limbeck::postgres
