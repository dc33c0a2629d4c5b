#include "audit/audit.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "audit/practices.h"
#include "base/terminal.h"

namespace limbeck {
namespace {

constexpr std::size_t most_named = 6;

Finding finding_of(const AuditRule& rule, AuditHit hit, Severity severity) {
  Finding finding{.rule = std::string(rule.name),
                  .severity = hit.severity.value_or(severity),
                  .certainty = hit.certainty,
                  .place = std::move(hit.place),
                  .revision = std::move(hit.revision),
                  .message = printable(hit.message),
                  .object = std::move(hit.object),
                  .why = std::string(rule.why),
                  .rewrite = printable(hit.instead.empty() ? rule.instead : hit.instead)};
  finding.fingerprint = fingerprint_of(finding);
  return finding;
}

// "a, b, c and 33 more"
std::string named(std::span<const Finding> findings) {
  std::vector<std::string> names;
  for (const Finding& finding : findings)
    if (!finding.object.empty() &&
        std::find(names.begin(), names.end(), finding.object) == names.end())
      names.push_back(finding.object);
  const std::size_t shown = names.size() > most_named + 1 ? most_named : names.size();
  const std::size_t more = names.size() - shown;
  names.resize(shown);
  std::string text = printable(fmt::format("{}", fmt::join(names, ", ")));
  if (more > 0) text += fmt::format(" and {} more", more);
  return text;
}

AuditAction action_of(const AuditRule& rule, std::span<const Finding> findings) {
  AuditAction action{.rule = std::string(rule.name),
                     .text = std::string(rule.action),
                     .findings = findings.size()};
  action.severity = Severity::off;
  for (const Finding& finding : findings)
    action.severity = std::max(action.severity, finding.severity);
  const std::size_t place = action.text.find("{}");
  if (place != std::string::npos) action.text.replace(place, 2, named(findings));
  return action;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::sound:
      return "sound";
    case Verdict::flawed:
      return "flawed";
    case Verdict::unsound:
      break;
  }
  return "unsound";
}

std::span<const AuditRule> audit_rules() {
  static const std::vector<AuditRule> all = [] {
    std::vector<AuditRule> rules;
    for (const auto& part : {graph_audit_rules(), shape_audit_rules(), script_audit_rules(),
                             revision_audit_rules(), database_audit_rules(), declared_audit_rules(),
                             declared_type_audit_rules(), declared_object_audit_rules()})
      rules.insert(rules.end(), part.begin(), part.end());
    return rules;
  }();
  return all;
}

const AuditRule* find_audit_rule(std::string_view name) {
  const auto all = audit_rules();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const AuditRule& rule) { return rule.name == name; });
  return found == all.end() ? nullptr : &*found;
}

AuditReport audit(const AuditFacts& facts, const std::map<std::string, Severity>& severities) {
  AuditReport report;
  for (const AuditRule& rule : audit_rules()) {
    const auto set = severities.find(std::string(rule.name));
    const Severity severity = set == severities.end() ? rule.severity : set->second;
    if (severity == Severity::off) continue;
    const std::size_t before = report.findings.size();
    for (AuditHit& hit : rule.check(facts))
      report.findings.push_back(finding_of(rule, std::move(hit), severity));
    if (report.findings.size() == before) continue;
    AuditAction action = action_of(rule, std::span(report.findings).subspan(before));
    if (action.severity > Severity::notice) report.actions.push_back(std::move(action));
  }
  std::stable_sort(
      report.actions.begin(), report.actions.end(),
      [](const AuditAction& one, const AuditAction& two) { return one.severity > two.severity; });
  for (const Practice& practice : practices())
    if (std::string text = practice.said(facts); !text.empty())
      report.good.push_back({std::string(practice.name), std::move(text)});
  if (!report.actions.empty())
    report.verdict =
        report.actions.front().severity == Severity::error ? Verdict::unsound : Verdict::flawed;
  return report;
}

}  // namespace limbeck
