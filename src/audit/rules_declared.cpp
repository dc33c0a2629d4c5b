// Rules about what a project declares, held against what its revisions build and what its database
// has.
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

#include "audit/rule.h"

namespace limbeck {
namespace {

// "base::Invoice (set base)", "schema.sql"
std::string who(const Claim& claim) {
  if (!claim.struct_name.empty()) return fmt::format("{} (set {})", claim.struct_name, claim.set);
  return claim.place.file;
}

std::string name_of(const ObjectId& id) {
  const std::string table = shown_name({id.schema, id.name});
  return id.part.empty() ? table : fmt::format("{}.{}", table, id.part);
}

const Claim* claim_of(const AuditFacts& facts, const DeclaredDifference& it) {
  return it.claim ? &facts.declared->claims[*it.claim] : nullptr;
}

// "as base::Invoice (set base) declares it"
std::string by_whom(const Claim* claim) {
  return claim == nullptr ? "is declared" : "is declared by " + who(*claim);
}
std::string_view where(const DeclaredDifference& it) {
  return it.in_database ? "in the database" : "in what the revisions build";
}

AuditHit hit(const AuditFacts& facts, const DeclaredDifference& it, std::string message) {
  const Claim* const claim = claim_of(facts, it);
  return {.message = std::move(message),
          .object = name_of(it.difference.id),
          .place = claim == nullptr ? Place{} : claim->place,
          .certainty = it.in_database ? Certainty::proved : Certainty::inferred};
}

template <class Tell>
AuditHits each(const AuditFacts& facts, DifferenceKind kind, const Tell& tell) {
  AuditHits hits;
  for (const DeclaredDifference& it : facts.comparison.declared)
    if (it.difference.kind == kind) tell(it, hits);
  return hits;
}

AuditHits unreadable(const AuditFacts& facts) {
  AuditHits hits;
  if (facts.declared_fault) {
    const ErrorReport& fault = *facts.declared_fault;
    std::string message = fault.message;
    if (!fault.detail.empty()) message += ": " + fault.detail;
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
  return each(facts, DifferenceKind::column_type, [&](const DeclaredDifference& it, AuditHits& to) {
    const ReferredColumn target = referred(facts, it.difference);
    if (target.name.empty()) return;
    to.push_back(
        hit(facts, it,
            fmt::format("{} is {} {}, and refers to {} ({}); {} {}", name_of(it.difference.id),
                        it.difference.found, where(it), target.name, target.type,
                        by_whom(claim_of(facts, it)), "as " + it.difference.expected)));
  });
}

AuditHits column_types(const AuditFacts& facts) {
  return each(facts, DifferenceKind::column_type, [&](const DeclaredDifference& it, AuditHits& to) {
    if (!referred(facts, it.difference).name.empty()) return;
    to.push_back(
        hit(facts, it,
            fmt::format("{} is {} {}; {} as {}", name_of(it.difference.id), it.difference.found,
                        where(it), by_whom(claim_of(facts, it)), it.difference.expected)));
  });
}

AuditHits tables_without_migration(const AuditFacts& facts) {
  return each(facts, DifferenceKind::no_table, [&](const DeclaredDifference& it, AuditHits& to) {
    const bool there = facts.database && has_table(facts.database->schema, it.difference.table);
    std::string_view rest = "";
    if (!it.in_database && there)
      rest = "; the database has it: something else made it there";
    else if (!it.in_database && facts.database)
      rest = "; the database does not have it";
    to.push_back(
        hit(facts, it,
            fmt::format("{} {}, and {}{}", name_of(it.difference.id), by_whom(claim_of(facts, it)),
                        it.in_database ? "the database does not have it" : "no revision makes it",
                        rest)));
  });
}

AuditHits columns_without_migration(const AuditFacts& facts) {
  return each(facts, DifferenceKind::no_column, [&](const DeclaredDifference& it, AuditHits& to) {
    to.push_back(hit(facts, it,
                     fmt::format("{} {}, and is not {}", name_of(it.difference.id),
                                 by_whom(claim_of(facts, it)), where(it))));
  });
}

std::string object_name(const SchemaDifference& it) {
  std::string name = fmt::format("{} {}", to_string(it.id.kind), name_of(it.id));
  if (it.id.kind == Kind::index) name += " of " + shown_name(it.table);
  return name;
}

AuditHits objects_without_migration(const AuditFacts& facts) {
  return each(facts, DifferenceKind::no_object, [&](const DeclaredDifference& it, AuditHits& to) {
    to.push_back(
        hit(facts, it,
            fmt::format("{} is declared, and is not {}", object_name(it.difference), where(it))));
  });
}

AuditHits nullability(const AuditFacts& facts) {
  return each(facts, DifferenceKind::column_null, [&](const DeclaredDifference& it, AuditHits& to) {
    to.push_back(
        hit(facts, it,
            fmt::format("{} is {} {}; {} as {}", name_of(it.difference.id), it.difference.found,
                        where(it), by_whom(claim_of(facts, it)), it.difference.expected)));
  });
}

AuditHits defaults(const AuditFacts& facts) {
  return each(
      facts, DifferenceKind::column_default, [&](const DeclaredDifference& it, AuditHits& to) {
        to.push_back(hit(facts, it,
                         fmt::format("the default of {} is {} {}; {} as {}",
                                     name_of(it.difference.id), it.difference.found, where(it),
                                     by_whom(claim_of(facts, it)), it.difference.expected)));
      });
}

AuditHits enum_labels(const AuditFacts& facts) {
  return each(facts, DifferenceKind::enum_labels, [&](const DeclaredDifference& it, AuditHits& to) {
    to.push_back(hit(
        facts, it,
        fmt::format("{} has the labels {} {}; it is declared with {}", name_of(it.difference.id),
                    it.difference.found, where(it), it.difference.expected)));
  });
}

AuditHits other_objects(const AuditFacts& facts) {
  return each(facts, DifferenceKind::other_object,
              [&](const DeclaredDifference& it, AuditHits& to) {
                to.push_back(hit(facts, it,
                                 fmt::format("{} is declared in another way: {}",
                                             object_name(it.difference), it.difference.expected)));
              });
}

// Where the revisions make a table.
const MadeTable* made(const AuditFacts& facts, const RelationName& table) {
  auto found = facts.replay.made.find(table);
  if (found == facts.replay.made.end()) found = facts.replay.made.find({"", table.name});
  return found == facts.replay.made.end() ? nullptr : &found->second;
}

AuditHits tables_without_model(const AuditFacts& facts) {
  return each(facts, DifferenceKind::more_table, [&](const DeclaredDifference& it, AuditHits& to) {
    const MadeTable* const by = made(facts, it.difference.table);
    AuditHit found = hit(
        facts, it,
        by == nullptr
            ? fmt::format("{} is {}, and nothing declares it", name_of(it.difference.id), where(it))
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
  return each(facts, DifferenceKind::more_column, [&](const DeclaredDifference& it, AuditHits& to) {
    const Claim* const claim = claim_of(facts, it);
    to.push_back(hit(facts, it,
                     fmt::format("{} is {}; {} does not have it", name_of(it.difference.id),
                                 where(it), claim == nullptr ? "the declaration" : who(*claim))));
  });
}

AuditHits objects_without_model(const AuditFacts& facts) {
  return each(facts, DifferenceKind::more_object, [&](const DeclaredDifference& it, AuditHits& to) {
    to.push_back(
        hit(facts, it,
            fmt::format("{} is {}, and is not declared", object_name(it.difference), where(it))));
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

// The project above with this schema.
std::string_view with_schema(std::string_view sql) {
  static std::map<std::string_view, std::string> all;
  return all.emplace(sql, std::string(users_project) + std::string(sql)).first->second;
}

constexpr std::string_view as_built = "CREATE TABLE users (id integer PRIMARY KEY, email text);\n";

constexpr std::string_view write_it = "\"limbeck revision --autogenerate\" writes what is missing";

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
       .check = unreadable},
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
