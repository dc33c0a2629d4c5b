// Rules about what is declared in another way than it is: types, defaults, labels.
#include <algorithm>
#include <fmt/format.h>

#include "audit/declared_rule_parts.h"

namespace limbeck {
namespace {

// The column that this one refers to, as the revisions build it or the database has it.
ReferredColumn referred(const AuditFacts& facts, const SchemaDifference& it) {
  ReferredColumn found;
  if (facts.replay.at_heads)
    found = referred_column(facts.replay.at_heads->schema, it.table, it.id.part);
  if (found.name.empty() && facts.database)
    found = referred_column(facts.database->schema.schema, it.table, it.id.part);
  return found;
}

AuditHits foreign_key_types(const AuditFacts& facts) {
  return each_declared(
      facts, DifferenceKind::column_type, [&](const DeclaredDifference& it, AuditHits& to) {
        const ReferredColumn target = referred(facts, it.difference);
        if (target.name.empty()) return;
        to.push_back(declared_hit(
            facts, it,
            fmt::format("{} is {} {}, and refers to {} ({}); {} {}", name_of(it.difference.id),
                        it.difference.found, where(it), target.name, target.type,
                        by_whom(claim_of(facts, it)), "as " + it.difference.expected)));
      });
}

AuditHits column_types(const AuditFacts& facts) {
  return each_declared(
      facts, DifferenceKind::column_type, [&](const DeclaredDifference& it, AuditHits& to) {
        if (!referred(facts, it.difference).name.empty()) return;
        to.push_back(declared_hit(
            facts, it,
            fmt::format("{} is {} {}; {} as {}", name_of(it.difference.id), it.difference.found,
                        where(it), by_whom(claim_of(facts, it)), it.difference.expected)));
      });
}

AuditHits nullability(const AuditFacts& facts) {
  return each_declared(
      facts, DifferenceKind::column_null, [&](const DeclaredDifference& it, AuditHits& to) {
        to.push_back(declared_hit(
            facts, it,
            fmt::format("{} is {} {}; {} as {}", name_of(it.difference.id), it.difference.found,
                        where(it), by_whom(claim_of(facts, it)), it.difference.expected)));
      });
}

AuditHits defaults(const AuditFacts& facts) {
  return each_declared(
      facts, DifferenceKind::column_default, [&](const DeclaredDifference& it, AuditHits& to) {
        to.push_back(
            declared_hit(facts, it,
                         fmt::format("the default of {} is {} {}; {} as {}",
                                     name_of(it.difference.id), it.difference.found, where(it),
                                     by_whom(claim_of(facts, it)), it.difference.expected)));
      });
}

AuditHits enum_labels(const AuditFacts& facts) {
  return each_declared(
      facts, DifferenceKind::enum_labels, [&](const DeclaredDifference& it, AuditHits& to) {
        to.push_back(declared_hit(facts, it,
                                  fmt::format("{} has the labels {} {}; it is declared with {}",
                                              name_of(it.difference.id), it.difference.found,
                                              where(it), it.difference.expected)));
      });
}

AuditHits other_objects(const AuditFacts& facts) {
  return each_declared(
      facts, DifferenceKind::other_object, [&](const DeclaredDifference& it, AuditHits& to) {
        to.push_back(declared_hit(facts, it,
                                  fmt::format("{} is declared in another way: {}",
                                              object_name(it.difference), it.difference.expected)));
      });
}

bool is_used(const Schema& schema, const ObjectId& type) {
  if (std::any_of(schema.dependencies.begin(), schema.dependencies.end(),
                  [&](const Dependency& it) { return it.on == type; }))
    return true;
  return std::any_of(schema.objects.begin(), schema.objects.end(), [&](const auto& entry) {
    const auto* column = std::get_if<Column>(&entry.second.definition);
    return column != nullptr &&
           column->type.substr(0, column->type.find('[')) == type.schema + "." + type.name;
  });
}

AuditHits unused_enums(const AuditFacts& facts) {
  AuditHits hits;
  const SchemaFacts* const first = facts.replay.at_heads ? &*facts.replay.at_heads
                                   : facts.database      ? &facts.database->schema
                                                         : nullptr;
  if (first == nullptr) return hits;
  for (const auto& [id, object] : first->schema.objects) {
    if (id.kind != Kind::enumeration || is_used(first->schema, id)) continue;
    hits.push_back(
        {.message = fmt::format("no column has the type {}", name_of(id)), .object = name_of(id)});
  }
  return hits;
}

}  // namespace

std::vector<AuditRule> declared_type_audit_rules() {
  return {
      {.name = "foreign-key-type-differs",
       .dialect = "postgresql",
       .severity = Severity::error,
       .summary = "A column that refers to another table is declared with another type",
       .why =
           "Every row that is written through the declaration fails, or is converted by somebody "
           "on the way.",
       .instead = "declare the type of the column that it refers to",
       .action = "Declare these references with the types that they have: {}",
       .fires = R"(=== limbeck.toml
migrations = "migrations"
schema = "schema.sql"
=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TABLE users (id integer PRIMARY KEY);
CREATE TABLE profiles (id integer PRIMARY KEY, user_id integer REFERENCES users (id));
-- limbeck:downgrade
DROP TABLE profiles;
DROP TABLE users;
=== schema.sql
CREATE TABLE users (id integer PRIMARY KEY);
CREATE TABLE profiles (id integer PRIMARY KEY, user_id uuid);
)",
       .quiet = R"(=== limbeck.toml
migrations = "migrations"
schema = "schema.sql"
=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TABLE users (id integer PRIMARY KEY);
CREATE TABLE profiles (id integer PRIMARY KEY, user_id integer REFERENCES users (id));
-- limbeck:downgrade
DROP TABLE profiles;
DROP TABLE users;
=== schema.sql
CREATE TABLE users (id integer PRIMARY KEY);
CREATE TABLE profiles (id integer PRIMARY KEY, user_id integer REFERENCES users (id));
)",
       .check = foreign_key_types},
      {.name = "column-type-differs",
       .severity = Severity::error,
       .summary = "A column is declared with another type",
       .why = "Values that the declaration allows do not fit, or come back as something else.",
       .instead = "correct the declaration, or write a revision that changes the type",
       .action = "Bring the types of these columns together: {}",
       .fires = with_schema("CREATE TABLE users (id integer PRIMARY KEY, email integer);\n"),
       .quiet = with_schema(as_built),
       .check = column_types},
      {.name = "enum-labels-differ",
       .dialect = "postgresql",
       .severity = Severity::error,
       .summary = "An enum is declared with other labels",
       .why = "A label that the database lacks cannot be stored; one that the code lacks cannot be "
              "read.",
       .instead = write_it,
       .action = "Bring the labels of these enums together: {}",
       .fires = R"(=== limbeck.toml
migrations = "migrations"
schema = "schema.sql"
=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE days (day date PRIMARY KEY, mood mood);
-- limbeck:downgrade
DROP TABLE days;
DROP TYPE mood;
=== schema.sql
CREATE TYPE mood AS ENUM ('sad', 'fine', 'happy');
CREATE TABLE days (day date PRIMARY KEY, mood mood);
)",
       .quiet = R"(=== limbeck.toml
migrations = "migrations"
schema = "schema.sql"
=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE days (day date PRIMARY KEY, mood mood);
-- limbeck:downgrade
DROP TABLE days;
DROP TYPE mood;
=== schema.sql
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE days (day date PRIMARY KEY, mood mood);
)",
       .check = enum_labels},
      {.name = "nullability-differs",
       .severity = Severity::warning,
       .summary =
           "A column may be NULL where its declaration says that it may not, or the other way "
           "round",
       .why = "Code meets a NULL that it does not expect, or writes one that is refused.",
       .instead = write_it,
       .action = "Decide which of these columns may be NULL: {}",
       .fires = with_schema("CREATE TABLE users (id integer PRIMARY KEY, email text NOT NULL);\n"),
       .quiet = with_schema(as_built),
       .check = nullability},
      {.name = "default-differs",
       .severity = Severity::warning,
       .summary = "A column is declared with another default",
       .why = "A row that is written without the value gets another one than the code reads there.",
       .instead = write_it,
       .action = "Bring the defaults of these columns together: {}",
       .fires =
           with_schema("CREATE TABLE users (id integer PRIMARY KEY, email text DEFAULT 'none');\n"),
       .quiet = with_schema(as_built),
       .check = defaults},
      {.name = "object-differs",
       .severity = Severity::warning,
       .summary = "An index, a constraint or another object is declared in another way",
       .why = "It has the name of what the code relies on, and does something else.",
       .instead = write_it,
       .action = "Bring these objects together with their declarations: {}",
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
CREATE UNIQUE INDEX users_email ON users (email);
)",
       .quiet = with_schema(as_built),
       .check = other_objects},
      {.name = "unused-enum",
       .dialect = "postgresql",
       .severity = Severity::notice,
       .summary = "No column has the type of an enum",
       .why = "It was left behind when its column went, or was never used.",
       .instead = "drop it in a revision",
       .action = "Drop the enums that nothing uses: {}",
       .fires = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TYPE mood AS ENUM ('sad', 'happy');
-- limbeck:downgrade
DROP TYPE mood;
)",
       .quiet = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE days (day date PRIMARY KEY, moods mood[]);
-- limbeck:downgrade
DROP TABLE days;
DROP TYPE mood;
)",
       .check = unused_enums},
  };
}

}  // namespace limbeck
