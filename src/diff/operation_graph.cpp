#include "diff/operation_graph.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace limbeck {
namespace {

using Edges = std::vector<std::vector<std::size_t>>;

// The strongly connected components, by Tarjan's algorithm with a stack of its own: the component
// of each node. A chain of ten thousand views must not end the program's stack.
std::vector<std::size_t> components(const Edges& next) {
  const std::size_t count = next.size();
  constexpr std::size_t unseen = static_cast<std::size_t>(-1);
  std::vector<std::size_t> number(count, unseen), low(count, 0), component(count, unseen);
  std::vector<std::size_t> open;
  std::size_t numbered = 0, found = 0;
  for (std::size_t root = 0; root < count; ++root) {
    if (number[root] != unseen) continue;
    std::vector<std::pair<std::size_t, std::size_t>> path{{root, 0}};
    while (!path.empty()) {
      auto& [node, edge] = path.back();
      if (edge == 0) {
        number[node] = low[node] = numbered++;
        open.push_back(node);
      }
      if (edge < next[node].size()) {
        const std::size_t target = next[node][edge++];
        if (number[target] == unseen)
          path.emplace_back(target, 0);
        else if (component[target] == unseen)
          low[node] = std::min(low[node], number[target]);
        continue;
      }
      if (low[node] == number[node]) {
        for (std::size_t member = unseen; member != node;) {
          member = open.back();
          open.pop_back();
          component[member] = found;
        }
        ++found;
      }
      const std::size_t done = node;
      path.pop_back();
      if (!path.empty()) low[path.back().first] = std::min(low[path.back().first], low[done]);
    }
  }
  return component;
}

// The edges between the holders.
Edges between(const std::vector<std::set<std::size_t>>& next,
              const std::vector<std::size_t>& holder) {
  std::vector<std::set<std::size_t>> folded(next.size());
  for (std::size_t node = 0; node < next.size(); ++node)
    for (const std::size_t target : next[node])
      if (holder[node] != holder[target]) folded[holder[node]].insert(holder[target]);
  Edges edges(next.size());
  for (std::size_t node = 0; node < next.size(); ++node)
    edges[node].assign(folded[node].begin(), folded[node].end());
  return edges;
}

// Nodes that are in a cycle with another.
std::vector<bool> in_cycle(const Edges& edges) {
  const std::vector<std::size_t> component = components(edges);
  std::map<std::size_t, std::size_t> size;
  for (const std::size_t number : component) ++size[number];
  std::vector<bool> result(edges.size());
  for (std::size_t node = 0; node < edges.size(); ++node) result[node] = size[component[node]] > 1;
  return result;
}

}  // namespace

std::size_t OperationGraph::add(std::string order) {
  order_.push_back(std::move(order));
  next_.emplace_back();
  holder_.push_back(order_.size() - 1);
  bond_.push_back(Bond::fixed);
  return order_.size() - 1;
}

void OperationGraph::before(std::size_t first, std::size_t second) {
  if (first != second) next_[first].insert(second);
}

std::vector<bool> OperationGraph::after(std::size_t node) const {
  std::vector<bool> found(next_.size(), false);
  std::vector<std::size_t> open{node};
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    for (const std::size_t next : next_[at]) {
      if (found[next]) continue;
      found[next] = true;
      open.push_back(next);
    }
  }
  return found;
}

void OperationGraph::fold(std::size_t member, std::size_t holder, Bond bond) {
  holder_[member] = holder_[holder];
  bond_[member] = bond;
}

OperationGraph::Sorted OperationGraph::sort() const {
  // Members leave their holders until no cycle is left: the loose ones first.
  std::vector<std::size_t> holder = holder_;
  Edges edges = between(next_, holder);
  for (const Bond bond : {Bond::loose, Bond::firm}) {
    for (;;) {
      const std::vector<bool> cyclic = in_cycle(edges);
      bool changed = false;
      for (std::size_t node = 0; node < size(); ++node) {
        if (holder[node] == node || !cyclic[holder[node]] || bond_[node] != bond) continue;
        holder[node] = node;
        changed = true;
      }
      if (!changed) break;
      edges = between(next_, holder);
    }
  }

  std::vector<std::size_t> waits(size(), 0);
  for (std::size_t node = 0; node < size(); ++node)
    for (const std::size_t target : edges[node]) ++waits[target];
  std::map<std::string, std::size_t> ready;
  for (std::size_t node = 0; node < size(); ++node)
    if (holder[node] == node && waits[node] == 0) ready.emplace(order_[node], node);
  std::vector<Group> members(size());
  for (std::size_t node = 0; node < size(); ++node)
    if (holder[node] != node) members[holder[node]].push_back(node);

  Sorted sorted;
  std::vector<bool> done(size());
  while (!ready.empty()) {
    const std::size_t node = ready.begin()->second;
    ready.erase(ready.begin());
    done[node] = true;
    Group group{node};
    group.insert(group.end(), members[node].begin(), members[node].end());
    sorted.groups.push_back(std::move(group));
    for (const std::size_t target : edges[node])
      if (--waits[target] == 0) ready.emplace(order_[target], target);
  }
  for (std::size_t node = 0; node < size(); ++node)
    if (holder[node] == node && !done[node]) sorted.cycle.push_back(node);
  return sorted;
}

}  // namespace limbeck
