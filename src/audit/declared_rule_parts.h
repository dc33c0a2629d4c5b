// What the rules about declarations share: who declares something, where it was looked for, and the
// project of their examples.
#pragma once

#include <string>
#include <string_view>

#include "audit/rule.h"

namespace limbeck {

// "base::Invoice (set base)", "schema.sql"
std::string who(const Claim& claim);
// "is declared by base::Invoice (set base)"
std::string by_whom(const Claim* claim);
// "users", "users.email"
std::string name_of(const ObjectId& id);
// "index users_email of users"
std::string object_name(const SchemaDifference& it);
// The claim that the difference is one of; null when it is of no declared table.
const Claim* claim_of(const AuditFacts& facts, const DeclaredDifference& it);
// "in what the revisions build"
std::string_view where(const DeclaredDifference& it);

AuditHit declared_hit(const AuditFacts& facts, const DeclaredDifference& it, std::string message);

// What tell makes of each difference of the kind; it may make nothing of one.
template <class Tell>
AuditHits each_declared(const AuditFacts& facts, DifferenceKind kind, const Tell& tell) {
  AuditHits hits;
  for (const DeclaredDifference& it : facts.comparison.declared)
    if (it.difference.kind == kind) tell(it, hits);
  return hits;
}

// A project whose revision makes a table users, with this schema.sql.
std::string_view with_schema(std::string_view sql);
inline constexpr std::string_view as_built =
    "CREATE TABLE users (id integer PRIMARY KEY, email text);\n";
inline constexpr std::string_view write_it =
    "\"limbeck revision --autogenerate\" writes what is missing";

}  // namespace limbeck
