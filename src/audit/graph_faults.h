// Every fault of a graph of revisions at once, and the graph that is left without them.
//
// RevisionGraph refuses at the first fault; whoever reports on a project wants all of them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "revision/revision.h"

namespace limbeck {

struct GraphFault {
  std::string_view rule = {};  // "missing-parent"
  std::string revision = {};
  std::string message = {};
  std::string hint = {};  // what to do about this one; empty: what the rule says
  Place place = {};
};

struct CheckedGraph {
  std::vector<GraphFault> faults = {};  // in the order of the files
  // By the position of a revision: whether it is in the graph that is left, and as what.
  std::vector<bool> kept = {};
  std::vector<Revision> mended = {};
};

// A revision with an id that cannot be one, or that another file has before it, is left out; a
// reference to nothing and the references of a cycle are cut.
CheckedGraph check_graph(std::span<const Revision> revisions);

}  // namespace limbeck
