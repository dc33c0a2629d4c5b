// What can be reached from a revision: its ancestors, its descendants, its lineage.
//
// Each walk looks at every revision once at most, whatever the depth.
#pragma once

#include <span>
#include <vector>

#include "revision/graph.h"

namespace limbeck {

using RevisionSet = std::vector<bool>;  // by index

// A branch is made of parents and children; what has to be applied first includes the dependencies.
enum class Along { branch, dependencies_too };

// The revisions of start are in the result.
RevisionSet ancestors(const RevisionGraph& graph, std::span<const RevisionGraph::Index> start,
                      Along along);
RevisionSet descendants(const RevisionGraph& graph, std::span<const RevisionGraph::Index> start,
                        Along along);
// Its ancestors and its descendants.
RevisionSet lineage(const RevisionGraph& graph, RevisionGraph::Index revision, Along along);

}  // namespace limbeck
