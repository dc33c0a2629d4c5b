// One statement for an object and its parts: which changes are made together with the one of their
// table, type or column.
#pragma once

#include "diff/nodes.h"

namespace limbeck {

void fold(Nodes& nodes);

}  // namespace limbeck
