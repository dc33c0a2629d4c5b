// Findings for people and for programs: text, JSON, SARIF, and the annotations of GitHub.
//
// It never judges: what is a finding, and how serious, its maker has said.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "base/terminal.h"
#include "lint/finding.h"

namespace limbeck {

// What a rule says beside its findings: for SARIF.
struct FindingRule {
  std::string_view name = {};
  std::string_view summary = {};
  std::string_view why = {};
  Severity severity = Severity::warning;
  std::string page = {};  // its section of the documentation, in Markdown
};

// The colour of its word.
Style style_of(Severity severity);

// Each with its place, the line, what happens, and what to write in its place.
std::string findings_text(std::span<const Finding> findings, const Painter& paint);

// A line for each that is at least a warning, the most serious first, and what there is besides;
// empty when there is none.
std::string findings_short(std::span<const Finding> findings, const Painter& paint);

// The page of the documentation with a section for each rule.
inline constexpr std::string_view lint_rules_page = "docs/lint-rules.md";
inline constexpr std::string_view audit_rules_page = "docs/audit-rules.md";

// An array. page: each says which section of it is about its rule; empty: none is.
void write_findings(JsonWriter& json, std::span<const Finding> findings, std::string_view page);

// SARIF 2.1.0. folder: paths are given relative to it.
std::string findings_sarif(std::span<const Finding> findings, std::span<const FindingRule> rules,
                           const std::string& folder);

// A "::error file=...,line=...::" line for each.
std::string findings_github(std::span<const Finding> findings, const std::string& folder);

}  // namespace limbeck
