// The rules for people: a list, one rule, and the page of the documentation.
#pragma once

#include <string>

#include "base/terminal.h"
#include "lint/rule.h"

namespace limbeck {

std::string rules_list(const Painter& paint);
std::string rule_text(const LintRule& rule, const Painter& paint);
// docs/lint-rules.md behind its first comment.
std::string rules_markdown();
// One rule's section of it.
std::string rule_markdown(const LintRule& rule);

}  // namespace limbeck
