#include "run/checks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace limbeck {

void check_known(const Chain& chain, const DatabaseState& state) {
  const std::vector<std::string> unknown = unknown_revisions(chain, state);
  if (unknown.empty()) return;
  throw Error(
      {.code = ExitCode::invalid_project,
       .message = fmt::format("the database is at revision {}, which is not in this project",
                              fmt::join(unknown, ", ")),
       .state = "nothing was changed",
       .hint = "get the missing file (is the checkout older than the database?); or, when it is "
               "gone for good, say where "
               "the database stands with \"limbeck stamp --purge REVISION\""});
}

void check_unchanged(const Chain& chain, const DatabaseState& state, const RunSettings& settings) {
  if (settings.accept_changed) return;
  const std::vector<ChangedRevision> changed = changed_revisions(chain, state);
  if (changed.empty()) return;
  const Revision& first = chain.graph().at(changed.front().revision);
  std::vector<std::string> ids;
  for (const ChangedRevision& it : changed) ids.push_back(chain.graph().at(it.revision).id);
  throw Error(
      {.code = ExitCode::tampered_revision,
       .message =
           ids.size() == 1
               ? fmt::format("revision {} is applied, and its file has changed since", ids[0])
               : fmt::format("{} applied revisions have changed since: {}", ids.size(),
                             fmt::join(ids, ", ")),
       .place = Place{.file = chain.path(changed.front().revision).string(),
                      .line = first.place.line,
                      .column = first.place.column},
       .detail = fmt::format("recorded {}, the file has {}", changed.front().recorded_hash,
                             changed.front().file_hash),
       .state = "nothing was changed",
       .hint = "bring the file back and put the change into a new revision; or accept the files as "
               "they are with \"limbeck "
               "repair --accept-changed\""});
}

}  // namespace limbeck
