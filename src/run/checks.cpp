#include "run/checks.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/terminal.h"
#include "revision/selector.h"

namespace limbeck {

void check_known(const Chain& chain, const DatabaseState& state) {
  const std::vector<std::string> unknown = unknown_revisions(chain, state);
  if (unknown.empty()) return;
  std::vector<std::string> shown;  // whoever writes the table may write lines into it
  shown.reserve(unknown.size());
  for (const std::string& id : unknown) shown.push_back(printable(id));
  throw UnknownRevisions(
      {.code = ExitCode::invalid_project,
       .message = fmt::format("the database is at revision {}, which is not in this project",
                              fmt::join(shown, ", ")),
       .state = "nothing was changed",
       .hint = "get the missing file (is the checkout older than the database?); or, when it is "
               "gone for good, say where "
               "the database stands with \"limbeck stamp --purge REVISION\""},
      unknown);
}

void refuse_range(std::string_view target) {
  if (!split_range(target)) return;
  throw Error(
      {.code = ExitCode::usage,
       .message = fmt::format("\"{}\" is a range, which only an offline script takes", target),
       .state = "nothing was changed",
       .hint = "add --sql, or name the revision to go to: the database knows where it is"});
}

void refuse_ambiguous_downgrade(const RevisionGraph& graph, std::string_view target,
                                std::span<const std::string> current) {
  if (!is_ambiguous_downgrade(graph, target, current)) return;
  throw Error({.code = ExitCode::usage,
               .message = fmt::format("\"{}\" is ambiguous: the database is at {}", target,
                                      fmt::join(current, " and ")),
               .state = "nothing was changed",
               .hint = "name the branch, as in LABEL@-1, or the revision to go down to"});
}

Error held_by_no_transaction(const Revision& revision) {
  return Error(
      {.code = ExitCode::usage,
       .message = fmt::format("revision {} has parts that no transaction can hold", revision.id),
       .place = revision.place,
       .state = "nothing was changed",
       .hint = "run it without --single-transaction"});
}

StoppedFile file_of_stopped(const Chain& chain, const JournalEntry& open) {
  if (open.kind == "apply") return StoppedFile::as_it_was;
  const auto index = chain.graph().find(open.revision);
  if (!index) return StoppedFile::missing;
  return chain.has_hash(*index, open.hash) ? StoppedFile::as_it_was : StoppedFile::changed;
}

Error stopped_in_its_middle(const Chain& chain, const JournalEntry& open) {
  if (file_of_stopped(chain, open) == StoppedFile::missing) {
    return Error({.code = ExitCode::failed_between_steps,
                  .message = fmt::format("{} stopped in its middle, and its file is not in this "
                                         "project",
                                         describe_work(open)),
                  .state = "nothing was changed now",
                  .hint = fmt::format("get its file back, and finish it with \"{}\"; or undo by "
                                      "hand what it has done, and say so with \"limbeck repair "
                                      "--abandon\"",
                                      resuming_command(chain.graph(), open))});
  }
  return Error(
      {.code = ExitCode::failed_between_steps,
       .message = fmt::format("{} stopped in its middle", describe_work(open)),
       .state = "nothing was changed now",
       .hint = fmt::format("finish it with \"{}\"; or finish or undo it by hand and say so with "
                           "\"limbeck repair --complete\" or \"limbeck repair --abandon\"",
                           resuming_command(chain.graph(), open))});
}

std::string resuming_command(const RevisionGraph& graph, const JournalEntry& open) {
  if (open.kind == "apply") return "limbeck apply";
  if (open.direction == "upgrade") return fmt::format("limbeck upgrade {}", open.revision);
  // The lineage that holds the revision, one step down: nothing else is undone.
  const auto index = graph.find(open.revision);
  if (!index || graph.parents(*index).empty())
    return fmt::format("limbeck downgrade {}@base", open.revision);
  return fmt::format("limbeck downgrade {}@-1", open.revision);
}

void check_unchanged(const Chain& chain, const DatabaseState& state, const RunSettings& settings,
                     std::span<const RevisionStep> steps) {
  if (settings.accept_changed) return;
  std::vector<ChangedRevision> changed = changed_revisions(chain, state);
  std::erase_if(changed, [&](const ChangedRevision& it) {
    const bool stopped =
        state.open_revision && state.open_revision->revision == chain.graph().at(it.revision).id;
    return stopped || std::any_of(steps.begin(), steps.end(), [&](const RevisionStep& step) {
             return step.direction == Direction::downgrade && step.revision == it.revision;
           });
  });
  if (changed.empty()) return;
  const Revision& first = chain.graph().at(changed.front().revision);
  std::vector<std::string> ids;
  ids.reserve(changed.size());
  for (const ChangedRevision& it : changed) ids.push_back(chain.graph().at(it.revision).id);
  throw ChangedRevisions(
      {.code = ExitCode::tampered_revision,
       .message =
           ids.size() == 1
               ? fmt::format("revision {} is applied, and its file has changed since", ids[0])
               : fmt::format("{} applied revisions have changed since: {}", ids.size(),
                             fmt::join(ids, ", ")),
       .place = Place{.file = chain.path(changed.front().revision),
                      .line = first.place.line,
                      .column = first.place.column},
       .detail = fmt::format("recorded {}, the file has {}", changed.front().recorded_hash,
                             changed.front().file_hash),
       .state = "nothing was changed",
       .hint = "bring the file back and put the change into a new revision; or accept the files as "
               "they are with \"limbeck "
               "repair --accept-changed\""},
      ids);
}

}  // namespace limbeck
