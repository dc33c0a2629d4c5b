// How labels spread through a graph: to all descendants, and down to the branch point.
//
// A chain in which each revision has a label would need a list of n labels for each of n revisions,
// so the lists are shared and put together only when somebody asks.
#include <algorithm>

#include "revision/graph.h"

namespace limbeck {

using Index = RevisionGraph::Index;

// The set of the inherited ones and the revision's own labels: an existing set when that adds
// nothing.
std::uint32_t RevisionGraph::extend_labels(Index index, std::vector<std::uint32_t> inherited) {
  std::sort(inherited.begin(), inherited.end());
  inherited.erase(std::unique(inherited.begin(), inherited.end()), inherited.end());
  if (!inherited.empty() && inherited.front() == 0) inherited.erase(inherited.begin());
  const bool adds_own = !revisions_[index].labels.empty();
  if (!adds_own && inherited.size() < 2) return inherited.empty() ? 0 : inherited.front();
  label_sets_.push_back({index, adds_own, std::move(inherited)});
  return static_cast<std::uint32_t>(label_sets_.size() - 1);
}

void RevisionGraph::spread_labels() {
  if (by_label_.empty()) return;
  label_sets_.emplace_back();
  labels_above_.assign(size(), 0);
  labels_below_.assign(size(), 0);
  for (Index index : order_) {
    std::vector<std::uint32_t> inherited;
    for (Index parent : parents(index)) inherited.push_back(labels_above_[parent]);
    labels_above_[index] = extend_labels(index, std::move(inherited));
  }
  const auto ends_branch = [&](Index index) {
    return children(index).size() + dependents(index).size() > 1 || is_merge_point(index);
  };
  for (auto index = order_.rbegin(); index != order_.rend(); ++index) {
    if (children(*index).size() != 1 || ends_branch(*index)) continue;
    const Index child = children(*index).front();
    if (!ends_branch(child)) labels_below_[*index] = extend_labels(child, {labels_below_[child]});
  }
}

std::vector<std::string> RevisionGraph::labels(Index index) const {
  std::vector<std::string> result;
  if (label_sets_.empty()) return result;
  std::vector<bool> seen(label_sets_.size(), false);
  std::vector<std::uint32_t> open = {labels_above_[index], labels_below_[index]};
  while (!open.empty()) {
    const std::uint32_t number = open.back();
    open.pop_back();
    if (number == 0 || seen[number]) continue;
    seen[number] = true;
    const LabelSet& set = label_sets_[number];
    if (set.adds_own) {
      const std::vector<std::string>& own = revisions_[set.declared_by].labels;
      result.insert(result.end(), own.begin(), own.end());
    }
    open.insert(open.end(), set.inherits.begin(), set.inherits.end());
  }
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

}  // namespace limbeck
