// Rules about the shape of a graph, its ids and the names of its files.
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "audit/rule.h"
#include "revision/reach.h"
#include "source/filter.h"

namespace limbeck {
namespace {

AuditHits several_heads(const AuditFacts& facts) {
  // "upgrade head" and "merge heads" do not ask for those that another revision depends on either.
  const std::vector<RevisionGraph::Index> heads = facts.graph.real_heads();
  AuditHits hits;
  if (heads.size() < 2 || !facts.graph_is_whole()) return hits;
  std::vector<std::string> ids;
  for (const RevisionGraph::Index head : heads) ids.push_back(facts.graph.id(head));
  hits.push_back(
      {.message = fmt::format("there are {} heads: {}", ids.size(), fmt::join(ids, ", ")),
       .object = fmt::format("{}", fmt::join(ids, ", ")),
       .place = facts.graph.at(heads.back()).place});
  // Branches with labels of their own are kept apart on purpose.
  if (std::all_of(heads.begin(), heads.end(),
                  [&](RevisionGraph::Index head) { return !facts.graph.labels(head).empty(); }))
    hits.back().severity = Severity::notice;
  return hits;
}

AuditHits merge_of_related(const AuditFacts& facts) {
  AuditHits hits;
  for (RevisionGraph::Index index = 0; index < facts.graph.size(); ++index) {
    if (!facts.graph.is_merge_point(index)) continue;
    for (const RevisionGraph::Index parent : facts.graph.parents(index)) {
      for (const RevisionGraph::Index other : facts.graph.parents(index)) {
        if (parent == other) continue;
        const RevisionGraph::Index start[] = {other};
        if (!ancestors(facts.graph, start, Along::branch)[parent]) continue;
        const Revision& revision = facts.graph.at(index);
        hits.push_back(
            {.message = fmt::format("{} merges {} with {}, which comes after it already",
                                    revision.id, facts.graph.id(parent), facts.graph.id(other)),
             .object = revision.id,
             .revision = revision.id,
             .place = revision.place,
             .instead = fmt::format("let {} revise {} alone", revision.id, facts.graph.id(other))});
      }
    }
  }
  return hits;
}

void replace_all(std::string& text, std::string_view token, std::string_view by) {
  for (std::size_t at = text.find(token); at != std::string::npos; at = text.find(token, at))
    text.replace(at, token.size(), by);
}

// Whether the file of a revision has a name as the template makes one, whatever its time and slug.
bool has_name_of(const std::string& file_template, const RevisionFacts& revision) {
  std::string pattern = file_template.substr(file_template.rfind('/') + 1);
  const bool only_slug_behind = pattern == "%(rev)s_%(slug)s";
  replace_all(pattern, "%(rev)s", revision.revision.id);
  for (const std::string_view token :
       {"%(slug)s", "%(epoch)d", "%(year)d", "%(month).2d", "%(day).2d", "%(hour).2d",
        "%(minute).2d", "%(second).2d", "%(month)d", "%(day)d", "%(hour)d", "%(minute)d",
        "%(second)d"})
    replace_all(pattern, token, "*");
  const std::string name = revision.path.stem().string();
  return matches(name, pattern) || (only_slug_behind && name == revision.revision.id);
}

AuditHits file_names(const AuditFacts& facts) {
  const std::string& file_template = facts.project->file_template;
  std::vector<const RevisionFacts*> others;
  for (const RevisionFacts& revision : facts.revisions)
    if (!has_name_of(file_template, revision)) others.push_back(&revision);
  AuditHits hits;
  // What most files do not follow is no convention of the project's.
  if (others.size() > 1 && others.size() * 2 > facts.revisions.size()) {
    hits.push_back({.message = fmt::format(
                        "{} of {} files have other names than file_template = \"{}\" would make",
                        others.size(), facts.revisions.size(), file_template),
                    .object = "file_template",
                    .place = Place{facts.project->file.string(), 1, 1, {}},
                    .instead = "say in the configuration how the files are named"});
    return hits;
  }
  for (const RevisionFacts* revision : others)
    hits.push_back({.message = fmt::format("the file of revision {} has another name than "
                                           "file_template = \"{}\" would make",
                                           revision->revision.id, file_template),
                    .object = revision->path.filename().string(),
                    .revision = revision->revision.id,
                    .place = revision->revision.place});
  return hits;
}

AuditHits long_ids(const AuditFacts& facts) {
  const std::optional<int> there = facts.database ? facts.database->width : std::nullopt;
  const int width = there.value_or(facts.project->database.version_width);
  AuditHits hits;
  for (const RevisionFacts& revision : facts.revisions) {
    const std::string& id = revision.revision.id;
    // Bytes that go on a character do not count.
    const auto length = std::count_if(id.begin(), id.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    });
    if (length <= width) continue;
    hits.push_back(
        {.message = fmt::format(
             "the id {} has {} characters; {} {}", id, length,
             there ? "the version table of the database has room for" : "version_width is", width),
         .object = id,
         .revision = id,
         .place = revision.revision.place});
  }
  return hits;
}

}  // namespace

