// The audit of a project: every rule asked about its facts, what is good about it, a verdict, and
// what to do in which order.
//
// It never changes anything.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "audit/facts.h"
#include "audit/rule.h"

namespace limbeck {

enum class Verdict {
  sound,    // nothing, or notices alone
  flawed,   // warnings
  unsound,  // errors
};
std::string_view to_string(Verdict verdict);

// What to do about all findings of a rule.
struct AuditAction {
  std::string rule = {};
  Severity severity = Severity::warning;
  std::string text = {};
  std::size_t findings = 0;
};

struct GoodPractice {
  std::string name = {};
  std::string text = {};
};

struct AuditReport {
  std::vector<Finding> findings = {};     // by rule, in the order in which they are to be mended
  std::vector<AuditAction> actions = {};  // errors first; none for a notice
  std::vector<GoodPractice> good = {};
  Verdict verdict = Verdict::sound;
};

// severities: by the rule's name; else the rule's own.
AuditReport audit(const AuditFacts& facts, const std::map<std::string, Severity>& severities = {});

}  // namespace limbeck
