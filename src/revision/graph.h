// The revision graph: which revision comes after which.
//
// Pure data: it never reads a file and never asks a database. Built once, then only read; a copy is
// independent. The semantics are Alembic's (branches, merges, labels, depends_on), whose users know
// them. Input may be thousands of revisions deep: nothing here recurses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "revision/revision.h"

namespace limbeck {

class RevisionGraph {
 public:
  using Index = std::uint32_t;  // of a revision in this graph: its position in revisions()

  RevisionGraph() = default;

  // Throws Error (ExitCode::invalid_project) naming the revisions and their places: an id or a
  // label that is empty, that selectors give a meaning of its own (head, heads, base, current) or
  // that holds a comma, a blank or one of the characters @ and : (and for an id + and -); a
  // duplicate id, a duplicate label or one that is also an id; a revision that is its own parent or
  // depends on itself; a parent or a dependency that is not there; a cycle, also one through
  // depends_on; a revision beside the squash that it is a part of.
  explicit RevisionGraph(std::vector<Revision> revisions);

  std::span<const Revision> revisions() const { return revisions_; }
  const Revision& at(Index index) const { return revisions_[index]; }
  const std::string& id(Index index) const { return revisions_[index].id; }
  std::size_t size() const { return revisions_.size(); }

  // The revision with exactly this id.
  std::optional<Index> find(std::string_view id) const;
  // The revision that declares exactly this label.
  std::optional<Index> labelled(std::string_view label) const;
  // The revisions whose id or label begins so, in the order of their ids, each once. An id or a
  // label of three characters or fewer has to be written out.
  std::vector<Index> beginning_with(std::string_view prefix) const;

  // Each neighbour once, in the order in which the revision names them; children and dependents in
  // that of their ids.
  std::span<const Index> parents(Index index) const { return parents_.of(index); }
  std::span<const Index> children(Index index) const { return children_.of(index); }
  std::span<const Index> dependencies(Index index) const { return dependencies_.of(index); }
  std::span<const Index> dependents(Index index) const { return dependents_.of(index); }

  // All labels that hold for the revision, in the order of the alphabet: its own, those of its
  // ancestors, and those of its descendants as far as it lies between them and the next branch
  // point or merge point below them.
  std::vector<std::string> labels(Index index) const;

  std::vector<Index> heads() const;           // no child; in the order of their ids
  std::vector<Index> real_heads() const;      // no child and no dependent; likewise
  std::vector<Index> bases() const;           // no parent; likewise
  bool is_head(Index index) const;            // no child
  bool is_real_head(Index index) const;       // what a version table holds at the end
  bool is_effective_head(Index index) const;  // a head that another revision depends on
  bool is_branch_point(Index index) const;    // several children
  bool is_merge_point(Index index) const;     // several parents

  // Parents before children and dependencies before dependents, a branch in one piece where that is
  // possible; independent of the order in which the files were read.
  std::span<const Index> topological_order() const { return order_; }
  std::size_t position(Index index) const { return position_[index]; }  // in topological_order()

 private:
  // For each revision a list of others, all lists in one block.
  class Edges {
   public:
    Edges() = default;
    explicit Edges(const std::vector<std::vector<Index>>& lists);
    // The same edges seen from their other end; the lists are in the order of sources.
    Edges reversed(std::span<const Index> sources) const;
    std::span<const Index> of(Index index) const {
      return std::span(targets_).subspan(begin_[index], begin_[index + 1] - begin_[index]);
    }

   private:
    std::vector<std::uint32_t> begin_ =
        {};  // where the list of a revision begins; one more at the end
    std::vector<Index> targets_ = {};
  };

  // Labels spread to thousands of revisions, so a revision holds the number of a set, and a set
  // holds what it adds to others. Set 0 is empty.
  struct LabelSet {
    Index declared_by = 0;  // whose own labels it adds, when adds_own
    bool adds_own = false;
    std::vector<std::uint32_t> inherits = {};
  };

  using Name = std::pair<std::string, Index>;  // a label, and who declares it

  void index_names();
  void link();
  void sort_topologically();
  void spread_labels();
  std::uint32_t extend_labels(Index index, std::vector<std::uint32_t> inherited);
  [[noreturn]] void fail_with_cycle(std::span<const Index> cycle) const;

  std::vector<Revision> revisions_ = {};
  std::vector<Index> by_id_ = {};
  std::vector<Name> by_label_ = {};  // sorted
  Edges parents_ = {};
  Edges children_ = {};
  Edges dependencies_ = {};
  Edges dependents_ = {};
  std::vector<Index> order_ = {};
  std::vector<std::uint32_t> position_ = {};
  std::vector<LabelSet> label_sets_ = {};
  std::vector<std::uint32_t> labels_above_ =
      {};  // own and inherited from ancestors; empty without any label
  std::vector<std::uint32_t> labels_below_ = {};  // from descendants
};

}  // namespace limbeck
