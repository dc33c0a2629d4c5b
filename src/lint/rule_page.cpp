#include "lint/rule_page.h"

#include <algorithm>
#include <fmt/format.h>

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

}  // namespace

std::string rules_as_list(std::span<const RulePage> rules, const Painter& paint) {
  std::size_t width = 0;
  for (const RulePage& rule : rules) width = std::max(width, rule.name.size());
  std::string text;
  for (const RulePage& rule : rules)
    text += fmt::format("{}  {}  {}\n", paint(Style::bold, padded(rule.name, width)),
                        padded(to_string(rule.severity), 7), rule.summary);
  return text;
}

std::string rule_as_text(const RulePage& rule, const Painter& paint) {
  const std::string database = rule.database.empty() ? "" : fmt::format(" ({})", rule.database);
  return fmt::format(
      "{}: {}\n\n  {}{}\n\n  why: {}\n  instead: {}\n\nFound in:\n\n{}\nNot in:\n\n{}",
      paint(Style::bold, rule.name), to_string(rule.severity), rule.summary, database, rule.why,
      rule.instead, indented(printable_lines(rule.fires)), indented(printable_lines(rule.quiet)));
}

std::string rules_as_sections(std::span<const RulePage> rules, std::string_view language) {
  std::string text;
  for (const RulePage& rule : rules)
    text += fmt::format("\n## {}\n\n{}. {}\n\n*Instead:* {}\n\nFound in:\n\n{}\nNot in:\n\n{}",
                        rule.name, rule.summary, rule.why, rule.instead,
                        fenced(rule.fires, language), fenced(rule.quiet, language));
  return text;
}

std::string rule_as_section(const RulePage& rule, std::string_view language) {
  return rules_as_sections({&rule, 1}, language).substr(1);  // without the blank line above it
}

std::string fenced(std::string_view text, std::string_view language) {
  return fmt::format("```{}\n{}{}```\n", language, printable_lines(text),
                     text.ends_with('\n') ? "" : "\n");
}

}  // namespace limbeck
