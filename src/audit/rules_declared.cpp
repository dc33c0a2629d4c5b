// Rules about declarations themselves: that they can be read, and that none contradicts another.
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <string_view>
#include <vector>

#include "audit/declared_rule_parts.h"
#include "base/source.h"

namespace limbeck {
namespace {

// What a program or a server said, as a part of a sentence.
std::string in_one_line(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end), " \t\r");
    if (!line.empty()) lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return fmt::format("{}", fmt::join(lines, "; "));
}

AuditHits unreadable_declarations(const AuditFacts& facts) {
  AuditHits hits;
  if (facts.declared_fault) {
    const ErrorReport& fault = *facts.declared_fault;
    std::string message = fault.message;
    if (!fault.detail.empty()) message += ": " + in_one_line(fault.detail);
    hits.push_back({.message = std::move(message),
                    .place = fault.place.value_or(Place{}),
                    .instead = fault.hint});
  }
  if (facts.declared)
    for (const std::string& fault : facts.declared->faults) hits.push_back({.message = fault});
  return hits;
}

// What two declarations of a table do not have in common, for people.
std::string listed(const std::vector<SchemaDifference>& differences) {
  std::vector<std::string> parts;
  for (const SchemaDifference& it : differences) {
    switch (it.kind) {
      case DifferenceKind::no_column:
        parts.push_back(it.id.part + " (only in the first)");
        break;
      case DifferenceKind::more_column:
        parts.push_back(it.id.part + " (only in the second)");
        break;
      case DifferenceKind::column_type:
        parts.push_back(fmt::format("{} ({} and {})", it.id.part, it.expected, it.found));
        break;
      default:
        break;
    }
  }
  return parts.empty() ? "with the same columns"
                       : fmt::format("they differ in {}", fmt::join(parts, ", "));
}

AuditHits declared_twice(const AuditFacts& facts) {
  AuditHits hits;
  if (!facts.declared) return hits;
  std::map<RelationName, const Claim*> first;
  for (const Claim& claim : facts.declared->claims) {
    const auto [earlier, is_new] = first.emplace(claim.table, &claim);
    if (is_new) continue;
    const auto differences = facts.comparison.rivals.find(claim.table);
    const bool known = differences != facts.comparison.rivals.end();
    hits.push_back({.message = fmt::format(
                        "{} is declared by {} at {} and by {}: {}", shown_name(claim.table),
                        who(*earlier->second), to_string(earlier->second->place), who(claim),
                        listed(known ? differences->second : std::vector<SchemaDifference>{})),
                    .object = shown_name(claim.table),
                    .place = claim.place});
  }
  return hits;
}

}  // namespace

std::vector<AuditRule> declared_audit_rules() {
  return {
      {.name = "declared-unreadable",
       .severity = Severity::error,
       .summary = "What is declared cannot be read",
       .why = "Nothing can be compared with it.",
       .instead = "build the program that prints the models, or correct the SQL",
       .action = "Make the declared schema readable",
       .fires = with_schema("CREATE TABLE users (id integer, ;\n"),
       .quiet = with_schema(as_built),
       .check = unreadable_declarations},
      {.name = "declared-twice",
       .severity = Severity::error,
       .summary = "Two declarations claim one table",
       .why = "Code that uses one of them meets the table of the other.",
       .instead = "give one of the two another name, or take it away",
       .action = "Decide which declaration each of these tables is: {}",
       .fires = R"(=== limbeck.toml
migrations = "migrations"
schema = ["accounts.sql", "people.sql"]
=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TABLE users (id integer PRIMARY KEY, email text);
-- limbeck:downgrade
DROP TABLE users;
=== accounts.sql
CREATE TABLE users (id integer PRIMARY KEY, email text);
=== people.sql
CREATE TABLE users (id text PRIMARY KEY, name text);
)",
       .quiet = with_schema(as_built),
       .check = declared_twice},
  };
}

}  // namespace limbeck
