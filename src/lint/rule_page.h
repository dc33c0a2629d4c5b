// A rule of a check as people read it: in a list, alone, and as a section of the documentation.
//
// It knows no rule: src/lint and src/audit say what stands in theirs.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/terminal.h"
#include "lint/finding.h"

namespace limbeck {

struct RulePage {
  std::string_view name = {};
  std::string_view database = {};  // for which it is; empty: not said
  Severity severity = Severity::warning;
  std::string_view summary = {};
  std::string_view why = {};
  std::string_view instead = {};
  std::string_view fires = {};  // an example in which it is found
  std::string_view quiet = {};  // one in which it is not
};

// Of a rule of either table, which differ in what they call what is to be done.
template <class Rule>
RulePage page_of(const Rule& rule, std::string_view instead, std::string_view database = {}) {
  return {.name = rule.name,
          .database = database,
          .severity = rule.severity,
          .summary = rule.summary,
          .why = rule.why,
          .instead = instead,
          .fires = rule.fires,
          .quiet = rule.quiet};
}

// A line for each.
std::string rules_as_list(std::span<const RulePage> rules, const Painter& paint);
std::string rule_as_text(const RulePage& rule, const Painter& paint);

// A section in Markdown for each. language: of the examples.
std::string rules_as_sections(std::span<const RulePage> rules, std::string_view language);
// One of them alone.
std::string rule_as_section(const RulePage& rule, std::string_view language);
// An example in Markdown.
std::string fenced(std::string_view text, std::string_view language);

}  // namespace limbeck
