// Rules about the database: what it has of the revisions, and what else became of it.
#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "audit/declared_rule_parts.h"

namespace limbeck {
namespace {

AuditHits unreachable(const AuditFacts& facts) {
  AuditHits hits;
  if (!facts.unreachable) return hits;
  AuditHit& hit = hits.emplace_back();
  hit.message = facts.unreachable->message;
  hit.instead = facts.unreachable->hint;
  if (facts.database_required) hit.severity = Severity::error;
  return hits;
}

AuditHit about(const AuditFacts& facts, RevisionGraph::Index index, std::string message) {
  const Revision& revision = facts.graph.at(index);
  return {.message = std::move(message),
          .object = revision.id,
          .revision = revision.id,
          .place = revision.place,
          .certainty = Certainty::proved};
}

AuditHits stopped(const AuditFacts& facts) {
  AuditHits hits;
  if (!facts.database || !facts.database->state.open_revision) return hits;
  const JournalEntry& entry = *facts.database->state.open_revision;
  hits.push_back({.message = fmt::format("{} has stopped between its steps", describe_work(entry)),
                  .object = entry.revision,
                  .revision = entry.revision,
                  .certainty = Certainty::proved});
  return hits;
}

AuditHits unknown(const AuditFacts& facts) {
  AuditHits hits;
  // Where files could not be read, the database may well stand at one of them.
  if (!facts.database || !facts.graph_is_whole()) return hits;
  for (const std::string& id : facts.database->state.current) {
    if (facts.graph.find(id)) continue;
    hits.push_back({.message = fmt::format("the database is at {}, which no file has", id),
                    .object = id,
                    .revision = id,
                    .certainty = Certainty::proved});
  }
  return hits;
}

AuditHits changed(const AuditFacts& facts) {
  AuditHits hits;
  if (!facts.database) return hits;
  for (const ChangedRevision& it : facts.database->changed)
    hits.push_back(about(facts, it.revision,
                         fmt::format("the file of revision {} is not the one that was run",
                                     facts.graph.id(it.revision))));
  return hits;
}

AuditHits pending(const AuditFacts& facts) {
  AuditHits hits;
  if (!facts.database || !facts.graph_is_whole()) return hits;
  for (const RevisionGraph::Index index : facts.order)
    if (!facts.applied[index])
      hits.push_back(
          about(facts, index,
                fmt::format("the database does not have revision {}", facts.graph.id(index))));
  return hits;
}

AuditHit difference_hit(const SchemaDifference& it, std::string message) {
  return {.message = std::move(message), .object = name_of(it.id), .certainty = Certainty::proved};
}

AuditHits lacking(const AuditFacts& facts) {
  AuditHits hits;
  for (const SchemaDifference& it : facts.comparison.drift)
    if (it.kind == DifferenceKind::no_table || it.kind == DifferenceKind::no_column ||
        it.kind == DifferenceKind::no_object)
      hits.push_back(
          difference_hit(it, fmt::format("the revisions make {}, and the database does not have it",
                                         object_name(it))));
  return hits;
}

AuditHits beside(const AuditFacts& facts) {
  AuditHits hits;
  for (const SchemaDifference& it : facts.comparison.drift)
    if (it.kind == DifferenceKind::more_table || it.kind == DifferenceKind::more_column ||
        it.kind == DifferenceKind::more_object)
      hits.push_back(difference_hit(
          it, fmt::format("the database has {}, which no revision makes", object_name(it))));
  return hits;
}

AuditHits different(const AuditFacts& facts) {
  AuditHits hits;
  for (const SchemaDifference& it : facts.comparison.drift) {
    std::string what;
    switch (it.kind) {
      case DifferenceKind::column_type:
      case DifferenceKind::column_null:
      case DifferenceKind::column_default:
      case DifferenceKind::enum_labels:
        what = fmt::format("{}: {}, where the revisions say {}", object_name(it), it.found,
                           it.expected);
        break;
      case DifferenceKind::other_object:
        what = fmt::format("{} is not as the revisions make it: {}", object_name(it), it.expected);
        break;
      default:
        continue;
    }
    hits.push_back(difference_hit(it, "the database has " + what));
  }
  return hits;
}

constexpr std::string_view one_revision = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TABLE users (id integer PRIMARY KEY, email text);
-- limbeck:downgrade
DROP TABLE users;
=== limbeck upgrade heads
)";

std::string_view behind(std::string_view rest) {
  static std::map<std::string_view, std::string> all;
  return all.emplace(rest, std::string(one_revision) + std::string(rest)).first->second;
}

constexpr std::string_view second_revision = R"(=== migrations/b2.sql
-- limbeck:revision b2
-- limbeck:revises a1
-- limbeck:upgrade
ALTER TABLE users ADD COLUMN name text;
-- limbeck:downgrade
ALTER TABLE users DROP COLUMN name;
)";

}  // namespace

