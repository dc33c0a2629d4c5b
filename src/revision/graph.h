// The revision graph: which revision comes after which.
//
// Pure data: it never reads a file and never asks a database. Built once, then only read. The semantics are Alembic's
// (branches, merges, labels, depends_on), whose users know them.
// Input may be thousands of revisions deep: nothing here recurses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "revision/revision.h"

namespace limbeck {

class RevisionGraph {
 public:
  using Index = std::uint32_t;  // of a revision in this graph: its position in revisions()

  RevisionGraph() = default;

  // Throws Error (ExitCode::invalid_project) naming the revisions and their places: an id that is empty or holds one of
  // the characters @ - + : or a blank, a duplicate id, a duplicate label or one that is also an id, a revision that is its own parent
  // or depends on itself, a cycle, a cycle through depends_on, a parent or a dependency that is not there.
  explicit RevisionGraph(std::vector<Revision> revisions);

  std::span<const Revision> revisions() const { return revisions_; }
  const Revision& at(Index index) const { return revisions_[index]; }
  std::size_t size() const { return revisions_.size(); }

  // The revision with exactly this id.
  std::optional<Index> find(std::string_view id) const;

  std::span<const Index> parents(Index index) const;       // down_revisions
  std::span<const Index> children(Index index) const;      // whose down_revisions name it
  std::span<const Index> dependencies(Index index) const;  // depends_on, resolved
  std::span<const Index> dependents(Index index) const;    // whose depends_on name it

  // All labels that hold for the revision: its own, its descendants' down to the branch point, its ancestors'.
  std::span<const std::string> labels(Index index) const;
  std::optional<Index> labelled(std::string_view label) const;  // the revision that declares the label

  std::vector<Index> heads() const;            // nothing has them as a parent; in a stable order
  std::vector<Index> bases() const;            // no parent
  bool is_head(Index index) const;             // no child
  bool is_real_head(Index index) const;        // no child and no dependent: what a version table holds at the end
  bool is_effective_head(Index index) const;   // a head that another revision depends on
  bool is_branch_point(Index index) const;     // several children
  bool is_merge_point(Index index) const;      // several parents

  // Parents before children and dependencies before dependents; independent of the order in which the files were read.
  std::span<const Index> topological_order() const { return order_; }
};

}  // namespace limbeck
