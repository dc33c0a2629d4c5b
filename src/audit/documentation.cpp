#include "audit/documentation.h"

#include <fmt/format.h>
#include <vector>

#include "audit/practices.h"
#include "lint/rule_page.h"

namespace limbeck {
namespace {

std::vector<RulePage> pages() {
  std::vector<RulePage> result;
  for (const AuditRule& rule : audit_rules()) result.push_back(page_of(rule, rule.instead));
  return result;
}

}  // namespace

std::string audit_rules_list(const Painter& paint) {
  return rules_as_list(pages(), paint);
}

std::string audit_rule_text(const AuditRule& rule, const Painter& paint) {
  return rule_as_text(page_of(rule, rule.instead), paint);
}

std::string audit_rule_markdown(const AuditRule& rule) {
  return rule_as_section(page_of(rule, rule.instead), "text");
}

std::string audit_rules_markdown() {
  std::string text = fmt::format(
      "There are {} rules, in the order in which their findings are to be mended. The two examples "
      "of each are run as tests: a line \"=== NAME\" begins a file of the project, \"=== limbeck "
      "COMMAND\" is a command that is run then, and \"=== in the database\" is SQL that somebody "
      "ran "
      "there by hand.\n\n",
      audit_rules().size());
  text += "| rule | severity | what it finds |\n|---|---|---|\n";
  for (const AuditRule& rule : audit_rules())
    text += fmt::format("| [`{0}`](#{0}) | {1} | {2} |\n", rule.name, to_string(rule.severity),
                        rule.summary);
  text += "\nAnd so many practices that are named where a project follows them:\n\n";
  for (const Practice& practice : practices())
    text += fmt::format("- `{}`: {}\n", practice.name, practice.summary);
  text += rules_as_sections(pages(), "text");
  return text;
}

}  // namespace limbeck
