#include "revision/selector.h"

#include <algorithm>
#include <fmt/format.h>

#include "limbeck/error.h"

#include "revision/graph_check.h"
#include "revision/selector_parts.h"

namespace limbeck {
namespace {

using Index = RevisionGraph::Index;

void add(Selection& selection, const Selection& more) {
  selection.base = selection.base || more.base;
  for (Index index : more.revisions) {
    const auto end = selection.revisions.end();
    if (std::find(selection.revisions.begin(), end, index) == end) {
      selection.revisions.push_back(index);
    }
  }
}

Selection selection_of(std::optional<Index> revision) {
  if (!revision) return {{}, true};
  return {{*revision}, false};
}

Selection select_single(const RevisionGraph& graph, std::string_view text,
                        std::span<const std::string> current) {
  const SelectorParts parts = parse_selector(graph, text);
  const std::optional<Branch> branch = resolve_branch(graph, parts);
  if (!parts.steps) return resolve_symbol(graph, parts, branch, current);
  const std::optional<Index> start =
      parts.symbol.empty()
          ? current_in_branch(graph, parts, branch, resolve_current(graph, current))
          : resolve_start(graph, parts, branch, current);
  return selection_of(walk(graph, parts, start, branch));
}

// One side of a range. others: the revisions of the other side, from which a relative one counts.
Selection select_side(const RevisionGraph& graph, std::string_view text, const Selection& other,
                      std::span<const std::string> current) {
  Selection selection;
  for (std::string_view piece : split_commas(text)) {
    const SelectorParts parts = parse_selector(graph, piece);
    const std::optional<Branch> branch = resolve_branch(graph, parts);
    if (!parts.steps) {
      add(selection, resolve_symbol(graph, parts, branch, current));
    } else if (!parts.symbol.empty()) {
      const auto start = resolve_start(graph, parts, branch, current);
      add(selection, selection_of(walk(graph, parts, start, branch, PastTheEnd::stop)));
    } else {
      std::vector<std::optional<Index>> starts(other.revisions.begin(), other.revisions.end());
      if (starts.empty()) starts.emplace_back();
      for (const auto& start : starts) {
        if (branch && start && !branch->lineage[*start]) continue;
        add(selection, selection_of(walk(graph, parts, start, branch, PastTheEnd::stop)));
      }
    }
  }
  // Base beside revisions: everything below them is meant as well.
  if (selection.base) selection.revisions.clear();
  return selection;
}

bool is_relative_alone(const RevisionGraph& graph, std::string_view text) {
  if (text.find(',') != std::string_view::npos) return false;
  const SelectorParts parts = parse_selector(graph, text);
  return parts.steps && parts.symbol.empty();
}

// In label@...:heads the heads of that branch are meant.
void keep_branch_of(const RevisionGraph& graph, std::string_view from, Selection& upper) {
  if (from.find(',') != std::string_view::npos) return;
  const auto branch = resolve_branch(graph, parse_selector(graph, from));
  if (!branch) return;
  auto& revisions = upper.revisions;
  revisions.erase(std::remove_if(revisions.begin(), revisions.end(),
                                 [&](Index index) { return !branch->lineage[index]; }),
                  revisions.end());
}

}  // namespace

Selection select(const RevisionGraph& graph, std::string_view selector,
                 std::span<const std::string> current) {
  Selection selection;
  for (std::string_view piece : split_commas(selector)) {
    add(selection, select_single(graph, piece, current));
  }
  if (selection.base && !selection.revisions.empty()) {
    fail_selector(selector, "base and a revision cannot be selected together", "name one of them");
  }
  return selection;
}

std::vector<Index> select_files(const RevisionGraph& graph, std::string_view selector,
                                std::span<const std::string> current) {
  Selection selection = select(graph, selector, current);
  if (selection.revisions.empty())
    throw Error({.code = ExitCode::usage,
                 .message = fmt::format("{} is no revision: it has no file", selector),
                 .hint = "name one that 'limbeck history' lists"});
  return std::move(selection.revisions);
}

Index select_one(const RevisionGraph& graph, std::string_view selector,
                 std::span<const std::string> current) {
  const Selection selection = select(graph, selector, current);
  if (selection.revisions.size() > 1) {
    fail_selector(selector,
                  fmt::format("it is several revisions: {}", listed(graph, selection.revisions)),
                  "choose one with its id or with 'label@head'; 'limbeck merge heads' joins heads");
  }
  if (selection.base) {
    fail_selector(selector, "base is the empty database, not a revision", "name a revision");
  }
  if (selection.revisions.empty()) {
    fail_selector(selector, "there are no revisions yet",
                  "'limbeck revision -m \"...\"' makes the first one");
  }
  return selection.revisions.front();
}

std::optional<SelectorRange> split_range(std::string_view selector) {
  const std::size_t colon = selector.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view to = selector.substr(colon + 1);
  if (to.find(':') != std::string_view::npos) {
    fail_selector(selector, "a range has one colon", "write start:end");
  }
  return SelectorRange{std::string(selector.substr(0, colon)), std::string(to)};
}

std::vector<std::string> start_heads(const RevisionGraph& graph, std::string_view from) {
  std::vector<std::string> ids;
  if (from.empty()) return ids;
  for (Index index : select(graph, from).revisions) ids.push_back(graph.id(index));
  return ids;
}

std::vector<Index> select_range(const RevisionGraph& graph, const SelectorRange& range,
                                std::span<const std::string> current) {
  const std::string_view from = range.from.empty() ? "base" : std::string_view(range.from);
  const std::string_view to = range.to.empty() ? "heads" : std::string_view(range.to);
  Selection lower;
  Selection upper;
  if (is_relative_alone(graph, from) && is_relative_alone(graph, to)) {
    fail_selector(range.from + ':' + range.to, "both sides are relative to each other",
                  "name a revision on one side, or 'current'");
  } else if (is_relative_alone(graph, from)) {
    upper = select_side(graph, to, {}, current);
    lower = select_side(graph, from, upper, current);
  } else {
    lower = select_side(graph, from, {}, current);
    upper = select_side(graph, to, lower, current);
  }
  keep_branch_of(graph, from, upper);

  RevisionSet wanted = ancestors(graph, upper.revisions, Along::dependencies_too);
  for (Index index : lower.revisions) {
    if (wanted[index]) continue;
    fail_selector(range.from + ':' + range.to,
                  fmt::format("revision {} does not come before {}", graph.id(index),
                              upper.base ? "base" : listed(graph, upper.revisions)),
                  "a range goes from the older to the newer revision");
  }
  if (!lower.revisions.empty()) {
    const RevisionSet above = descendants(graph, lower.revisions, Along::branch);
    for (std::size_t i = 0; i < wanted.size(); ++i) wanted[i] = wanted[i] && above[i];
    for (Index index : lower.revisions) wanted[index] = true;
  }
  std::vector<Index> result;
  const auto order = graph.topological_order();
  std::copy_if(order.rbegin(), order.rend(), std::back_inserter(result),
               [&](Index index) { return wanted[index]; });
  return result;
}

}  // namespace limbeck
