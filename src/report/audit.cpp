#include "report/audit.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <set>

#include "base/counted.h"
#include "base/json_writer.h"
#include "report/diagnosis.h"
#include "report/findings.h"

namespace limbeck {
namespace {

// So many findings of a rule are listed; more with all.
constexpr std::size_t most_listed = 50;
constexpr int head_width = 11;

std::vector<std::string> head_ids(const AuditFacts& facts) {
  std::vector<std::string> ids;
  for (const RevisionGraph::Index head : facts.graph.real_heads())
    ids.push_back(facts.graph.id(head));
  return ids;
}

std::size_t count_applied(const AuditFacts& facts) {
  return static_cast<std::size_t>(std::count(facts.applied.begin(), facts.applied.end(), true));
}

std::string revisions_line(const AuditFacts& facts) {
  const std::vector<std::string> heads = head_ids(facts);
  std::string text = std::to_string(facts.graph.size());
  if (!heads.empty())
    text += fmt::format(", {} {}", heads.size() == 1 ? "head" : "heads", fmt::join(heads, ", "));
  return printable(text);
}

std::string database_line(const AuditFacts& facts) {
  if (facts.unreachable) return "not reached";
  if (!facts.database) return "not asked";
  const std::vector<std::string>& current = facts.database->state.current;
  if (facts.database->missing_file)
    return printable(fmt::format("{}, not there yet: 0 of {} revisions applied",
                                 facts.database->url, facts.graph.size()));
  return printable(fmt::format(
      "{}, {}: at {}, {} of {} revisions applied", facts.database->url, facts.database->version,
      current.empty() ? std::string("<base>") : fmt::format("{}", fmt::join(current, ", ")),
      count_applied(facts), facts.graph.size()));
}

std::string running_line(const AuditFacts& facts) {
  if (!facts.database || !facts.database->running) return {};
  return printable(describe(*facts.database->running));
}

// "sqlmodel (12), base (44)"
std::string declared_line(const AuditFacts& facts) {
  if (facts.declared_fault) return "cannot be read";
  if (!facts.declared) return "nothing";
  std::map<std::string, std::size_t> sets;
  std::set<RelationName> tables;
  for (const Claim& claim : facts.declared->claims) {
    tables.insert(claim.table);
    if (!claim.set.empty()) ++sets[claim.set];
  }
  std::string text = counted(tables.size(), "table");
  std::vector<std::string> parts;
  for (const auto& [name, size] : sets)
    parts.push_back(fmt::format("{} in the set {}", size, printable(name)));
  if (!parts.empty()) text += fmt::format(": {}", fmt::join(parts, ", "));
  return text;
}

std::string scripts_line(const AuditFacts& facts) {
  std::map<HowRun, std::size_t> ways;
  for (const RevisionFacts& revision : facts.revisions)
    if (revision.is_script) ++ways[revision.up.how];
  std::vector<std::string> parts;
  for (const auto& [how, count] : ways)
    parts.push_back(fmt::format("{} {}", count, to_string(how)));
  return fmt::format("{}", fmt::join(parts, ", "));
}

void append_row(std::string& text, const Painter& paint, std::string_view name,
                std::string_view content) {
  if (content.empty()) return;
  text += paint(Style::dim, padded(name, head_width)) + std::string(content) + "\n";
}

std::string place_text(const Place& place) {
  return place.line > 0 ? fmt::format("{}:{}", printable(place.file), place.line)
                        : printable(place.file);
}

// One rule's findings.
std::string group_text(std::span<const Finding> findings, const Painter& paint, bool all) {
  const Finding& first = findings.front();
  Severity severity = first.severity;
  for (const Finding& finding : findings) severity = std::max(severity, finding.severity);
  const AuditRule* const rule = find_audit_rule(first.rule);
  std::string text =
      fmt::format("{}: {} [{}]{}\n", paint(style_of(severity), to_string(severity)), rule->summary,
                  paint(Style::bold, first.rule),
                  findings.size() > 1 ? fmt::format(", {} times", findings.size()) : std::string());
  text += fmt::format("  why: {}\n", first.why);
  const bool same = std::all_of(findings.begin(), findings.end(),
                                [&](const Finding& it) { return it.rewrite == first.rewrite; });
  if (same) text += fmt::format("  instead: {}\n", first.rewrite);
  const std::size_t shown =
      all || findings.size() <= most_listed + 1 ? findings.size() : most_listed;
  for (const Finding& finding : findings.first(shown)) {
    text += fmt::format("  - {}\n", finding.message);
    if (!finding.place.file.empty())
      text += fmt::format("    {}\n", paint(Style::dim, "--> " + place_text(finding.place)));
    if (!same) text += fmt::format("    instead: {}\n", finding.rewrite);
  }
  if (shown < findings.size())
    text += fmt::format("  ... and {} more (-v lists all)\n", findings.size() - shown);
  return text + "\n";
}

std::string findings_by_rule(std::span<const Finding> findings, const Painter& paint, bool all) {
  std::string text;
  while (!findings.empty()) {
    std::size_t end = 1;
    while (end < findings.size() && findings[end].rule == findings.front().rule) ++end;
    text += group_text(findings.first(end), paint, all);
    findings = findings.subspan(end);
  }
  return text;
}

std::size_t count_severity(const AuditReport& report, Severity severity) {
  return static_cast<std::size_t>(
      std::count_if(report.findings.begin(), report.findings.end(),
                    [&](const Finding& it) { return it.severity == severity; }));
}

std::string verdict_line(const AuditReport& report, const Painter& paint) {
  const Style style = report.verdict == Verdict::sound    ? Style::green
                      : report.verdict == Verdict::flawed ? Style::yellow
                                                          : Style::red;
  return fmt::format("verdict: {} ({}, {}, {})\n", paint(style, to_string(report.verdict)),
                     counted(count_severity(report, Severity::error), "error"),
                     counted(count_severity(report, Severity::warning), "warning"),
                     counted(count_severity(report, Severity::notice), "notice"));
}

void write_scripts(const AuditFacts& facts, JsonWriter& json) {
  json.key("scripts").begin_array();
  for (const RevisionFacts& revision : facts.revisions) {
    if (!revision.is_script) continue;
    const auto why = [](const DirectionFacts& way) {
      if (way.fault) return way.fault->message;
      return way.how == HowRun::recorded ? std::string() : way.because;
    };
    json.begin_object().member("id", revision.revision.id).member("file", revision.path.string());
    json.member("upgrade", to_string(revision.up.how));
    json.optional_member("upgrade_because", why(revision.up));
    json.member("downgrade", to_string(revision.down.how));
    json.optional_member("downgrade_because", why(revision.down));
    json.end_object();
  }
  json.end_array();
}

void write_database(const AuditFacts& facts, JsonWriter& json) {
  json.key("database");
  if (!facts.database) {
    json.null();
    return;
  }
  json.begin_object().member("url", facts.database->url);
  json.member("exists", !facts.database->missing_file);
  json.member("server_version", facts.database->version);
  json.member("current", facts.database->state.current);
  write_running(facts.database->running, json.key("running"));
  json.member("applied", count_applied(facts)).end_object();
}

void write_declared(const AuditFacts& facts, JsonWriter& json) {
  json.key("declared");
  if (!facts.declared) {
    json.null();
    return;
  }
  json.begin_array();
  for (const Claim& claim : facts.declared->claims) {
    json.begin_object().member("table", shown_name(claim.table));
    json.optional_member("set", claim.set).optional_member("struct", claim.struct_name);
    json.member("file", claim.place.file).member("line", claim.place.line).end_object();
  }
  json.end_array();
}

}  // namespace

std::string audit_text(const AuditFacts& facts, const AuditReport& report, const Painter& paint,
                       bool all) {
  std::string text;
  append_row(text, paint, "project", printable(facts.project->file.string()));
  append_row(text, paint, "revisions", revisions_line(facts));
  append_row(text, paint, "scripts", scripts_line(facts));
  append_row(text, paint, "database", database_line(facts));
  append_row(text, paint, "running", running_line(facts));
  append_row(text, paint, "declared", declared_line(facts));
  text += "\n" + findings_by_rule(report.findings, paint, all);
  if (!report.good.empty()) {
    text += paint(Style::bold, "what is good") + "\n";
    for (const GoodPractice& it : report.good)
      text += fmt::format("  - {} [{}]\n", printable(it.text), it.name);
    text += "\n";
  }
  if (!facts.not_looked_at.empty()) {
    text += paint(Style::bold, "not looked at") + "\n";
    for (const std::string& it : facts.not_looked_at)
      text += fmt::format("  - {}\n", printable(it));
    text += "\n";
  }
  text += verdict_line(report, paint);
  if (report.actions.empty()) return text;
  text += "\n" + paint(Style::bold, "what to do, in this order") + "\n";
  std::size_t number = 0;
  for (const AuditAction& action : report.actions)
    text += fmt::format("{:3}. {} [{}]\n", ++number, action.text, action.rule);
  return text;
}

std::string audit_json(const AuditFacts& facts, const AuditReport& report) {
  JsonWriter json;
  json.begin_object().member("verdict", to_string(report.verdict));
  json.member("project", facts.project->file.string()).member("dialect", facts.dialect);
  json.member("revisions", facts.graph.size()).member("heads", head_ids(facts));
  write_database(facts, json);
  write_declared(facts, json);
  write_scripts(facts, json);
  json.key("findings");
  write_findings(json, report.findings, audit_rules_page);
  json.key("good").begin_array();
  for (const GoodPractice& it : report.good)
    json.begin_object().member("name", it.name).member("text", it.text).end_object();
  json.end_array().member("not_looked_at", facts.not_looked_at);
  json.key("actions").begin_array();
  for (const AuditAction& action : report.actions) {
    json.begin_object().member("rule", action.rule).member("severity", to_string(action.severity));
    json.member("findings", action.findings).member("text", action.text).end_object();
  }
  json.end_array().end_object();
  return json.text() + "\n";
}

}  // namespace limbeck
