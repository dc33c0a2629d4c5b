// Rules about single revisions: whether they run, and back, and what they say of themselves.
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "audit/revision_hit.h"
#include "audit/rule.h"
#include "audit/statement_text.h"
#include "audit/type_claims.h"
#include "base/source.h"
#include "dialect/schema_dialect.h"

namespace limbeck {
namespace {

const RevisionFacts* revision_named(const AuditFacts& facts, const std::string& id) {
  const auto index = facts.graph.find(id);
  return index ? &facts.revisions[*index] : nullptr;
}

AuditHits failing(const AuditFacts& facts, Direction direction) {
  AuditHits hits;
  for (const ReplayFault& fault : facts.replay.faults) {
    if (fault.direction != direction) continue;
    const RevisionFacts* revision = revision_named(facts, fault.revision);
    if (revision == nullptr) {
      hits.push_back({.message = fault.message, .place = fault.place});
      continue;
    }
    hits.push_back(revision_hit(*revision,
                                fmt::format("the {} of {} fails on what stands before it: {}",
                                            to_string(direction), fault.revision, fault.message),
                                fault.place));
  }
  return hits;
}

AuditHits failing_upgrades(const AuditFacts& facts) {
  AuditHits hits = failing(facts, Direction::upgrade);
  for (const RevisionFacts& revision : facts.revisions) {
    if (revision.is_script || !revision.up.fault) continue;
    const ErrorReport& fault = *revision.up.fault;
    hits.push_back(revision_hit(revision, fault.message, fault.place.value_or(Place{})));
    hits.back().instead = fault.hint;
  }
  return hits;
}

// A merge has nothing either way, and neither has a revision that only names a place in the
// history.
AuditHits empty_upgrade(const AuditFacts& facts) {
  AuditHits hits;
  for (const RevisionFacts& revision : facts.revisions) {
    if (revision.up.how == HowRun::cannot || has_statements(revision.up) ||
        !has_statements(revision.down))
      continue;
    hits.push_back(revision_hit(
        revision, fmt::format("the upgrade of revision {} is empty, and its downgrade is not",
                              revision.revision.id)));
  }
  return hits;
}

AuditHits no_downgrade(const AuditFacts& facts) {
  AuditHits hits;
  for (const RevisionFacts& revision : facts.revisions) {
    if (!revision.down.missing) continue;
    hits.push_back(
        revision_hit(revision, fmt::format("revision {} has no downgrade", revision.revision.id)));
  }
  return hits;
}

bool changes_rows(const RevisionFacts& revision) {
  constexpr std::array<std::string_view, 5> words{"INSERT", "UPDATE", "DELETE", "WITH", "MERGE"};
  for (const Step& step : revision.up.steps)
    for (const sql::Statement& statement : step.statements)
      for (const std::string_view word : words)
        if (sql::starts_with(statement, word)) return true;
  return false;
}

AuditHits empty_downgrade(const AuditFacts& facts) {
  AuditHits hits;
  for (const RevisionFacts& revision : facts.revisions) {
    if (revision.down.how == HowRun::cannot || has_statements(revision.down) ||
        !has_statements(revision.up))
      continue;
    const bool schema = facts.replay.no_change.count(revision.revision.id) == 0;
    if (!schema && !changes_rows(revision)) continue;
    hits.push_back(revision_hit(
        revision,
        fmt::format("the downgrade of revision {} is empty, and its upgrade {}",
                    revision.revision.id, schema ? "changes the schema" : "changes rows")));
    if (!schema) hits.back().severity = Severity::notice;
  }
  return hits;
}

AuditHits failing_downgrades(const AuditFacts& facts) {
  AuditHits hits = failing(facts, Direction::downgrade);
  for (const RevisionFacts& revision : facts.revisions) {
    if (!revision.down.fault || revision.down.irreversible || revision.down.missing) continue;
    if (revision.up.fault && revision.is_script) continue;  // said of the script as a whole
    const ErrorReport& fault = *revision.down.fault;
    hits.push_back(revision_hit(revision, fault.message, fault.place.value_or(Place{})));
    hits.back().instead = fault.hint;
  }
  return hits;
}

AuditHits hidden_tables(const AuditFacts& facts) {
  AuditHits hits;
  for (const HiddenTable& hidden : facts.replay.hidden) {
    const RevisionFacts* revision = revision_named(facts, hidden.revision);
    if (revision == nullptr) continue;
    hits.push_back(revision_hit(
        *revision,
        fmt::format("this makes no table: {} is there from revision {} ({}:{}), with other columns",
                    shown_name(hidden.table), hidden.earlier.revision, hidden.earlier.place.file,
                    hidden.earlier.place.line),
        hidden.place));
    hits.back().object = shown_name(hidden.table);
  }
  return hits;
}

AuditHits if_not_exists(const AuditFacts& facts) {
  const bool fold = schema_dialect_named(facts.dialect).case_sensitive_names();
  AuditHits hits;
  for (const RevisionFacts& revision : facts.revisions) {
    for (const Step& step : revision.up.steps) {
      for (const sql::Statement& statement : step.statements) {
        const auto created = created_table(statement, fold);
        if (!created || !created->if_not_exists) continue;
        hits.push_back(revision_hit(
            revision,
            fmt::format("a table {} that is there already, whatever it looks like, would be taken "
                        "for this one",
                        shown_name(created->table)),
            statement.place));
        hits.back().object = shown_name(created->table);
        hits.back().certainty = Certainty::text;
      }
    }
  }
  return hits;
}

// The column that a comment speaks of: the first one behind it of that name.
const ColumnText* column_of(const RevisionFacts& revision, const TypeClaim& claim) {
  for (const ColumnText& column : revision.columns) {
    const bool same =
        column.column == claim.column && (claim.table.empty() || claim.table == column.table.name);
    if (same && column.place.line >= claim.line) return &column;
  }
  return nullptr;
}

AuditHits contradicted_comments(const AuditFacts& facts) {
  const sql::LexicalRules& rules = dialect_named(facts.dialect).lexical_rules();
  AuditHits hits;
  for (const RevisionFacts& revision : facts.revisions) {
    if (revision.columns.empty()) continue;
    const std::vector<TypeClaim> claims = revision.is_script
                                              ? type_claims_of_script(revision.text)
                                              : type_claims_of_sql(revision.text, rules);
    for (const TypeClaim& claim : claims) {
      const ColumnText* column = column_of(revision, claim);
      if (column == nullptr) continue;
      const std::string_view written = type_family(column->type);
      if (written.empty() || written == type_family(claim.type)) continue;
      hits.push_back(
          revision_hit(revision,
                       fmt::format("the comment says that {} is {}; line {} makes {}.{} {}",
                                   claim.column, claim.type, column->place.line,
                                   shown_name(column->table), column->column, column->type),
                       Place{revision.revision.place.file, claim.line, 1, {}}));
      hits.back().object = fmt::format("{}.{}", shown_name(column->table), column->column);
      hits.back().certainty = Certainty::text;
    }
  }
  return hits;
}

}  // namespace

std::vector<AuditRule> revision_audit_rules() {
  return {
      {.name = "upgrade-fails",
       .severity = Severity::error,
       .summary = "An upgrade does not run on what the revisions before it build",
       .why = "A new database cannot be built any more.",
       .instead = "write a revision that makes what is missing, or correct this one while no "
                  "database has it",
       .action = "Mend the revisions that do not run: {}",
       .fires = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
ALTER TABLE users ADD COLUMN email text;
-- limbeck:downgrade
ALTER TABLE users DROP COLUMN email;
)",
       .quiet = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TABLE users (id integer PRIMARY KEY);
ALTER TABLE users ADD COLUMN email text;
-- limbeck:downgrade
DROP TABLE users;
)",
       .check = failing_upgrades},
      {.name = "empty-upgrade",
       .severity = Severity::warning,
       .summary = "An upgrade is empty, and the downgrade is not",
       .why = "The revision counts as done, and nothing was; the way back takes away what others "
              "have made, or fails.",
       .instead = "write what was forgotten, or empty the downgrade too",
       .action = "Fill the empty upgrades: {}",
       .fires = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
-- limbeck:downgrade
DROP TABLE IF EXISTS t;
)",
       .quiet = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
-- limbeck:downgrade
)",
       .check = empty_upgrade},
      {.name = "no-downgrade",
       .severity = Severity::warning,
       .summary = "A revision has no way back, and does not say so",
       .why = "Nobody knows whether it was forgotten or cannot be undone.",
       .instead = "write a downgrade, or \"-- limbeck:downgrade irreversible\"",
       .action = "Write downgrades, or say that there is none: {}",
       .fires = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TABLE t (id integer);
)",
       .quiet = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TABLE t (id integer);
