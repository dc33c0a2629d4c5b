// One function for each kind of object: what makes it, drops it, and alters it.
//
// Comments, owners and privileges come from elsewhere (render_attributes.h).
#pragma once

#include "dialect/postgres/script.h"
#include "operation/operation.h"

namespace limbeck::postgres {

// Makes the object with the parts that its statement can hold, and the others after it.
void create_definition(Script& script, const Create& create, const Table& table);
void create_definition(Script& script, const Create& create, const Column& column);
void create_definition(Script& script, const Create& create, const Domain& domain);

void create_definition(Script& script, const Object& object, const Namespace& schema);
void create_definition(Script& script, const Object& object, const Extension& extension);
void create_definition(Script& script, const Object& object, const Collation& collation);
void create_definition(Script& script, const Object& object, const Enumeration& enumeration);
void create_definition(Script& script, const Object& object, const Composite& composite);
void create_definition(Script& script, const Object& object, const Range& range);
void create_definition(Script& script, const Object& object, const Sequence& sequence);
void create_definition(Script& script, const Object& object, const ColumnDefault& value);
void create_definition(Script& script, const Object& object, const Constraint& constraint);
void create_definition(Script& script, const Object& object, const DomainConstraint& constraint);
void create_definition(Script& script, const Object& object, const Index& index);
void create_definition(Script& script, const Object& object, const View& view);
void create_definition(Script& script, const Object& object, const MaterializedView& view);
void create_definition(Script& script, const Object& object, const Routine& routine);
void create_definition(Script& script, const Object& object, const Aggregate& aggregate);
void create_definition(Script& script, const Object& object, const Trigger& trigger);
void create_definition(Script& script, const Object& object, const EventTrigger& trigger);
void create_definition(Script& script, const Object& object, const Rule& rule);
void create_definition(Script& script, const Object& object, const Policy& policy);
void create_definition(Script& script, const Object& object, const Statistics& statistics);
void create_definition(Script& script, const Object& object, const ForeignDataWrapper& wrapper);
void create_definition(Script& script, const Object& object, const Server& server);
void create_definition(Script& script, const Object& object, const UserMapping& mapping);
void create_definition(Script& script, const Object& object, const Publication& publication);
void create_definition(Script& script, const Object& object, const Subscription& subscription);
void create_definition(Script& script, const Object& object, const Opaque& opaque);

// Those that are dropped in a way of their own; the others by DROP and their address.
void drop_definition(Script& script, const Object& object, const Column& column);
void drop_definition(Script& script, const Object& object, const ColumnDefault& value);
void drop_definition(Script& script, const Object& object, const Constraint& constraint);
void drop_definition(Script& script, const Object& object, const DomainConstraint& constraint);
void drop_definition(Script& script, const Object& object, const Index& index);
void drop_definition(Script& script, const Object& object, const Trigger& trigger);
void drop_definition(Script& script, const Object& object, const UserMapping& mapping);
void drop_definition(Script& script, const Object& object, const Subscription& subscription);
void drop_definition(Script& script, const Object& object, const Opaque& opaque);

void alter_definition(Script& script, const Object& object, const Extension& from,
                      const Extension& to);
void alter_definition(Script& script, const Object& object, const Enumeration& from,
                      const Enumeration& to);
void alter_definition(Script& script, const Object& object, const Composite& from,
                      const Composite& to);
void alter_definition(Script& script, const Object& object, const Domain& from, const Domain& to);
void alter_definition(Script& script, const Object& object, const Sequence& from,
                      const Sequence& to);
void alter_definition(Script& script, const Object& object, const Table& from, const Table& to);
void drop_definition(Script& script, const Object& object, const Table& table);
void alter_definition(Script& script, const Object& object, const Column& from, const Column& to);
void alter_definition(Script& script, const Object& object, const ColumnDefault& from,
                      const ColumnDefault& to);
void alter_definition(Script& script, const Object& object, const Constraint& from,
                      const Constraint& to);
void alter_definition(Script& script, const Object& object, const DomainConstraint& from,
                      const DomainConstraint& to);
void alter_definition(Script& script, const Object& object, const Index& from, const Index& to);
void alter_definition(Script& script, const Object& object, const View& from, const View& to);
void alter_definition(Script& script, const Object& object, const MaterializedView& from,
                      const MaterializedView& to);
void alter_definition(Script& script, const Object& object, const Routine& from, const Routine& to);
void alter_definition(Script& script, const Object& object, const Aggregate& from,
                      const Aggregate& to);
void alter_definition(Script& script, const Object& object, const Trigger& from, const Trigger& to);
void alter_definition(Script& script, const Object& object, const EventTrigger& from,
                      const EventTrigger& to);
void alter_definition(Script& script, const Object& object, const Rule& from, const Rule& to);
void alter_definition(Script& script, const Object& object, const Policy& from, const Policy& to);
void alter_definition(Script& script, const Object& object, const Statistics& from,
                      const Statistics& to);
void alter_definition(Script& script, const Object& object, const ForeignDataWrapper& from,
                      const ForeignDataWrapper& to);
void alter_definition(Script& script, const Object& object, const Server& from, const Server& to);
void alter_definition(Script& script, const Object& object, const UserMapping& from,
                      const UserMapping& to);
void alter_definition(Script& script, const Object& object, const Publication& from,
                      const Publication& to);
void alter_definition(Script& script, const Object& object, const Subscription& from,
                      const Subscription& to);

void replace_types(Script& script, const ReplaceTypes& replacement);
void rename(Script& script, const Rename& rename);

}  // namespace limbeck::postgres
