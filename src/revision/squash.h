// Squashing: which revisions one revision may stand for, what its header says, and which files it
// stands for once they have been put away.
//
// Pure: it reads no file, asks no database and writes no SQL.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "revision/graph.h"
#include "revision/selector.h"

namespace limbeck {

struct SquashRange {
  std::vector<RevisionGraph::Index> revisions = {};  // parents first; the last one gives its id
  // In whose place the squash begins: the parents of the first revision, as written there. None
  // for base.
  std::vector<std::string> parents = {};

  RevisionGraph::Index last() const { return revisions.back(); }
};

// The revisions from one to another, both included; from base when the first is left out, to the
// only head when the second is. Throws Error (ExitCode::usage) that names the revisions: the first
// does not come before the last; there is one alone; another branch begins or ends within, so that
// a revision outside has one of them but the last as its parent, or one of them but the first has a
// parent outside; a revision outside depends on one of them but the last.
SquashRange squash_range(const RevisionGraph& graph, const SelectorRange& range);

// The revisions that have to be applied before the range begins: for "upgrade". Ids.
std::vector<std::string> before_range(const RevisionGraph& graph, const SquashRange& range);

// The header of the squash, without message and time of its own. last_hash: of the last revision's
// file.
Revision squashed_revision(const RevisionGraph& graph, const SquashRange& range,
                           const std::string& last_hash);

// Which of the candidates the squash stands for itself: a squash that was squashed again comes in
// the place of its own parts. Positions in candidates. missing: the ids for which there is no file.
struct SquashParts {
  std::vector<std::size_t> found = {};
  std::vector<std::string> missing = {};
};
SquashParts parts_of_squash(const Revision& squash, std::span<const Revision* const> candidates);

}  // namespace limbeck
