#include "lint/documentation.h"

#include <fmt/format.h>
#include <vector>

#include "lint/rule_page.h"

namespace limbeck {
namespace {

std::string_view database_of(const LintRule& rule) {
  if (rule.dialect == "postgresql") return "PostgreSQL";
  if (rule.dialect == "sqlite") return "SQLite";
  return "every database";
}

RulePage page_of(const LintRule& rule) {
  return page_of(rule, rule.rewrite, database_of(rule));
}

std::vector<RulePage> pages() {
  std::vector<RulePage> result;
  for (const LintRule& rule : rules()) result.push_back(page_of(rule));
  return result;
}

}  // namespace

std::string rules_list(const Painter& paint) {
  return rules_as_list(pages(), paint);
}

std::string rule_text(const LintRule& rule, const Painter& paint) {
  return rule_as_text(page_of(rule), paint);
}

std::string rule_markdown(const LintRule& rule) {
  return rule_as_section(page_of(rule), "sql");
}

std::string rules_markdown() {
  std::string text = fmt::format(
      "There are {} rules. What is said of each is checked: its two examples are run as tests, and "
      "what it says of locks is compared with what a server does.\n\nThe examples for PostgreSQL "
      "stand on this schema:\n\n{}\nThose for SQLite on this one:\n\n{}\n",
      rules().size(), fenced(example_schema("postgresql"), "sql"),
      fenced(example_schema("sqlite"), "sql"));
  text += "| rule | severity | database | what it finds |\n|---|---|---|---|\n";
  for (const LintRule& rule : rules())
    text += fmt::format("| [`{0}`](#{0}) | {1} | {2} | {3} |\n", rule.name,
                        to_string(rule.severity), database_of(rule), rule.summary);
  text += rules_as_sections(pages(), "sql");
  return text;
}

}  // namespace limbeck
