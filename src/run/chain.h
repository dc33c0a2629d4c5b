// The chain: a project's revisions as loaded, graph and files side by side.
//
// It never runs anything; it reads a body only when asked.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "revision/directory.h"
#include "revision/graph.h"

namespace limbeck {

class Chain {
 public:
  // Throws what read_revision_headers and RevisionGraph throw.
  static Chain load(std::span<const std::filesystem::path> folders, bool recursive);
  // Of revisions that were read already.
  static Chain of(std::vector<RevisionSource> sources);

  const RevisionGraph& graph() const { return graph_; }
  const std::filesystem::path& path(RevisionGraph::Index index) const {
    return sources_[index].path;
  }
  // All of them, to make another chain of.
  std::vector<RevisionSource> sources() const;
  // Where squashed revisions may be found: the folders that this chain was loaded from.
  std::vector<RevisionSource> read_squashed() const;
  // The whole revision, checked to be the same as in the graph.
  RevisionFile read(RevisionGraph::Index index) const;
  // The hash of its file, as RevisionFile has it.
  std::string hash(RevisionGraph::Index index) const;

 private:
  RevisionGraph graph_;
  std::vector<RevisionSource> sources_;  // their revisions moved into the graph
  std::vector<std::filesystem::path> folders_;
  bool recursive_ = false;
};

}  // namespace limbeck
