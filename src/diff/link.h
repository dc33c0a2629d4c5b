// Links: what ties an object to another that may have to be made after it. A sequence's owner, the
// table that a partition is attached to, the index that a partition's index belongs to.
//
// A link is made, changed and undone by an operation of its own, because the objects on its two
// ends often need each other: the default of a column needs the sequence, whose owner is the
// column.
#pragma once

#include <optional>

#include "schema/object.h"

namespace limbeck {

// What the object is linked to; nothing when it is not.
std::optional<ObjectId> link_of(const Object& object);

// The object with the link of the other.
Object with_link_of(Object object, const Object& other);

// The object before its link is made.
Object without_link(Object object);

}  // namespace limbeck
