// The rules of the audit for people: a list, one rule, and their part of the documentation.
#pragma once

#include <string>

#include "audit/rule.h"
#include "base/terminal.h"

namespace limbeck {

std::string audit_rules_list(const Painter& paint);
std::string audit_rule_text(const AuditRule& rule, const Painter& paint);
// docs/audit-rules.md behind its first comment.
std::string audit_rules_markdown();
// One rule's section of it.
std::string audit_rule_markdown(const AuditRule& rule);

}  // namespace limbeck
