#include "audit/documentation.h"

#include <algorithm>
#include <fmt/format.h>

#include "audit/practices.h"

namespace limbeck {
namespace {

std::string indented(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    result += fmt::format("    {}\n", text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

std::string fenced(std::string_view text) {
  return fmt::format("```text\n{}{}```\n", printable_lines(text), text.ends_with('\n') ? "" : "\n");
}

}  // namespace

std::string audit_rules_list(const Painter& paint) {
  std::size_t width = 0;
  for (const AuditRule& rule : audit_rules()) width = std::max(width, rule.name.size());
  std::string text;
  for (const AuditRule& rule : audit_rules())
    text += fmt::format("{}  {}  {}\n", paint(Style::bold, padded(rule.name, width)),
                        padded(to_string(rule.severity), 7), rule.summary);
  return text;
}

std::string audit_rule_text(const AuditRule& rule, const Painter& paint) {
  return fmt::format("{}: {}\n\n  {}\n\n  why: {}\n  instead: {}\n\nFound in:\n\n{}\nNot in:\n\n{}",
                     paint(Style::bold, rule.name), to_string(rule.severity), rule.summary,
                     rule.why, rule.instead, indented(printable_lines(rule.fires)),
                     indented(printable_lines(rule.quiet)));
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
  for (const AuditRule& rule : audit_rules())
    text += fmt::format("\n## {}\n\n{}. {}\n\n*Instead:* {}\n\nFound in:\n\n{}\nNot in:\n\n{}",
                        rule.name, rule.summary, rule.why, rule.instead, fenced(rule.fires),
                        fenced(rule.quiet));
  return text;
}

}  // namespace limbeck
