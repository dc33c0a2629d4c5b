// Stamps: which rows of the version table give way to the targets.
#include <optional>
#include <utility>

#include "revision/reach.h"
#include "revision/selector_parts.h"
#include "revision/walk.h"

namespace limbeck {
namespace {

using Index = RevisionGraph::Index;

// What a stamp is asked for: branches to empty, then revisions to set.
struct StampTargets {
  std::vector<RevisionSet> emptied = {};
  std::vector<Index> revisions = {};
};

void add_target(const RevisionGraph& graph, std::string_view text,
                std::span<const std::string> current, StampTargets& targets) {
  const SelectorParts parts = parse_selector(graph, text);
  const std::optional<Branch> branch = resolve_branch(graph, parts);
  Selection selection;
  std::optional<Index> start;
  if (parts.steps) {
    start = parts.symbol.empty()
                ? current_in_branch(graph, parts, branch, resolve_current(graph, current))
                : resolve_start(graph, parts, branch, current);
    const std::optional<Index> end = walk(graph, parts, start, branch);
    if (end) selection.revisions.push_back(*end);
    selection.base = !end;
  } else {
    selection = resolve_symbol(graph, parts, branch, current);
  }
  for (Index index : selection.revisions) targets.revisions.push_back(index);
  if (!selection.base) return;
  if (branch) start = branch->revision;
  targets.emptied.push_back(start ? lineage(graph, *start, Along::dependencies_too)
                                  : RevisionSet(graph.size(), true));
}

// Without those that come before another one, and each once.
std::vector<Index> highest(const RevisionGraph& graph, const std::vector<Index>& revisions) {
  std::vector<Index> below;
  for (Index index : revisions) {
    const auto parents = graph.parents(index);
    const auto needed = graph.dependencies(index);
    below.insert(below.end(), parents.begin(), parents.end());
    below.insert(below.end(), needed.begin(), needed.end());
  }
  RevisionSet covered = ancestors(graph, below, Along::dependencies_too);
  std::vector<Index> result;
  for (Index index : revisions) {
    if (covered[index]) continue;
    covered[index] = true;
    result.push_back(index);
  }
  return result;
}

// Empties heads of what gives way to the target, which takes its place. Nothing when the target
// stands alone already.
std::optional<StampStep> stamp_to(const RevisionGraph& graph, Index target,
                                  std::vector<Index>& heads) {
  const Index start[] = {target};
  const RevisionSet below = ancestors(graph, start, Along::dependencies_too);
  const RevisionSet above = descendants(graph, start, Along::dependencies_too);
  StampStep step;
  step.to.push_back(graph.id(target));
  bool written = false;
  std::vector<Index> kept;
  for (Index head : heads) {
    if (head == target) written = true;
    if (head == target || (!below[head] && !above[head])) {
      kept.push_back(head);
      continue;
    }
    if (above[head]) step.direction = Direction::downgrade;
    step.from.push_back(graph.id(head));
  }
  if (written && step.from.empty()) return std::nullopt;
  if (written) {
    step.change.remove = step.from;
  } else if (step.from.empty()) {
    step.change.insert = step.to;
  } else {
    step.change.move.emplace_back(step.from.front(), step.to.front());
    step.change.remove.assign(step.from.begin() + 1, step.from.end());
  }
  if (!written) kept.push_back(target);
  heads = std::move(kept);
  return step;
}

}  // namespace

std::vector<StampStep> stamp_steps(const RevisionGraph& graph, std::span<const std::string> targets,
                                   std::span<const std::string> current) {
  StampTargets wanted;
  for (const std::string& text : targets) {
    for (std::string_view piece : split_commas(text)) add_target(graph, piece, current, wanted);
  }
  std::vector<Index> heads = resolve_current(graph, current);
  std::vector<StampStep> steps;
  for (const RevisionSet& emptied : wanted.emptied) {
    std::vector<Index> kept;
    for (Index head : heads) {
      if (!emptied[head]) {
        kept.push_back(head);
        continue;
      }
      HeadChange change;
      change.remove.push_back(graph.id(head));
      steps.push_back({{graph.id(head)}, {}, std::move(change), Direction::downgrade});
    }
    heads = std::move(kept);
  }
  for (Index target : highest(graph, wanted.revisions)) {
    if (auto step = stamp_to(graph, target, heads)) steps.push_back(std::move(*step));
  }
  return steps;
}

}  // namespace limbeck
