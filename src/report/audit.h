// What "limbeck audit" prints: for people, grouped by rule, and as JSON.
#pragma once

#include <string>

#include "audit/audit.h"
#include "base/terminal.h"

namespace limbeck {

// all: every finding of a rule is listed, however many there are.
std::string audit_text(const AuditFacts& facts, const AuditReport& report, const Painter& paint,
                       bool all);
std::string audit_json(const AuditFacts& facts, const AuditReport& report);

}  // namespace limbeck