std::vector<AuditRule> shape_audit_rules() {
  return {
      {.name = "several-heads",
       .severity = Severity::warning,
       .summary = "The graph has several heads",
       .why =
           "Two people wrote a revision after the same one: \"upgrade head\" cannot tell which is "
           "meant, and a new revision neither.",
       .instead = "limbeck merge heads -m \"...\"",
       .action = "Merge the heads {} (limbeck merge heads)",
       .fires = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
-- limbeck:downgrade
=== migrations/b2.sql
-- limbeck:revision b2
-- limbeck:revises a1
-- limbeck:upgrade
-- limbeck:downgrade
=== migrations/c3.sql
-- limbeck:revision c3
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
       .check = several_heads},
      {.name = "merge-of-related",
       .severity = Severity::warning,
       .summary = "A merge has a parent that its other parent comes after",
       .why = "There is nothing to merge: one of the two holds the other already, and a downgrade "
              "across the merge writes more heads into the version table than there are.",
       .instead = "let it revise the later one alone",
       .action = "Simplify the merges {}",
       .fires = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
-- limbeck:downgrade
=== migrations/b2.sql
-- limbeck:revision b2
-- limbeck:revises a1
-- limbeck:upgrade
-- limbeck:downgrade
=== migrations/c3.sql
-- limbeck:revision c3
-- limbeck:revises a1, b2
-- limbeck:upgrade
-- limbeck:downgrade
)",
       .quiet = R"(=== migrations/a1.sql
-- limbeck:revision a1
-- limbeck:upgrade
-- limbeck:downgrade
=== migrations/b2.sql
-- limbeck:revision b2
-- limbeck:upgrade
-- limbeck:downgrade
=== migrations/c3.sql
-- limbeck:revision c3
-- limbeck:revises a1, b2
-- limbeck:upgrade
-- limbeck:downgrade
)",
       .check = merge_of_related},
      {.name = "id-too-long",
       .severity = Severity::error,
       .summary = "An id is longer than the version table has room for",
       .why = "PostgreSQL cannot write it there, so the revision is refused before it is run.",
       .instead = "a shorter id; or limbeck repair --widen, and a larger version_width",
       .action =
           "Shorten the ids, or make room for them (limbeck repair --widen, version_width): {}",
       .fires = R"(=== limbeck.toml
migrations = "migrations"
version_width = 12
=== migrations/a1.sql
-- limbeck:revision 20250804_add_users
-- limbeck:upgrade
-- limbeck:downgrade
)",
       .quiet = R"(=== limbeck.toml
migrations = "migrations"
version_width = 40
=== migrations/a1.sql
-- limbeck:revision 20250804_add_users
-- limbeck:upgrade
-- limbeck:downgrade
)",
       .check = long_ids},
      {.name = "file-name",
       .severity = Severity::notice,
       .summary = "A file has another name than file_template would make",
       .why = "Who looks for a revision in the folder looks for the names that the others have.",
       .instead = "rename the file: its name means nothing to Limbeck",
       .action = "Name the files as the others are named: {}",
       .fires = R"(=== migrations/a1_users.sql
-- limbeck:revision a1
-- limbeck:upgrade
-- limbeck:downgrade
=== migrations/final2.sql
-- limbeck:revision b2
-- limbeck:revises a1
-- limbeck:upgrade
-- limbeck:downgrade
)",
       .quiet = R"(=== migrations/a1_users.sql
-- limbeck:revision a1
-- limbeck:upgrade
-- limbeck:downgrade
=== migrations/b2_orders.sql
-- limbeck:revision b2
-- limbeck:revises a1
-- limbeck:upgrade
-- limbeck:downgrade
)",
       .check = file_names},
  };
}

}  // namespace limbeck
