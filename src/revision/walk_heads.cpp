// What a step does to the heads in the version table.
//
// Called once for each of thousands of steps, so it looks at the neighbours of the step's revision.
// Only below a branch point does it look further, and no further up than a head can be.
#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <utility>

#include "limbeck/error.h"

#include "revision/reach.h"
#include "revision/walk.h"

namespace limbeck {
namespace {

using Index = RevisionGraph::Index;

bool contains(std::span<const std::string> ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

// Parents first; a dependency that is also a parent is one neighbour.
std::vector<Index> below(const RevisionGraph& graph, Index index) {
  const auto parents = graph.parents(index);
  std::vector<Index> result(parents.begin(), parents.end());
  for (Index needed : graph.dependencies(index)) {
    if (std::find(parents.begin(), parents.end(), needed) == parents.end())
      result.push_back(needed);
  }
  return result;
}

// Whether something still applied needs the revision once `undone` is gone: whether one of `tops`
// is above it.
bool is_needed(const RevisionGraph& graph, Index revision, Index undone,
               std::span<const Index> tops) {
  std::size_t highest = 0;
  for (Index top : tops) highest = std::max(highest, graph.position(top));
  RevisionSet seen;
  std::vector<Index> open = {revision};
  while (!open.empty()) {
    const Index index = open.back();
    open.pop_back();
    for (const auto neighbours : {graph.children(index), graph.dependents(index)}) {
      for (Index above : neighbours) {
        if (above == undone || graph.position(above) > highest) continue;
        if (std::find(tops.begin(), tops.end(), above) != tops.end()) return true;
        if (seen.empty()) seen.resize(graph.size());
        if (seen[above]) continue;
        seen[above] = true;
        open.push_back(above);
      }
    }
  }
  return false;
}

HeadChange upgraded(const RevisionGraph& graph, Index revision,
                    std::span<const std::string> current) {
  HeadChange change;
  const std::string& id = graph.id(revision);
  bool written = contains(current, id);
  for (Index index : below(graph, revision)) {
    const std::string& row = graph.id(index);
    if (!contains(current, row)) continue;
    if (written) {
      change.remove.push_back(row);
    } else {
      change.move.emplace_back(row, id);
    }
    written = true;
  }
  if (!written) change.insert.push_back(id);
  return change;
}

HeadChange downgraded(const RevisionGraph& graph, Index revision,
                      std::span<const std::string> current) {
  const std::string& id = graph.id(revision);
  if (!contains(current, id)) {
    ErrorReport report;
    report.message = fmt::format("revision {} is undone but is not a head of the database", id);
    throw Error(std::move(report));
  }
  const std::vector<Index> candidates = below(graph, revision);
  std::vector<Index> tops;
  const auto know_tops = [&] {
    if (!tops.empty()) return;
    tops = candidates;
    for (const std::string& row : current) {
      const auto index = graph.find(row);
      if (index && *index != revision) tops.push_back(*index);
    }
  };
  std::vector<Index> exposed;
  for (Index index : candidates) {
    if (contains(current, graph.id(index))) continue;
    const bool alone = graph.children(index).size() + graph.dependents(index).size() == 1;
    if (!alone) know_tops();
    if (alone || !is_needed(graph, index, revision, tops)) exposed.push_back(index);
  }
  HeadChange change;
  if (exposed.empty()) {
    change.remove.push_back(id);
    return change;
  }
  change.move.emplace_back(id, graph.id(exposed.front()));
  for (std::size_t i = 1; i < exposed.size(); ++i) change.insert.push_back(graph.id(exposed[i]));
  return change;
}

}  // namespace

HeadChange head_change(const RevisionGraph& graph, const RevisionStep& step,
                       std::span<const std::string> current) {
  return step.direction == Direction::upgrade ? upgraded(graph, step.revision, current)
                                              : downgraded(graph, step.revision, current);
}

HeadChange change_between(std::vector<std::string> before, std::vector<std::string> after) {
  std::sort(before.begin(), before.end());
  std::sort(after.begin(), after.end());
  HeadChange change;
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(),
                      std::back_inserter(change.remove));
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                      std::back_inserter(change.insert));
  while (!change.remove.empty() && !change.insert.empty()) {
    change.move.emplace_back(std::move(change.remove.back()), std::move(change.insert.back()));
    change.remove.pop_back();
    change.insert.pop_back();
  }
  return change;
}

std::vector<std::string> heads_after(const HeadChange& change,
                                     std::span<const std::string> current) {
  std::vector<std::string> result;
  result.reserve(current.size() + change.insert.size());
  for (const std::string& row : current) {
    if (contains(change.remove, row)) continue;
    const auto moved = std::find_if(change.move.begin(), change.move.end(),
                                    [&](const auto& move) { return move.first == row; });
    result.push_back(moved == change.move.end() ? row : moved->second);
  }
  result.insert(result.end(), change.insert.begin(), change.insert.end());
  return result;
}

}  // namespace limbeck
