#include "revision/squash.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

#include "limbeck/error.h"

#include "revision/graph_check.h"
#include "revision/reach.h"

namespace limbeck {
namespace {

using Index = RevisionGraph::Index;

[[noreturn]] void refuse(std::string message, std::string hint) {
  throw Error({.code = ExitCode::usage,
               .message = std::move(message),
               .state = "nothing was written",
               .hint = std::move(hint)});
}

// No revision outside may need one within: the last one is all that stays.
void check_neighbours(const RevisionGraph& graph, const SquashRange& range,
                      const RevisionSet& inside, bool from_base) {
  for (const Index index : range.revisions) {
    const bool first = !from_base && index == range.revisions.front();
    for (const Index parent : graph.parents(index)) {
      if (first || inside[parent]) continue;
      refuse(fmt::format("revision {} within the range revises {}, which is outside of it",
                         graph.id(index), graph.id(parent)),
             fmt::format("begin the range before {} and {}, or end it before {}",
                         graph.id(range.revisions.front()), graph.id(parent), graph.id(index)));
    }
    if (index == range.last()) continue;
    for (const Index child : graph.children(index)) {
      if (inside[child]) continue;
      refuse(fmt::format("revision {}, which is outside of the range, revises {} within it",
                         graph.id(child), graph.id(index)),
             fmt::format("end the range at {}, or begin it after it", graph.id(index)));
    }
    for (const Index dependent : graph.dependents(index)) {
      if (inside[dependent]) continue;
      refuse(fmt::format("revision {}, which is outside of the range, depends on {} within it",
                         graph.id(dependent), graph.id(index)),
             fmt::format("end the range at {}, or begin it after it", graph.id(index)));
    }
  }
}

// A name that the list holds already is left out.
void add_names(const std::vector<std::string>& names, std::vector<std::string>& list) {
  for (const std::string& name : names) {
    if (std::find(list.begin(), list.end(), name) == list.end()) list.push_back(name);
  }
}

}  // namespace

SquashRange squash_range(const RevisionGraph& graph, const SelectorRange& range) {
  const bool from_base = range.from.empty() || range.from == "base";
  const Index last = select_one(graph, range.to.empty() ? "head" : range.to);
  const Index ends[] = {last};
  RevisionSet inside = ancestors(graph, ends, Along::branch);
  SquashRange result;
  std::optional<Index> first;
  if (!from_base) {
    first = select_one(graph, range.from);
    if (!inside[*first]) {
      refuse(fmt::format("revision {} does not come before {}", graph.id(*first), graph.id(last)),
             "a range goes from the older to the newer revision");
    }
    const Index begins[] = {*first};
    const RevisionSet above = descendants(graph, begins, Along::branch);
    for (std::size_t i = 0; i < inside.size(); ++i) inside[i] = inside[i] && above[i];
    result.parents = graph.at(*first).down_revisions;
  }
  for (const Index index : graph.topological_order()) {
    if (inside[index]) result.revisions.push_back(index);
  }
  if (result.revisions.size() == 1) {
    refuse(fmt::format("revision {} is alone in the range", graph.id(last)),
           "name at least two revisions: limbeck squash FIRST:LAST");
  }
  check_neighbours(graph, result, inside, from_base);
  return result;
}

std::vector<std::string> before_range(const RevisionGraph& graph, const SquashRange& range) {
  const std::set<Index> inside(range.revisions.begin(), range.revisions.end());
  std::vector<std::string> ids;
  for (const Index index : range.revisions) {
    for (const auto& neighbours : {graph.parents(index), graph.dependencies(index)}) {
      for (const Index before : neighbours) {
        if (!inside.contains(before)) add_names({graph.id(before)}, ids);
      }
    }
  }
  return ids;
}

Revision squashed_revision(const RevisionGraph& graph, const SquashRange& range,
                           const std::string& last_hash) {
  const std::set<Index> inside(range.revisions.begin(), range.revisions.end());
  Revision squash;
  squash.id = graph.id(range.last());
  squash.down_revisions = range.parents;
  squash.squashed_hashes = {last_hash};
  add_names(graph.at(range.last()).squashed_hashes, squash.squashed_hashes);
  for (const Index index : range.revisions) {
    const Revision& part = graph.at(index);
    add_names(part.labels, squash.labels);
    add_names(part.squashed.empty() ? std::vector{part.id} : part.squashed, squash.squashed);
    for (const std::string& name : part.depends_on) {
      const auto target = graph.find(name) ? graph.find(name) : graph.labelled(name);
      if (!inside.contains(*target)) add_names({name}, squash.depends_on);
    }
  }
  return squash;
}

SquashParts parts_of_squash(const Revision& squash, std::span<const Revision* const> candidates) {
  std::vector<std::size_t> order;
  const std::set<std::string_view> wanted(squash.squashed.begin(), squash.squashed.end());
  const auto is_wanted = [&](std::string_view id) { return wanted.contains(id); };
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto& parts = candidates[i]->squashed;
    if (is_wanted(candidates[i]->id) && parts.size() < wanted.size() &&
        std::all_of(parts.begin(), parts.end(), is_wanted)) {
      order.push_back(i);
    }
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return candidates[a]->squashed.size() > candidates[b]->squashed.size();
  });
  SquashParts result;
  std::set<std::string_view> covered;
  for (const std::size_t i : order) {
    const Revision& part = *candidates[i];
    if (covered.contains(part.id)) continue;
    result.found.push_back(i);
    covered.insert(part.id);
    covered.insert(part.squashed.begin(), part.squashed.end());
  }
  for (const std::string& id : squash.squashed) {
    if (!covered.contains(id)) result.missing.push_back(id);
  }
  return result;
}

}  // namespace limbeck
