#include "lint/observation.h"

#include <algorithm>

#include "lint/rule_parts.h"

namespace limbeck {
namespace {

bool does_the_same(const TableImpact& observed, Duration duration) {
  switch (duration) {
    case Duration::rewrite:
      return observed.rewrite;
    case Duration::index_build:
      return observed.index_build || observed.rewrite;
    case Duration::scan:
      return observed.scan || observed.foreign_key_scan || observed.rewrite;
    default:
      return true;
  }
}

bool was_seen(const Finding& finding, const Impacts& observed) {
  return std::any_of(observed.begin(), observed.end(), [&](const auto& each) {
    return does_the_same(each.second, finding.duration) &&
           (finding.duration != Duration::instant || shown(each.first) == finding.object);
  });
}

}  // namespace

void prove(std::vector<Finding>& findings, std::size_t first, const Impacts& observed,
           const StatementEffects& foreseen, bool alone) {
  const auto begin = findings.begin() + static_cast<std::ptrdiff_t>(first);
  std::for_each(begin, findings.end(), [&](Finding& it) {
    if (it.duration != Duration::none && was_seen(it, observed)) it.certainty = Certainty::proved;
  });
  if (alone || foreseen.impacts.empty()) return;  // not all is seen
  findings.erase(std::remove_if(begin, findings.end(),
                                [](const Finding& it) {
                                  return it.duration > Duration::instant &&
                                         it.certainty != Certainty::proved;
                                }),
                 findings.end());
}

std::optional<Unforeseen> unforeseen(const std::vector<Finding>& findings, std::size_t first,
                                     const Impacts& observed, const RevisionPast& past) {
  const bool foreseen =
      std::any_of(findings.begin() + static_cast<std::ptrdiff_t>(first), findings.end(),
                  [](const Finding& it) { return it.duration >= Duration::scan; });
  if (foreseen) return std::nullopt;
  for (const auto& [table, impact] : observed) {
    if (!impact.is_long() || impact.lock < LockLevel::share || past.created.count(table) != 0)
      continue;
    return Unforeseen{.hit = hit("this {} {} under a lock against {}",
                                 impact.rewrite       ? "writes all of"
                                 : impact.index_build ? "builds an index of"
                                                      : "reads all of",
                                 shown(table), blocked_by(impact.lock)),
                      .effect = {.table = table, .impact = impact}};
  }
  return std::nullopt;
}

}  // namespace limbeck
