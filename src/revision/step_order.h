// The order in which revisions are undone, newest first; upgrades go the opposite way.
//
// Any order in which parents come first would be right. This is the one of Alembic's, so that both
// tools build tables whose columns stand in the same order: down one branch, by first parents, for
// as long as nothing that is left stands on the next revision; then on with the branch that does.
#pragma once

#include <vector>

#include "revision/graph.h"
#include "revision/reach.h"

namespace limbeck {

// All of the set.
std::vector<RevisionGraph::Index> newest_first(const RevisionGraph& graph, const RevisionSet& set);

}  // namespace limbeck
