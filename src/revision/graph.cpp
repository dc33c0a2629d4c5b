#include "revision/graph.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "revision/graph_check.h"

namespace limbeck {
namespace {

using Index = RevisionGraph::Index;

// A shorter name is found by its whole text alone.
constexpr std::size_t shortest_for_prefix = 4;

bool begins_with(std::string_view name, std::string_view prefix) {
  return name.substr(0, prefix.size()) == prefix;
}

}  // namespace

RevisionGraph::RevisionGraph(std::vector<Revision> revisions) : revisions_(std::move(revisions)) {
  check_names(revisions_);
  index_names();
  check_unique(revisions_, by_id_, by_label_);
  check_squashed(revisions_, by_id_);
  link();
  sort_topologically();
  spread_labels();
}

void RevisionGraph::index_names() {
  by_id_.resize(revisions_.size());
  std::iota(by_id_.begin(), by_id_.end(), Index{0});
  std::sort(by_id_.begin(), by_id_.end(), [&](Index a, Index b) {
    const int order = revisions_[a].id.compare(revisions_[b].id);
    return order != 0 ? order < 0 : a < b;
  });
  for (Index index = 0; index < revisions_.size(); ++index) {
    for (const std::string& label : revisions_[index].labels) by_label_.emplace_back(label, index);
  }
  std::sort(by_label_.begin(), by_label_.end());
}

void RevisionGraph::link() {
  std::unordered_map<std::string_view, Index> ids(revisions_.size());
  for (Index index = 0; index < revisions_.size(); ++index)
    ids.emplace(revisions_[index].id, index);

  std::vector<MissingReference> missing;
  const auto resolve = [&](Index from, const std::vector<std::string>& names, bool dependency) {
    std::vector<Index> found;
    for (const std::string& name : names) {
      std::optional<Index> target;
      if (const auto id = ids.find(name); id != ids.end()) target = id->second;
      if (!target && dependency) target = labelled(name);
      if (!target) {
        missing.push_back({from, name, dependency});
      } else if (*target == from) {
        fail_with_self_reference(revisions_[from], dependency);
      } else if (std::find(found.begin(), found.end(), *target) == found.end()) {
        found.push_back(*target);
      }
    }
    return found;
  };
  std::vector<std::vector<Index>> parents(size());
  std::vector<std::vector<Index>> dependencies(size());
  for (Index index : by_id_) {
    parents[index] = resolve(index, revisions_[index].down_revisions, false);
    dependencies[index] = resolve(index, revisions_[index].depends_on, true);
  }
  if (!missing.empty()) fail_with_missing(revisions_, missing);
  parents_ = Edges(parents);
  dependencies_ = Edges(dependencies);
  children_ = parents_.reversed(by_id_);
  dependents_ = dependencies_.reversed(by_id_);
}

RevisionGraph::Edges::Edges(const std::vector<std::vector<Index>>& lists) {
  begin_.reserve(lists.size() + 1);
  for (const std::vector<Index>& list : lists) {
    begin_.push_back(static_cast<std::uint32_t>(targets_.size()));
    targets_.insert(targets_.end(), list.begin(), list.end());
  }
  begin_.push_back(static_cast<std::uint32_t>(targets_.size()));
}

RevisionGraph::Edges RevisionGraph::Edges::reversed(std::span<const Index> sources) const {
  Edges result;
  result.begin_.assign(begin_.size(), 0);
  for (Index target : targets_) ++result.begin_[target + 1];
  std::partial_sum(result.begin_.begin(), result.begin_.end(), result.begin_.begin());
  result.targets_.resize(targets_.size());
  std::vector<std::uint32_t> next = result.begin_;
  for (Index source : sources) {
    for (Index target : of(source)) result.targets_[next[target]++] = source;
  }
  return result;
}

std::optional<Index> RevisionGraph::find(std::string_view id) const {
  const auto found = std::lower_bound(
      by_id_.begin(), by_id_.end(), id,
      [&](Index index, std::string_view text) { return revisions_[index].id < text; });
  if (found == by_id_.end() || revisions_[*found].id != id) return std::nullopt;
  return *found;
}

std::optional<Index> RevisionGraph::labelled(std::string_view label) const {
  const auto found =
      std::lower_bound(by_label_.begin(), by_label_.end(), label,
                       [](const Name& name, std::string_view text) { return name.first < text; });
  if (found == by_label_.end() || found->first != label) return std::nullopt;
  return found->second;
}

std::vector<Index> RevisionGraph::beginning_with(std::string_view prefix) const {
  std::vector<Index> found;
  auto id = std::lower_bound(
      by_id_.begin(), by_id_.end(), prefix,
      [&](Index index, std::string_view text) { return revisions_[index].id < text; });
  for (; id != by_id_.end() && begins_with(revisions_[*id].id, prefix); ++id) {
    if (revisions_[*id].id.size() >= shortest_for_prefix) found.push_back(*id);
  }
  auto label =
      std::lower_bound(by_label_.begin(), by_label_.end(), prefix,
                       [](const Name& name, std::string_view text) { return name.first < text; });
  for (; label != by_label_.end() && begins_with(label->first, prefix); ++label) {
    if (label->first.size() >= shortest_for_prefix) found.push_back(label->second);
  }
  std::sort(found.begin(), found.end(),
            [&](Index a, Index b) { return revisions_[a].id < revisions_[b].id; });
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<Index> RevisionGraph::heads() const {
  std::vector<Index> result;
  std::copy_if(by_id_.begin(), by_id_.end(), std::back_inserter(result),
               [&](Index index) { return is_head(index); });
  return result;
}

std::vector<Index> RevisionGraph::real_heads() const {
  std::vector<Index> result;
  std::copy_if(by_id_.begin(), by_id_.end(), std::back_inserter(result),
               [&](Index index) { return is_real_head(index); });
  return result;
}

std::vector<Index> RevisionGraph::bases() const {
  std::vector<Index> result;
  std::copy_if(by_id_.begin(), by_id_.end(), std::back_inserter(result),
               [&](Index index) { return parents(index).empty(); });
  return result;
}

bool RevisionGraph::is_head(Index index) const {
  return children(index).empty();
}

bool RevisionGraph::is_real_head(Index index) const {
  return is_head(index) && dependents(index).empty();
}

bool RevisionGraph::is_effective_head(Index index) const {
  return is_head(index) && !dependents(index).empty();
}

bool RevisionGraph::is_branch_point(Index index) const {
  return children(index).size() > 1;
}

bool RevisionGraph::is_merge_point(Index index) const {
  return parents(index).size() > 1;
}

}  // namespace limbeck
