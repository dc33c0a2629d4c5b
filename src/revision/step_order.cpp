#include "revision/step_order.h"

#include <algorithm>

namespace limbeck {
namespace {

using Index = RevisionGraph::Index;

class NewestFirst {
 public:
  NewestFirst(const RevisionGraph& graph, const RevisionSet& set)
      : graph_(graph), left_(set), above_(graph.size(), 0) {}

  std::vector<Index> run() {
    // The branches, by the revisions on which they have arrived, in the order of the files.
    for (Index index = 0; index < graph_.size(); ++index) {
      if (!left_[index]) continue;
      for_each_above(index, [&](Index) { above_[index] += 1; });
      if (above_[index] == 0) branches_.push_back(index);
    }
    while (!branches_.empty()) {
      const Index revision = branches_[at_];
      if (above_[revision] == 0) {
        take(revision);
      } else {
        at_ = branch_above(revision);
      }
    }
    return std::move(order_);
  }

 private:
  template <class Do>
  void for_each_above(Index index, const Do& act) const {
    for (const Index child : graph_.children(index))
      if (left_[child]) act(child);
    for (const Index dependent : graph_.dependents(index))
      if (left_[dependent]) act(dependent);
  }

  void take(Index revision) {
    order_.push_back(revision);
    left_[revision] = false;
    std::vector<Index> next;
    const auto add = [&](Index below) {
      if (!left_[below]) return;
      above_[below] -= 1;
      if (std::find(branches_.begin(), branches_.end(), below) == branches_.end() &&
          std::find(next.begin(), next.end(), below) == next.end())
        next.push_back(below);
    };
    for (const Index parent : graph_.parents(revision)) add(parent);
    for (const Index dependency : graph_.dependencies(revision)) add(dependency);
    if (next.empty()) {
      branches_.erase(branches_.begin() + static_cast<std::ptrdiff_t>(at_));
      at_ = at_ == 0 ? 0 : at_ - 1;
      return;
    }
    branches_[at_] = next.front();
    branches_.insert(branches_.end(), next.begin() + 1, next.end());
  }

  // The first branch that has still to come down through what stands on the revision.
  std::size_t branch_above(Index revision) const {
    RevisionSet seen(graph_.size(), false);
    std::vector<Index> path{revision};
    while (!path.empty()) {
      const Index index = path.back();
      path.pop_back();
      for_each_above(index, [&](Index above) {
        if (!seen[above]) path.push_back(above);
        seen[above] = true;
      });
    }
    const auto found = std::find_if(branches_.begin(), branches_.end(),
                                    [&](Index branch) { return seen[branch]; });
    return static_cast<std::size_t>(found - branches_.begin());
  }

  const RevisionGraph& graph_;
  RevisionSet left_;
  std::vector<std::size_t> above_;  // how many of those that are left stand on it
  std::vector<Index> branches_;
  std::size_t at_ = 0;
  std::vector<Index> order_;
};

}  // namespace

std::vector<Index> newest_first(const RevisionGraph& graph, const RevisionSet& set) {
  return NewestFirst(graph, set).run();
}

}  // namespace limbeck