std::vector<AuditRule> database_audit_rules() {
  return {
      {.name = "database-unreachable",
       .severity = Severity::warning,
       .summary = "The database cannot be reached or read",
       .why = "What it has of the revisions, and what else became of it, is not known.",
       .instead = "say with --url where it is, or --no-database",
       .action = "Make the database reachable, and run the audit again",
       .fires = R"(=== limbeck.toml
migrations = "migrations"
url = "postgresql://nobody@127.0.0.1:1/nothing"
=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
-- limbeck:downgrade
)",
       .quiet = one_revision,
       .check = unreachable},
      {.name = "stopped-revision",
       .severity = Severity::error,
       .summary = "A revision has stopped between its steps",
       .why =
           "A part of it is there, and a part is not; nothing else can be run before it is done.",
       .instead =
           "\"limbeck upgrade heads\" goes on with it; \"limbeck repair\" says what else can be "
           "done",
       .action = "Finish what has stopped: {}",
       .fires = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade no-transaction
CREATE TABLE users (id integer PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY);
-- limbeck:downgrade
DROP TABLE users;
=== limbeck upgrade heads
)",
       .quiet = one_revision,
       .check = stopped},
      {.name = "unknown-in-database",
       .severity = Severity::error,
       .summary = "The database is at a revision that no file has",
       .why = "Nothing can be run on it: the file was deleted, or the database belongs to another "
              "branch.",
       .instead = "bring the file back, or \"limbeck stamp --purge REVISION\"",
       .action = "Find the files of: {}",
       .fires = behind(R"(=== in the database
UPDATE limbeck_version SET version_num = 'c3';
)"),
       .quiet = one_revision,
       .check = unknown},
      {.name = "changed-since-applied",
       .severity = Severity::error,
       .summary = "The file of an applied revision has changed",
       .why = "The next new database gets something else than this one has.",
       .instead =
           "take the change back, and write it as a new revision; or accept it with \"limbeck "
           "repair\"",
       .action = "Take back what was changed in: {}",
       .fires = behind(R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TABLE users (id integer PRIMARY KEY, email text, name text);
-- limbeck:downgrade
DROP TABLE users;
)"),
       .quiet = one_revision,
       .check = changed},
      {.name = "missing-in-database",
       .severity = Severity::error,
       .summary = "The database lacks what the revisions that it has make",
       .why = "Somebody dropped it by hand, or the revision was stamped and never run.",
       .instead = "make it again by hand, or write a revision that drops it",
       .action = "Bring back what the database lacks: {}",
       .fires = behind("=== in the database\nALTER TABLE users DROP COLUMN email;\n"),
       .quiet = one_revision,
       .check = lacking},
      {.name = "differs-in-database",
       .severity = Severity::error,
       .summary = "The database has something in another way than its revisions make it",
       .why = "Somebody changed it by hand: the next database will be another one.",
       .instead = "write the change as a revision, or take it back",
       .action = "Bring the database and its revisions together: {}",
       .fires = behind("=== in the database\nDROP TABLE users;\n"
                       "CREATE TABLE users (id integer PRIMARY KEY, email integer);\n"),
       .quiet = one_revision,
       .check = different},
      {.name = "beside-revisions",
       .severity = Severity::warning,
       .summary = "The database has what no revision makes",
       .why = "An application or a person made it there; a new database does not get it.",
       .instead = "write a revision that makes it, and stamp it where it is there already",
       .action = "Adopt in a revision, or drop: {}",
       .fires = behind("=== in the database\nCREATE TABLE notes (id integer PRIMARY KEY);\n"),
       .quiet = one_revision,
       .check = beside},
      {.name = "not-applied",
       .severity = Severity::notice,
       .summary = "The database does not have a revision yet",
       .why = "Code that needs it fails there.",
       .instead = "limbeck upgrade heads",
       .action = "Upgrade the database: it lacks {} (limbeck upgrade heads)",
       .fires = behind(second_revision),
       .quiet = one_revision,
       .check = pending},
  };
}

}  // namespace limbeck
