#include "run/unsquash.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "revision/squash.h"

namespace limbeck {
namespace {

bool holds(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// The id at which the database stands within the squash; empty when it does not. Where it stopped
// in the middle of the last of the parts, the hash tells that from the middle of the squash.
std::string place_within(const Revision& squash, const DatabaseState& state) {
  for (const std::string& id : state.current) {
    if (id != squash.id && holds(squash.squashed, id)) return id;
  }
  if (!state.open_revision) return {};
  const JournalEntry& open = *state.open_revision;
  const bool of_part = open.revision == squash.id ? holds(squash.squashed_hashes, open.hash)
                                                  : holds(squash.squashed, open.revision);
  return of_part ? open.revision : std::string();
}

[[noreturn]] void fail_without_files(const Revision& squash, const std::string& at,
                                     const std::vector<std::string>& missing) {
  throw Error(
      {.code = ExitCode::invalid_project,
       .message = fmt::format("the database is at revision {}, which was squashed into {}, and the "
                              "files of the squashed revisions are not there",
                              at, squash.id),
       .place = squash.place,
       .detail = fmt::format("missing: {}", fmt::join(missing, ", ")),
       .state = "nothing was changed",
       .hint = fmt::format("restore the folder \"{}\" beside the squash from version control; it "
                           "may go when no database is within {} any more",
                           squashed_folder, squash.id)});
}

// Puts the parts in the place of the squash.
void replace(std::vector<RevisionSource>& sources, std::size_t squash, const std::string& at,
             const std::vector<RevisionSource>& put_away) {
  std::vector<const Revision*> candidates;
  candidates.reserve(put_away.size());
  for (const RevisionSource& source : put_away) candidates.push_back(&source.revision);
  const Revision replaced = sources[squash].revision;
  const SquashParts parts = parts_of_squash(replaced, candidates);
  if (!parts.missing.empty()) fail_without_files(replaced, at, parts.missing);
  sources.erase(sources.begin() + static_cast<std::ptrdiff_t>(squash));
  for (const std::size_t part : parts.found) sources.push_back(put_away[part]);
}

bool has_squash(const RevisionGraph& graph) {
  return std::any_of(graph.revisions().begin(), graph.revisions().end(),
                     [](const Revision& it) { return !it.squashed.empty(); });
}

}  // namespace

std::optional<Chain> unsquashed(const Chain& chain, const DatabaseState& state) {
  const auto revisions = chain.graph().revisions();
  const bool within = std::any_of(revisions.begin(), revisions.end(), [&](const Revision& it) {
    return !place_within(it, state).empty();
  });
  if (!within) return std::nullopt;
  const std::vector<RevisionSource> put_away = chain.read_squashed();
  std::vector<RevisionSource> sources = chain.sources();
  for (std::size_t i = 0; i < sources.size();) {
    const std::string at = place_within(sources[i].revision, state);
    if (at.empty()) {
      ++i;
      continue;
    }
    replace(sources, i, at, put_away);  // a part may be a squash itself: it comes behind
  }
  return Chain::of(std::move(sources));
}

std::optional<Chain> unsquashed(const Chain& chain, TargetDatabase& database) {
  if (!has_squash(chain.graph())) return std::nullopt;
  return unsquashed(chain, read_state(database));
}

}  // namespace limbeck
