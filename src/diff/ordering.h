// What has to wait for what: the rules that order the operations of a difference, by what depends
// on what in either schema, what is linked, which tables have which parents, and which names are
// taken.
#pragma once

#include "diff/nodes.h"

namespace limbeck {

void order(Nodes& nodes);

}  // namespace limbeck
