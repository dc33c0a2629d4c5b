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

  const RevisionGraph& graph() const { return graph_; }
  const std::filesystem::path& path(RevisionGraph::Index index) const {
    return sources_[index].path;
  }
  // The whole revision, checked to be the same as in the graph.
  RevisionFile read(RevisionGraph::Index index) const;
  // The hash of its file, as RevisionFile has it.
  std::string hash(RevisionGraph::Index index) const;

 private:
  RevisionGraph graph_;
  std::vector<RevisionSource> sources_;  // their revisions moved into the graph
};

}  // namespace limbeck
