#include "revision/reach.h"

namespace limbeck {
namespace {

using Index = RevisionGraph::Index;
using Neighbours = std::span<const Index> (RevisionGraph::*)(Index) const;

RevisionSet reach(const RevisionGraph& graph, std::span<const Index> start, Neighbours branch,
                  Neighbours extra) {
  RevisionSet seen(graph.size(), false);
  std::vector<Index> open;
  const auto visit = [&](std::span<const Index> revisions) {
    for (Index index : revisions) {
      if (seen[index]) continue;
      seen[index] = true;
      open.push_back(index);
    }
  };
  visit(start);
  while (!open.empty()) {
    const Index index = open.back();
    open.pop_back();
    visit((graph.*branch)(index));
    if (extra != nullptr) visit((graph.*extra)(index));
  }
  return seen;
}

}  // namespace

RevisionSet ancestors(const RevisionGraph& graph, std::span<const Index> start, Along along) {
  return reach(graph, start, &RevisionGraph::parents,
               along == Along::dependencies_too ? &RevisionGraph::dependencies : nullptr);
}

RevisionSet descendants(const RevisionGraph& graph, std::span<const Index> start, Along along) {
  return reach(graph, start, &RevisionGraph::children,
               along == Along::dependencies_too ? &RevisionGraph::dependents : nullptr);
}

RevisionSet lineage(const RevisionGraph& graph, Index revision, Along along) {
  const Index start[] = {revision};
  RevisionSet result = ancestors(graph, start, along);
  const RevisionSet above = descendants(graph, start, along);
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = result[i] || above[i];
  return result;
}

}  // namespace limbeck
