// Rules about Alembic scripts: how each of them would run.
#include <fmt/format.h>

#include "audit/revision_hit.h"

namespace limbeck {
namespace {

AuditHits cannot_run(const AuditFacts& facts) {
  AuditHits hits;
  if (facts.no_python) {
    AuditHit& hit = hits.emplace_back();
    hit.message = facts.no_python->message;
    hit.instead = facts.no_python->hint;
  }
  for (const RevisionFacts& revision : facts.revisions) {
    if (!revision.is_script || !revision.up.fault) continue;
    AuditHit hit = revision_hit(revision, revision.up.fault->message);
    if (revision.up.fault->place) hit.place = *revision.up.fault->place;
    hit.instead = revision.up.fault->hint;
    hits.push_back(std::move(hit));
  }
  return hits;
}

AuditHits with(const AuditFacts& facts, HowRun how, std::string_view what) {
  AuditHits hits;
  for (const RevisionFacts& revision : facts.revisions) {
    const bool up = revision.up.how == how;
    if (!revision.is_script || (!up && revision.down.how != how)) continue;
    hits.push_back(revision_hit(
        revision,
        fmt::format("the {} of {} {}: {}", up ? "upgrade" : "downgrade", revision.revision.id, what,
                    up ? revision.up.because : revision.down.because)));
  }
  return hits;
}

AuditHits delegated(const AuditFacts& facts) {
  return with(facts, HowRun::delegated, "is run by the project's own Alembic");
}

AuditHits live(const AuditFacts& facts) {
  return with(facts, HowRun::live, "runs against the database itself");
}

constexpr std::string_view ini = R"(=== alembic.ini
[alembic]
script_location = alembic
=== alembic/versions/a1.py
revision = "a1"
down_revision = None
)";

}  // namespace

std::vector<AuditRule> script_audit_rules() {
  static const std::string broken = std::string(ini) + R"py(
def upgrade():
    from shop.models import Order
    Order.create_everything()

def downgrade():
    pass
)py";
  static const std::string plain = std::string(ini) + R"py(
from alembic import op

def upgrade():
    op.execute("CREATE TABLE orders (id integer)")

def downgrade():
    op.execute("DROP TABLE orders")
)py";
  static const std::string asking = std::string(ini) + R"py(
from alembic import op

def upgrade():
    rows = op.get_bind().execute("SELECT name FROM sqlite_master").fetchall()
    if not rows:
        op.execute("CREATE TABLE orders (id integer)")

def downgrade():
    op.execute("DROP TABLE orders")
)py";
  static const std::string delegating = "=== limbeck.toml\n[alembic]\ndelegate = true\n" + broken;
  return {
      {.name = "script-cannot-run",
       .severity = Severity::error,
       .summary = "A script cannot be run",
       .why = "It raises, or needs the application, which is run only when the project says so.",
       .instead =
           "write delegate = true into the table [alembic] of limbeck.toml, and the project's "
           "own Alembic runs it",
       .action = "Make these scripts run: {}",
       .fires = broken,
       .quiet = plain,
       .check = cannot_run},
      {.name = "script-delegated",
       .severity = Severity::notice,
       .summary = "A script is run by the project's own Alembic",
       .why =
           "What it does is not known before it runs, and nothing of it is journaled but that it "
           "was run.",
       .instead = "write it as a revision in SQL",
       .action = "Look at the scripts that only Alembic can run: {}",
       .fires = delegating,
       .quiet = plain,
       .check = delegated},
      {.name = "script-asks",
       .severity = Severity::notice,
       .summary = "A script asks the database, and goes on by its answer",
       .why = "It can build two different databases, and cannot be printed as SQL.",
       .instead = "write the statements out; a revision knows what stands before it",
       .action = "Look at the scripts that ask the database: {}",
       .fires = asking,
       .quiet = plain,
       .check = live},
  };
}

}  // namespace limbeck
