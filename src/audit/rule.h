// A rule of the audit: a row that says what to look for in a project, why it matters, and what to
// do about it.
//
// The rows stand in rules_*.cpp, by topic, and together are one table (audit_rules()).
// docs/audit.md is made from them; each row's two examples are run as tests. A check looks at the
// facts alone: it reads no file and asks no database.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/facts.h"
#include "lint/finding.h"

namespace limbeck {

// What a check found.
struct AuditHit {
  std::string message = {};
  std::string object = {};    // "public.orders": what it is about, for lists
  std::string revision = {};  // its id
  Place place = {};
  std::string instead = {};  // for this one; empty: the rule's
  Certainty certainty = Certainty::inferred;
  std::optional<Severity> severity = {};  // of this one; empty: the rule's
};
using AuditHits = std::vector<AuditHit>;

struct AuditRule {
  std::string_view name = {};
  std::string_view dialect = {};  // empty: every one
  Severity severity = Severity::warning;
  std::string_view summary = {};  // of the rule: a heading
  std::string_view why = {};
  std::string_view instead = {};
  std::string_view action = {};  // what to do about all of them, as one item of a list
  std::string_view fires = {};   // a project that it speaks of
  std::string_view quiet = {};   // one that it does not
  AuditHits (*check)(const AuditFacts&) = nullptr;
};

// Every rule, in the order in which they are to be mended.
std::span<const AuditRule> audit_rules();
const AuditRule* find_audit_rule(std::string_view name);

// The parts of the table.
std::vector<AuditRule> graph_audit_rules();
std::vector<AuditRule> shape_audit_rules();
std::vector<AuditRule> revision_audit_rules();
std::vector<AuditRule> script_audit_rules();
std::vector<AuditRule> declared_audit_rules();
std::vector<AuditRule> declared_type_audit_rules();
std::vector<AuditRule> declared_object_audit_rules();
std::vector<AuditRule> database_audit_rules();

}  // namespace limbeck
