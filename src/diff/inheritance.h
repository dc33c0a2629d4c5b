// What comes and goes with a parent table: the columns, checks, foreign keys and triggers that a
// partition or an inheriting table has from it.
//
// The server makes, changes and drops them together with the parent's; no operation of their own
// may.
#pragma once

#include <optional>
#include <vector>

#include "schema/schema.h"

namespace limbeck {

// Whether the object is there only because a parent has it.
bool is_inherited(const Object& object);

// The parent's object that it comes from: the column of that name in the parent table. Nothing when
// it cannot be found, or the object is not inherited.
std::optional<ObjectId> inherited_from(const Object& object, const Schema& schema);

// The table without the parents that the other does not have in the same way: what it is while it
// has left the ones and not yet joined the others. The order of the parents is part of the way.
Object with_kept_parents(Object table, const Object& other);

// Whether both have the parent, in the same way.
bool keeps_parent(const Object& from, const Object& to, const RelationName& parent);

// All that it inherits from or is a partition of.
std::vector<RelationName> parents_of(const Object& table);

}  // namespace limbeck
