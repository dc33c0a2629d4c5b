// Rules about what is declared and not there, and what is there and not declared.
#include <fmt/format.h>

#include "audit/declared_rule_parts.h"

namespace limbeck {
namespace {

AuditHits tables_without_migration(const AuditFacts& facts) {
  return each_declared(
      facts, DifferenceKind::no_table, [&](const DeclaredDifference& it, AuditHits& to) {
        const bool there = facts.database && has_table(facts.database->schema, it.difference.table);
        std::string_view rest = "";
        if (!it.in_database && there)
          rest = "; the database has it: something else made it there";
        else if (!it.in_database && facts.database)
          rest = "; the database does not have it";
        to.push_back(declared_hit(
            facts, it,
            fmt::format("{} {}, and {}{}", name_of(it.difference.id), by_whom(claim_of(facts, it)),
                        it.in_database ? "the database does not have it" : "no revision makes it",
                        rest)));
      });
}

AuditHits columns_without_migration(const AuditFacts& facts) {
  return each_declared(
      facts, DifferenceKind::no_column, [&](const DeclaredDifference& it, AuditHits& to) {
        to.push_back(declared_hit(facts, it,
                                  fmt::format("{} {}, and is not {}", name_of(it.difference.id),
                                              by_whom(claim_of(facts, it)), where(it))));
      });
}

AuditHits objects_without_migration(const AuditFacts& facts) {
  return each_declared(
      facts, DifferenceKind::no_object, [&](const DeclaredDifference& it, AuditHits& to) {
        to.push_back(declared_hit(
            facts, it,
            fmt::format("{} is declared, and is not {}", object_name(it.difference), where(it))));
      });
}

// Where the revisions make a table.
const MadeTable* made(const AuditFacts& facts, const RelationName& table) {
  auto found = facts.replay.made.find(table);
  if (found == facts.replay.made.end()) found = facts.replay.made.find({"", table.name});
  return found == facts.replay.made.end() ? nullptr : &found->second;
}

AuditHits tables_without_model(const AuditFacts& facts) {
  return each_declared(
      facts, DifferenceKind::more_table, [&](const DeclaredDifference& it, AuditHits& to) {
        const MadeTable* const by = made(facts, it.difference.table);
        AuditHit found = declared_hit(
            facts, it,
            by == nullptr ? fmt::format("{} is {}, and nothing declares it",
                                        name_of(it.difference.id), where(it))
                          : fmt::format("{} is made by revision {}, and nothing declares it",
                                        name_of(it.difference.id), by->revision));
        if (by != nullptr) {
          found.place = by->place;
          found.revision = by->revision;
        }
        to.push_back(std::move(found));
      });
}

AuditHits columns_without_model(const AuditFacts& facts) {
  return each_declared(
      facts, DifferenceKind::more_column, [&](const DeclaredDifference& it, AuditHits& to) {
        const Claim* const claim = claim_of(facts, it);
        to.push_back(declared_hit(
            facts, it,
            fmt::format("{} is {}; {} does not have it", name_of(it.difference.id), where(it),
                        claim == nullptr ? "the declaration" : who(*claim))));
      });
}

AuditHits objects_without_model(const AuditFacts& facts) {
  return each_declared(
      facts, DifferenceKind::more_object, [&](const DeclaredDifference& it, AuditHits& to) {
        to.push_back(declared_hit(
            facts, it,
            fmt::format("{} is {}, and is not declared", object_name(it.difference), where(it))));
      });
}

}  // namespace

std::vector<AuditRule> declared_object_audit_rules() {
  return {
      {.name = "table-without-migration",
       .severity = Severity::error,
       .summary = "A table is declared, and no revision makes it",
       .why = "Code that uses it fails on every database that the revisions have built.",
       .instead = write_it,
       .action =
           "Write revisions for the tables that have none, or take their declarations away: {}",
       .fires = with_schema("CREATE TABLE users (id integer PRIMARY KEY, email text);\n"
                            "CREATE TABLE orders (id integer PRIMARY KEY);\n"),
       .quiet = with_schema(as_built),
       .check = tables_without_migration},
      {.name = "column-without-migration",
       .severity = Severity::error,
       .summary = "A column is declared, and no revision makes it",
       .why = "Every query for it fails.",
       .instead = write_it,
       .action = "Write revisions for the columns that have none: {}",
       .fires =
           with_schema("CREATE TABLE users (id integer PRIMARY KEY, email text, name text);\n"),
       .quiet = with_schema(as_built),
       .check = columns_without_migration},
      {.name = "object-without-migration",
       .severity = Severity::warning,
       .summary = "An index, a constraint or another object is declared, and no revision makes it",
       .why =
           "What the code relies on (that no two rows are the same, that a query is fast) does not "
           "hold.",
       .instead = write_it,
       .action = "Write revisions for what is declared beside tables: {}",
       .fires = with_schema("CREATE TABLE users (id integer PRIMARY KEY, email text);\n"
                            "CREATE INDEX users_email ON users (email);\n"),
       .quiet = with_schema(as_built),
       .check = objects_without_migration},
      {.name = "table-without-model",
       .severity = Severity::warning,
       .summary = "The revisions make a table that nothing declares",
       .why = "The next revision that is generated from the declarations drops it.",
       .instead = "declare it, or write a revision that drops it",
       .action = "Declare these tables, or drop them: {}",
       .fires = R"(=== limbeck.toml
migrations = "migrations"
schema = "schema.sql"
=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TABLE users (id integer PRIMARY KEY, email text);
CREATE TABLE sessions (id integer PRIMARY KEY);
-- limbeck:downgrade
DROP TABLE sessions;
DROP TABLE users;
=== schema.sql
CREATE TABLE users (id integer PRIMARY KEY, email text);
)",
       .quiet = with_schema(as_built),
       .check = tables_without_model},
      {.name = "column-without-model",
       .severity = Severity::warning,
       .summary = "A declared table has a column that is not declared",
       .why =
           "The next revision that is generated from the declarations drops it, with its values.",
       .instead = "declare it, or write a revision that drops it",
       .action = "Declare these columns, or drop them: {}",
       .fires = with_schema("CREATE TABLE users (id integer PRIMARY KEY);\n"),
       .quiet = with_schema(as_built),
       .check = columns_without_model},
      {.name = "object-without-model",
       .severity = Severity::notice,
       .summary = "An index, a constraint or another object is not declared",
       .why = "Who reads the declarations does not know of it.",
       .instead = "declare it, or write a revision that drops it",
       .action = "Declare what is there beside tables: {}",
       .fires = R"(=== limbeck.toml
migrations = "migrations"
schema = "schema.sql"
=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TABLE users (id integer PRIMARY KEY, email text);
CREATE INDEX users_email ON users (email);
-- limbeck:downgrade
DROP TABLE users;
=== schema.sql
CREATE TABLE users (id integer PRIMARY KEY, email text);
)",
       .quiet = with_schema(as_built),
       .check = objects_without_model},
  };
}

}  // namespace limbeck
