// Rules about what no graph can be made of: RevisionGraph would refuse it.
#include <algorithm>

#include "audit/rule.h"

namespace limbeck {
namespace {

// Those that RevisionGraph would refuse at the first of.
template <std::size_t count>
struct RuleName {
  constexpr RuleName(const char (&name)[count]) { std::copy_n(name, count, text); }
  char text[count];
  constexpr std::string_view view() const { return {text, count - 1}; }
};

template <RuleName name>
AuditHits graph_faults(const AuditFacts& facts) {
  AuditHits hits;
  for (const GraphFault& fault : facts.graph_faults) {
    if (fault.rule != name.view()) continue;
    hits.push_back({.message = fault.message,
                    .object = fault.revision,
                    .revision = fault.revision,
                    .place = fault.place,
                    .instead = fault.hint});
  }
  return hits;
}

AuditHits unreadable_revisions(const AuditFacts& facts) {
  AuditHits hits;
  for (const ErrorReport& report : facts.unreadable) {
    const Place place = report.place.value_or(Place{});
    std::string message = report.message;
    if (!report.detail.empty()) message += ": " + report.detail;
    hits.push_back({.message = std::move(message),
                    .object = std::filesystem::path(place.file).filename().string(),
                    .place = place,
                    .instead = report.hint});
  }
  return hits;
}

}  // namespace

std::vector<AuditRule> graph_audit_rules() {
  return {
      {.name = "unreadable-revision",
       .severity = Severity::error,
       .summary = "A file of the revisions cannot be read, or its header is wrong",
       .why = "Every command that needs the revisions refuses at such a file.",
       .instead = "correct the header, or move the file out of the folder",
       .action = "Correct the files that cannot be read: {}",
       .fires = R"(=== migrations/a1.sql
-- limbeck:upgrade
CREATE TABLE t (id integer);
)",
       .quiet = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
CREATE TABLE t (id integer);
-- limbeck:downgrade
DROP TABLE t;
)",
       .check = unreadable_revisions},
      {.name = "bad-name",
       .severity = Severity::error,
       .summary = "An id or a label holds what selectors give a meaning of its own",
       .why = "Nobody could name that revision on the command line.",
       .instead = "use letters, digits and _",
       .action = "Give these revisions other ids: {}",
       .fires = R"(=== migrations/a1.sql
-- limbeck:revision head
-- limbeck:upgrade
-- limbeck:downgrade
)",
       .quiet = R"(=== migrations/a1.sql
-- limbeck:revision header
-- limbeck:upgrade
-- limbeck:downgrade
)",
       .check = graph_faults<"bad-name">},
      {.name = "duplicate-id",
       .severity = Severity::error,
       .summary = "Two files have one id",
       .why = "Which of them a database has cannot be told; often one is a forgotten copy.",
       .instead = "give one of them another id, or remove the copy",
       .action = "Give each revision an id of its own: {}",
       .fires = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
-- limbeck:downgrade
=== migrations/a1_copy.sql
-- limbeck:revision a1
-- limbeck:upgrade
-- limbeck:downgrade
)",
       .quiet = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
-- limbeck:downgrade
=== migrations/b2.sql
-- limbeck:revision b2
-- limbeck:revises a1
-- limbeck:upgrade
-- limbeck:downgrade
)",
       .check = graph_faults<"duplicate-id">},
      {.name = "missing-parent",
       .severity = Severity::error,
       .summary = "A revision comes after one that is not there",
       .why = "The chain is broken there: nothing above it can be reached.",
       .instead = "add the missing file, or correct the reference",
       .action = "Mend the broken links of: {}",
       .fires = R"(=== migrations/b2.sql
-- limbeck:revision b2
-- limbeck:revises a1
-- limbeck:upgrade
-- limbeck:downgrade
)",
       .quiet = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
-- limbeck:downgrade
=== migrations/b2.sql
-- limbeck:revision b2
-- limbeck:revises a1
-- limbeck:upgrade
-- limbeck:downgrade
)",
       .check = graph_faults<"missing-parent">},
      {.name = "cycle",
       .severity = Severity::error,
       .summary = "Revisions come before each other",
       .why = "None of them can be the first, so that none can be run.",
       .instead = "one of them must come first: correct what it revises or depends on",
       .action = "Break the cycles of: {}",
       .fires = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:revises b2
-- limbeck:upgrade
-- limbeck:downgrade
=== migrations/b2.sql
-- limbeck:revision b2
-- limbeck:revises a1
-- limbeck:upgrade
-- limbeck:downgrade
)",
       .quiet = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
-- limbeck:downgrade
=== migrations/b2.sql
-- limbeck:revision b2
-- limbeck:revises a1
-- limbeck:upgrade
-- limbeck:downgrade
)",
       .check = graph_faults<"cycle">},
      {.name = "duplicate-label",
       .severity = Severity::error,
       .summary = "A label is declared twice, or is an id too",
       .why = "A label names one line of revisions; descendants have it of themselves.",
       .instead = "choose another label",
       .action = "Give each label to one revision: {}",
       .fires = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:labels shop
-- limbeck:upgrade
-- limbeck:downgrade
=== migrations/b2.sql
-- limbeck:revision b2
-- limbeck:labels shop
-- limbeck:upgrade
-- limbeck:downgrade
)",
       .quiet = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:labels shop
-- limbeck:upgrade
-- limbeck:downgrade
=== migrations/b2.sql
-- limbeck:revision b2
-- limbeck:labels stock
-- limbeck:upgrade
-- limbeck:downgrade
)",
       .check = graph_faults<"duplicate-label">},
      {.name = "squash-beside-parts",
       .severity = Severity::error,
       .summary = "A revision stands beside the squash that it is a part of",
       .why = "A new database would run it twice.",
       .instead = "move its file to the folder \"squashed\", or remove the squash",
       .action = "Separate squashes from what they stand for",
       .fires = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
-- limbeck:downgrade
=== migrations/b2.sql
-- limbeck:revision b2
-- limbeck:squashed a1, b2
-- limbeck:squashed-hash sha256:0000000000000000000000000000000000000000000000000000000000000000
-- limbeck:upgrade
-- limbeck:downgrade
)",
       .quiet = R"(=== migrations/b2.sql
-- limbeck:revision b2
-- limbeck:squashed a1, b2
-- limbeck:squashed-hash sha256:0000000000000000000000000000000000000000000000000000000000000000
-- limbeck:upgrade
-- limbeck:downgrade
)",
       .check = graph_faults<"squash-beside-parts">},
  };
}

}  // namespace limbeck
