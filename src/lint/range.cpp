#include "lint/range.h"

#include <algorithm>

#include "revision/selector_parts.h"

namespace limbeck {
namespace {

std::vector<std::string> ids_of(const RevisionGraph& graph,
                                const std::vector<RevisionStep>& steps) {
  std::vector<std::string> ids;
  for (const RevisionStep& step : steps) ids.push_back(graph.id(step.revision));
  return ids;
}

}  // namespace

LintRange pending_range(const RevisionGraph& graph, std::span<const std::string> current) {
  const std::vector<bool> there = applied(graph, current);
  LintRange result;
  for (const RevisionStep& step : upgrade_steps(graph, "heads", {}))
    (there[step.revision] ? result.before : result.range).push_back(step);
  return result;
}

bool is_at(const RevisionGraph& graph, std::span<const std::string> current,
           const LintRange& range) {
  const std::vector<bool> there = applied(graph, current);
  const auto count = std::count(there.begin(), there.end(), true);
  return static_cast<std::size_t>(count) == range.before.size() &&
         std::all_of(range.before.begin(), range.before.end(),
                     [&](const RevisionStep& step) { return there[step.revision]; });
}

namespace {

// The other way round there is nothing to look at, and nothing found would be no answer.
void refuse_reversed(const RevisionGraph& graph, std::span<const RevisionStep> before,
                     std::string_view selector, const std::string& to) {
  const std::vector<RevisionStep> leading = upgrade_steps(graph, to, {});
  if (leading.size() == before.size()) return;  // from a revision to itself
  fail_selector(selector, "it leads backwards: its end comes before its beginning",
                "write the earlier revision first: FROM:TO");
}

}  // namespace

LintRange named_range(const RevisionGraph& graph, std::string_view selector) {
  LintRange result;
  if (const auto range = split_range(selector)) {
    const std::string from(range->from);
    if (!from.empty() && from != "base") result.before = upgrade_steps(graph, from, {});
    const std::vector<std::string> applied_ids = ids_of(graph, result.before);
    const std::vector<bool> there = applied(graph, applied_ids);
    const std::string to = range->to.empty() ? "heads" : std::string(range->to);
    for (const RevisionStep& step : upgrade_steps(graph, to, {}))
      if (!there[step.revision]) result.range.push_back(step);
    if (result.range.empty()) refuse_reversed(graph, result.before, selector, to);
    return result;
  }
  result.before = upgrade_steps(graph, selector, {});
  if (!result.before.empty()) {
    result.range.push_back(result.before.back());
    result.before.pop_back();
  }
  return result;
}

}  // namespace limbeck
