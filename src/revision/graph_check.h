// The checks of the names and references of revisions, before a graph is built of them.
//
// It finds and reports; it never repairs. Cycles are found where the graph is sorted.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "revision/graph.h"
#include "revision/revision.h"

namespace limbeck {

// "5b1d02c7a9e4 (migrations/5b1d02c7a9e4.sql:3)", without the brackets when the place is not known.
std::string described(const Revision& revision);
// "a, b, c and 7 more"
std::string listed(const RevisionGraph& graph, std::span<const RevisionGraph::Index> revisions);

// Every id and label on its own.
void check_names(std::span<const Revision> revisions);
// Two revisions of one id, a label that two revisions declare, or one that is also an id. by_id:
// positions in revisions, sorted by id; by_label: sorted.
void check_unique(std::span<const Revision> revisions, std::span<const RevisionGraph::Index> by_id,
                  std::span<const std::pair<std::string, RevisionGraph::Index>> by_label);

// A revision that stands beside the squash that it is a part of, or is a part of two.
void check_squashed(std::span<const Revision> revisions,
                    std::span<const RevisionGraph::Index> by_id);
// A squash, and the id of one of its parts.
struct SquashedPart {
  const Revision* squash = nullptr;
  std::string_view id = {};
};
// The part that has this id, or else is the only one whose id begins so; parts that have the id of
// their squash do not count. Nothing when there is none.
std::optional<SquashedPart> find_squashed(std::span<const Revision> revisions,
                                          std::string_view name);

// A parent or a dependency that is not there.
struct MissingReference {
  RevisionGraph::Index from = 0;
  std::string name = {};
  bool dependency = false;
};
// For one or more of them; the first is the one that the error is about.
[[noreturn]] void fail_with_missing(std::span<const Revision> revisions,
                                    std::span<const MissingReference> missing);
[[noreturn]] void fail_with_self_reference(const Revision& revision, bool dependency);

}  // namespace limbeck
