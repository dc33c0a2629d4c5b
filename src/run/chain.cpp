#include "run/chain.h"

#include <fmt/format.h>
#include <utility>

namespace limbeck {

Chain Chain::load(std::span<const std::filesystem::path> folders, bool recursive) {
  Chain chain = of(read_revision_headers(folders, recursive));
  chain.folders_.assign(folders.begin(), folders.end());
  chain.recursive_ = recursive;
  return chain;
}

Chain Chain::of(std::vector<RevisionSource> sources) {
  std::vector<Revision> revisions;
  Chain chain;
  revisions.reserve(sources.size());
  for (RevisionSource& source : sources) revisions.push_back(std::move(source.revision));
  chain.sources_ = std::move(sources);
  chain.graph_ = RevisionGraph(std::move(revisions));
  return chain;
}

std::vector<RevisionSource> Chain::sources() const {
  std::vector<RevisionSource> result = sources_;
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i].revision = graph_.at(static_cast<RevisionGraph::Index>(i));
  }
  return result;
}

std::vector<RevisionSource> Chain::read_squashed() const {
  return read_squashed_headers(folders_, recursive_);
}

RevisionFile Chain::read(RevisionGraph::Index index) const {
  RevisionFile file =
      parse_revision_file(read_revision_bytes(sources_[index]), path(index).string());
  const Revision& known = graph_.at(index);
  if (file.revision != known) {
    throw Error(
        {.code = ExitCode::invalid_project,
         .message = fmt::format("the file of revision {} changed while it was read", known.id),
         .place = file.revision.place,
         .state = "nothing of this revision was run",
         .hint = "run the command again"});
  }
  return file;
}

std::string Chain::hash(RevisionGraph::Index index) const {
  return revision_hash(read_revision_bytes(sources_[index]));
}

}  // namespace limbeck
