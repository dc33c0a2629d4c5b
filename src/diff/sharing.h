// What a change of a parent table does to its heirs: their own changes are done by it, or follow
// it.
#pragma once

#include "diff/nodes.h"

namespace limbeck {

void share_inherited(Nodes& nodes);

}  // namespace limbeck
