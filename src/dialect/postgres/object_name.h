// How statements name an object: "TABLE public.users", "CONSTRAINT c ON public.users".
#pragma once

#include <string>

#include "schema/object.h"

namespace limbeck::postgres {

// The object's own name: public.users, public.area(integer). Of a part: the part's name alone.
std::string name_of(const Object& object);
// The table, view or domain that a part stands in.
std::string container_of(const ObjectId& part);

// For COMMENT ON, ALTER and, where the object has no table, DROP.
std::string address_of(const Object& object);
// For GRANT ... ON; empty for an object that has no privileges. Of a column: its table.
std::string privilege_address_of(const Object& object);

}  // namespace limbeck::postgres
