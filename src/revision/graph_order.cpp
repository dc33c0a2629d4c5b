// The topological order of a graph: a depth-first walk down from the heads, which finds cycles on
// its way.
#include <algorithm>

#include "revision/graph.h"

namespace limbeck {
namespace {

using Index = RevisionGraph::Index;

enum class Mark : char { unseen, open, done };

struct Visit {
  Index index = 0;
  std::size_t next = 0;  // of the neighbours below, parents first, the next one to look at
};

}  // namespace

void RevisionGraph::sort_topologically() {
  std::vector<Mark> marks(size(), Mark::unseen);
  std::vector<Visit> path;
  order_.reserve(size());

  const auto below = [&](const Visit& visit) -> const Index* {
    const auto up = parents(visit.index);
    if (visit.next < up.size()) return &up[visit.next];
    const auto needed = dependencies(visit.index);
    const std::size_t rest = visit.next - up.size();
    return rest < needed.size() ? &needed[rest] : nullptr;
  };
  const auto walk_down = [&](Index start) {
    if (marks[start] != Mark::unseen) return;
    marks[start] = Mark::open;
    path.push_back({start});
    while (!path.empty()) {
      const Index* neighbour = below(path.back());
      if (neighbour == nullptr) {
        marks[path.back().index] = Mark::done;
        order_.push_back(path.back().index);
        path.pop_back();
        continue;
      }
      ++path.back().next;
      if (marks[*neighbour] == Mark::open) {
        std::vector<Index> cycle;
        for (auto visit = path.rbegin(); cycle.empty() || cycle.back() != *neighbour; ++visit) {
          cycle.push_back(visit->index);
        }
        std::reverse(cycle.begin(), cycle.end());
        fail_with_cycle(cycle);
      }
      if (marks[*neighbour] == Mark::unseen) {
        marks[*neighbour] = Mark::open;
        path.push_back({*neighbour});
      }
    }
  };
  for (Index head : real_heads()) walk_down(head);
  for (Index index : by_id_)
    walk_down(index);  // only what is in a cycle, or below one alone, is left

  position_.resize(size());
  for (std::size_t i = 0; i < order_.size(); ++i) {
    position_[order_[i]] = static_cast<std::uint32_t>(i);
  }
}

}  // namespace limbeck
