// Operations as JSON, for other programs. One direction: they are never read back.
#pragma once

#include "base/json_writer.h"
#include "operation/operation.h"

namespace limbeck {

// The members of an object that is open: "operation", "description", and the objects on both sides.
void write_members(const Operation& operation, JsonWriter& json);

}  // namespace limbeck
