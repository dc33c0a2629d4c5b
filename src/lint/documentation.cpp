#include "lint/documentation.h"

#include <algorithm>
#include <fmt/format.h>

namespace limbeck {
namespace {

std::string_view database_of(const LintRule& rule) {
  if (rule.dialect == "postgresql") return "PostgreSQL";
  if (rule.dialect == "sqlite") return "SQLite";
  return "every database";
}

std::string indented(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    result += fmt::format("    {}\n", text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

std::string fenced(std::string_view sql) {
  return fmt::format("```sql\n{}{}```\n", printable_lines(sql), sql.ends_with('\n') ? "" : "\n");
}

}  // namespace

std::string rules_list(const Painter& paint) {
  std::size_t width = 0;
  for (const LintRule& rule : rules()) width = std::max(width, rule.name.size());
  std::string text;
  for (const LintRule& rule : rules())
    text += fmt::format("{}  {}  {}\n", paint(Style::bold, padded(rule.name, width)),
                        padded(to_string(rule.severity), 7), rule.summary);
  return text;
}

std::string rule_text(const LintRule& rule, const Painter& paint) {
  return fmt::format(
      "{}: {}\n\n  {} ({})\n\n  why: {}\n  instead: {}\n\nFound in:\n\n{}\nNot in:\n\n{}",
      paint(Style::bold, rule.name), to_string(rule.severity), rule.summary, database_of(rule),
      rule.why, rule.rewrite, indented(printable_lines(rule.fires)),
      indented(printable_lines(rule.quiet)));
}

std::string rules_markdown() {
  std::string text = fmt::format(
      "There are {} rules. What is said of each is checked: its two examples are run as tests, and "
      "what it says of locks is compared with what a server does.\n\nThe examples for PostgreSQL "
      "stand on this schema:\n\n{}\nThose for SQLite on this one:\n\n{}\n",
      rules().size(), fenced(example_schema("postgresql")), fenced(example_schema("sqlite")));
  text += "| rule | severity | database | what it finds |\n|---|---|---|---|\n";
  for (const LintRule& rule : rules())
    text += fmt::format("| [`{0}`](#{0}) | {1} | {2} | {3} |\n", rule.name,
                        to_string(rule.severity), database_of(rule), rule.summary);
  for (const LintRule& rule : rules())
    text += fmt::format("\n## {}\n\n{}. {}\n\n*Instead:* {}\n\nFound in:\n\n{}\nNot in:\n\n{}",
                        rule.name, rule.summary, rule.why, rule.rewrite, fenced(rule.fires),
                        fenced(rule.quiet));
  return text;
}

}  // namespace limbeck