-- limbeck:downgrade irreversible
)",
       .check = no_downgrade},
      {.name = "empty-downgrade",
       .severity = Severity::warning,
       .summary = "A downgrade is empty, and the upgrade is not",
       .why =
           "After it the database still has what the revision made, and the next upgrade fails on "
           "that.",
       .instead = "undo what the upgrade does, or say that it cannot be undone",
       .action = "Fill the empty downgrades: {}",
       .fires = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TABLE t (id integer);
-- limbeck:downgrade
)",
       .quiet = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TABLE t (id integer);
-- limbeck:downgrade
DROP TABLE t;
)",
       .check = empty_downgrade},
      {.name = "downgrade-fails",
       .severity = Severity::error,
       .summary = "A downgrade cannot run",
       .why = "The way back ends there, and that is found out when it is needed most.",
       .instead = "name what the upgrade has made; \"limbeck verify\" tries it",
       .action = "Mend the downgrades that cannot run: {}",
       .fires = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TABLE t (id integer, CONSTRAINT t_id_positive CHECK (id > 0));
-- limbeck:downgrade
DROP INDEX t_id_positive;
DROP TABLE t;
)",
       .quiet = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TABLE t (id integer, CONSTRAINT t_id_positive CHECK (id > 0));
-- limbeck:downgrade
DROP TABLE t;
)",
       .check = failing_downgrades},
      {.name = "hidden-by-if-not-exists",
       .severity = Severity::warning,
       .summary = "IF NOT EXISTS passes over a table that an earlier revision made in another way",
       .why = "The statement does nothing: the columns that it writes out are not there.",
       .instead = "alter the table that is there",
       .action = "Write what IF NOT EXISTS hides as changes of the tables that are there: {}",
       .fires = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TABLE users (id integer PRIMARY KEY);
-- limbeck:downgrade
DROP TABLE users;
=== migrations/b2.sql
-- limbeck:revision b2
-- limbeck:revises a1
-- limbeck:upgrade
CREATE TABLE IF NOT EXISTS users (id integer PRIMARY KEY, email text);
-- limbeck:downgrade irreversible
)",
       .quiet = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TABLE users (id integer PRIMARY KEY);
