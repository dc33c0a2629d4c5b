#include "audit/declared_rule_parts.h"

#include <fmt/format.h>
#include <map>

namespace limbeck {
namespace {

constexpr std::string_view users_project = R"(=== limbeck.toml
migrations = "migrations"
schema = "schema.sql"
=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TABLE users (id integer PRIMARY KEY, email text);
-- limbeck:downgrade
DROP TABLE users;
=== schema.sql
)";

}  // namespace

// "base::Invoice (set base)", "schema.sql"
std::string who(const Claim& claim) {
  if (!claim.struct_name.empty()) return fmt::format("{} (set {})", claim.struct_name, claim.set);
  return claim.place.file;
}

// "as base::Invoice (set base) declares it"
std::string by_whom(const Claim* claim) {
  return claim == nullptr ? "is declared" : "is declared by " + who(*claim);
}

std::string name_of(const ObjectId& id) {
  const std::string table = shown_name({id.schema, id.name});
  return id.part.empty() ? table : fmt::format("{}.{}", table, id.part);
}

std::string object_name(const SchemaDifference& it) {
  std::string name = fmt::format("{} {}", to_string(it.id.kind), name_of(it.id));
  if (it.id.kind == Kind::index) name += " of " + shown_name(it.table);
  return name;
}

const Claim* claim_of(const AuditFacts& facts, const DeclaredDifference& it) {
  return it.claim ? &facts.declared->claims[*it.claim] : nullptr;
}

std::string_view where(const DeclaredDifference& it) {
  return it.in_database ? "in the database" : "in what the revisions build";
}

AuditHit declared_hit(const AuditFacts& facts, const DeclaredDifference& it, std::string message) {
  const Claim* const claim = claim_of(facts, it);
  return {.message = std::move(message),
          .object = name_of(it.difference.id),
          .place = claim == nullptr ? Place{} : claim->place,
          .certainty = it.in_database ? Certainty::proved : Certainty::inferred};
}

// The project above with this schema.
std::string_view with_schema(std::string_view sql) {
  static std::map<std::string_view, std::string> all;
  return all.emplace(sql, std::string(users_project) + std::string(sql)).first->second;
}

}  // namespace limbeck
