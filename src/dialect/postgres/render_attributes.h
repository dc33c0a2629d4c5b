// What every kind of object can have: a comment, an owner, privileges.
#pragma once

#include <vector>

#include "dialect/postgres/script.h"
#include "schema/object.h"

namespace limbeck::postgres {

void set_comment(Script& script, const std::string& address, const std::string& comment);

// After the object was created.
void set_attributes(Script& script, const Object& object);
// From one state of the object to another.
void change_attributes(Script& script, const Object& from, const Object& to);
// ALTER ... OWNER TO, when there is an owner.
void set_owner(Script& script, const Object& object);

void create_definition(Script& script, const Object& object, const DefaultPrivileges& privileges);
void drop_definition(Script& script, const Object& object, const DefaultPrivileges& privileges);
void alter_definition(Script& script, const Object& object, const DefaultPrivileges& from,
                      const DefaultPrivileges& to);

// The privileges that a new object of the kind has.
std::vector<Privilege> built_in_privileges(Kind kind);

void set_privileges(Script& script, const Object& object);
void change_privileges(Script& script, const Object& from, const Object& to);

}  // namespace limbeck::postgres