-- limbeck:downgrade
DROP TABLE users;
=== migrations/b2.sql
-- limbeck:revision b2
-- limbeck:revises a1
-- limbeck:upgrade
ALTER TABLE users ADD COLUMN email text;
-- limbeck:downgrade
ALTER TABLE users DROP COLUMN email;
)",
       .check = hidden_tables},
      {.name = "if-not-exists",
       .severity = Severity::notice,
       .summary = "A revision makes a table with IF NOT EXISTS",
       .why = "Whether the table is new or was there, perhaps with other columns, is not seen: the "
              "revision counts as done either way.",
       .instead = "leave IF NOT EXISTS away: a revision is run once",
       .action = "Leave IF NOT EXISTS away in new revisions ({})",
       .fires = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TABLE IF NOT EXISTS users (id integer PRIMARY KEY);
-- limbeck:downgrade
DROP TABLE users;
)",
       .quiet = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TABLE users (id integer PRIMARY KEY);
-- limbeck:downgrade
DROP TABLE users;
)",
       .check = if_not_exists},
      {.name = "comment-contradicts-type",
       .severity = Severity::warning,
       .summary = "A comment says another type than the SQL",
       .why = "Whoever reads the comment writes code for the wrong type.",
       .instead = "correct the comment; a changed comment of an applied revision is accepted with "
                  "\"limbeck repair\"",
       .action = "Correct the comments about: {}",
       .fires = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
-- user_id is UUID but references users.id (INTEGER)
CREATE TABLE profiles (id integer PRIMARY KEY, user_id integer);
-- limbeck:downgrade
DROP TABLE profiles;
)",
       .quiet = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
-- user_id is an INTEGER, as users.id is
CREATE TABLE profiles (id integer PRIMARY KEY, user_id integer);
-- limbeck:downgrade
DROP TABLE profiles;
)",
       .check = contradicted_comments},
  };
}

}  // namespace limbeck
