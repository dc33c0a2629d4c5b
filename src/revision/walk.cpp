#include "revision/walk.h"

#include <algorithm>
#include <fmt/format.h>

#include "revision/graph_check.h"
#include "revision/reach.h"
#include "revision/selector_parts.h"
#include "revision/step_order.h"

namespace limbeck {
namespace {

using Index = RevisionGraph::Index;

std::vector<Index> upgrade_targets(const RevisionGraph& graph, std::string_view target,
                                   std::span<const std::string> current) {
  const SelectorParts parts = parse_selector(graph, target);
  const std::optional<Branch> branch = resolve_branch(graph, parts);
  if (!parts.steps) return resolve_symbol(graph, parts, branch, current).revisions;
  std::optional<Index> start;
  if (parts.symbol.empty()) {
    if (*parts.steps <= 0) {
      fail_selector(target, "an upgrade goes up", "use +1, or 'limbeck downgrade'");
    }
    start = current_in_branch(graph, parts, branch, resolve_current(graph, current));
  } else {
    start = resolve_start(graph, parts, branch, current);
  }
  const std::optional<Index> end = walk(graph, parts, start, branch);
  if (!end) return {};
  return {*end};
}

// Where a downgrade ends, and the branches that it is restricted to.
struct DowngradeTarget {
  std::optional<Index> revision = {};  // nothing is base
  std::optional<RevisionSet> branches = {};
};

DowngradeTarget down_from_current(const RevisionGraph& graph, const SelectorParts& parts,
                                  const std::optional<Branch>& branch,
                                  std::span<const Index> current) {
  if (*parts.steps >= 0) {
    fail_selector(parts.text, "a downgrade goes down", "use -1, or 'limbeck upgrade'");
  }
  if (current.empty()) {
    fail_selector(parts.text, "no revision is applied", "there is nothing to downgrade");
  }
  if (!branch) {
    const Index start = current.front();
    return {walk(graph, parts, start, {}), lineage(graph, start, Along::branch)};
  }
  const std::optional<Index> start = current_in_branch(graph, parts, branch, current);
  const RevisionSet active = ancestors(graph, current, Along::dependencies_too);
  const auto is_active = [&](Index index) { return active[index]; };
  if (!start ||
      std::any_of(graph.children(*start).begin(), graph.children(*start).end(), is_active)) {
    // What is applied of the lineage belongs to another branch, too, that goes on from there.
    fail_selector(parts.text, fmt::format("nothing of '{}' alone is applied", parts.branch),
                  "'limbeck current' shows where the database is");
  }
  return {walk(graph, parts, start, branch), branch->lineage};
}

DowngradeTarget downgrade_target(const RevisionGraph& graph, std::string_view target,
                                 std::span<const std::string> current,
                                 std::span<const Index> current_indexes) {
  const SelectorParts parts = parse_selector(graph, target);
  const std::optional<Branch> branch = resolve_branch(graph, parts);
  if (parts.steps && parts.symbol.empty()) {
    return down_from_current(graph, parts, branch, current_indexes);
  }
  DowngradeTarget result;
  result.revision = resolve_start(graph, parts, branch, current);
  if (parts.steps) result.revision = walk(graph, parts, result.revision, branch);
  if (branch) result.branches = branch->lineage;
  return result;
}

// The lowest revisions to undo.
std::vector<Index> downgrade_roots(const RevisionGraph& graph, const DowngradeTarget& target) {
  std::vector<Index> roots = graph.bases();
  if (target.revision) {
    const auto children = graph.children(*target.revision);
    roots.assign(children.begin(), children.end());
  }
  if (!target.branches) return roots;
  roots.erase(std::remove_if(roots.begin(), roots.end(),
                             [&](Index index) { return !(*target.branches)[index]; }),
              roots.end());
  return roots;
}

std::string joined_parents(const RevisionGraph& graph, Index index) {
  std::string text;
  for (Index parent : graph.parents(index)) {
    if (!text.empty()) text += ", ";
    text += graph.id(parent);
  }
  return text;
}

}  // namespace

std::vector<RevisionStep> upgrade_steps(const RevisionGraph& graph, std::string_view target,
                                        std::span<const std::string> current) {
  const std::vector<bool> active = applied(graph, current);
  std::vector<Index> targets;
  for (std::string_view piece : split_commas(target)) {
    const std::vector<Index> more = upgrade_targets(graph, piece, current);
    targets.insert(targets.end(), more.begin(), more.end());
  }
  RevisionSet required = ancestors(graph, targets, Along::dependencies_too);
  for (Index index = 0; index < graph.size(); ++index)
    required[index] = required[index] && !active[index];
  std::vector<RevisionStep> steps;
  for (const Index index : newest_first(graph, required))
    steps.push_back({index, Direction::upgrade});
  std::reverse(steps.begin(), steps.end());
  return steps;
}

std::vector<Index> pending_revisions(const RevisionGraph& graph,
                                     std::span<const std::string> current) {
  RevisionSet pending = applied(graph, current);
  pending.flip();
  std::vector<Index> order = newest_first(graph, pending);
  std::reverse(order.begin(), order.end());
  return order;
}

std::vector<RevisionStep> downgrade_steps(const RevisionGraph& graph, std::string_view target,
                                          std::span<const std::string> current) {
  const std::vector<Index> current_indexes = resolve_current(graph, current);
  const RevisionSet active = ancestors(graph, current_indexes, Along::dependencies_too);
  const DowngradeTarget down_to = downgrade_target(graph, target, current, current_indexes);
  if (down_to.revision && !active[*down_to.revision]) {
    fail_selector(target,
                  fmt::format("revision {} is not applied; the database is at {}",
                              graph.id(*down_to.revision),
                              current.empty() ? "base" : listed(graph, current_indexes)),
                  "a downgrade ends at a revision that is applied, or at base");
  }
  const std::vector<Index> roots = downgrade_roots(graph, down_to);
  RevisionSet above = descendants(graph, roots, Along::dependencies_too);
  for (Index index = 0; index < graph.size(); ++index) above[index] = above[index] && active[index];
  std::vector<RevisionStep> steps;
  for (const Index index : newest_first(graph, above))
    steps.push_back({index, Direction::downgrade});
  return steps;
}

bool is_ambiguous_downgrade(const RevisionGraph& graph, std::string_view target,
                            std::span<const std::string> current) {
  const SelectorParts parts = parse_selector(graph, target);
  return parts.steps && parts.symbol.empty() && parts.branch.empty() &&
         resolve_current(graph, current).size() > 1;
}

std::string step_from(const RevisionGraph& graph, const RevisionStep& step) {
  return step.direction == Direction::upgrade ? joined_parents(graph, step.revision)
                                              : graph.id(step.revision);
}

std::string step_to(const RevisionGraph& graph, const RevisionStep& step) {
  return step.direction == Direction::upgrade ? graph.id(step.revision)
                                              : joined_parents(graph, step.revision);
}

std::vector<bool> applied(const RevisionGraph& graph, std::span<const std::string> current) {
  return ancestors(graph, resolve_current(graph, current), Along::dependencies_too);
}

}  // namespace limbeck
