#include "audit/graph_faults.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <unordered_map>

#include "base/edit_distance.h"
#include "revision/graph_check.h"

namespace limbeck {
namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);

// Which revision stands in which strongly connected part of the graph: a part of several is a
// cycle. Tarjan's algorithm with a stack of its own, since chains are long.
class Parts {
 public:
  explicit Parts(const std::vector<std::vector<std::size_t>>& edges)
      : edges_(edges),
        part_(edges.size(), none),
        found_(edges.size(), none),
        lowest_(edges.size(), 0) {
    for (std::size_t i = 0; i < edges.size(); ++i)
      if (found_[i] == none) walk(i);
  }

  std::size_t of(std::size_t node) const { return part_[node]; }
  // The members of each part.
  std::vector<std::vector<std::size_t>> members() const {
    std::vector<std::vector<std::size_t>> result(parts_);
    for (std::size_t i = 0; i < part_.size(); ++i) result[part_[i]].push_back(i);
    return result;
  }

 private:
  void walk(std::size_t start) {
    std::vector<std::pair<std::size_t, std::size_t>> path{{start, 0}};  // a node, its next edge
    enter(start);
    while (!path.empty()) {
      auto& [node, next] = path.back();
      if (next < edges_[node].size()) {
        const std::size_t target = edges_[node][next++];
        if (found_[target] == none) {
          enter(target);
          path.emplace_back(target, 0);
        } else if (part_[target] == none) {
          lowest_[node] = std::min(lowest_[node], found_[target]);
        }
        continue;
      }
      const std::size_t done = node;
      path.pop_back();
      if (!path.empty())
        lowest_[path.back().first] = std::min(lowest_[path.back().first], lowest_[done]);
      if (lowest_[done] == found_[done]) close(done);
    }
  }

  void enter(std::size_t node) {
    found_[node] = lowest_[node] = next_++;
    open_.push_back(node);
  }

  void close(std::size_t node) {
    std::size_t member = none;
    do {
      member = open_.back();
      open_.pop_back();
      part_[member] = parts_;
    } while (member != node);
    ++parts_;
  }

  const std::vector<std::vector<std::size_t>>& edges_;
  std::vector<std::size_t> part_;
  std::vector<std::size_t> found_;
  std::vector<std::size_t> lowest_;
  std::vector<std::size_t> open_ = {};
  std::size_t next_ = 0;
  std::size_t parts_ = 0;
};

class Checker {
 public:
  explicit Checker(std::span<const Revision> revisions) : revisions_(revisions) {
    result_.mended.assign(revisions.begin(), revisions.end());
    result_.kept.assign(revisions.size(), true);
  }

  CheckedGraph run() && {
    check_names_and_ids();
    check_labels();
    check_references();
    check_cycles();
    check_squashes();
    return std::move(result_);
  }

 private:
  void add(std::string_view rule, std::size_t index, std::string message, std::string hint = {}) {
    result_.faults.push_back({.rule = rule,
                              .revision = revisions_[index].id,
                              .message = std::move(message),
                              .hint = std::move(hint),
                              .place = revisions_[index].place});
  }

  void check_names_and_ids() {
    for (std::size_t i = 0; i < revisions_.size(); ++i) {
      try {
        check_names(revisions_.subspan(i, 1));
      } catch (const Error& error) {
        add("bad-name", i, error.report().message, error.report().hint);
        result_.kept[i] = false;
        continue;
      }
      const auto [first, is_new] = ids_.emplace(revisions_[i].id, i);
      if (is_new) continue;
      result_.kept[i] = false;
      add("duplicate-id", i,
          fmt::format("the id {} is that of {} too", revisions_[i].id,
                      to_string(revisions_[first->second].place)));
    }
  }

  void check_labels() {
    for (std::size_t i = 0; i < revisions_.size(); ++i) {
      if (!result_.kept[i]) continue;
      std::vector<std::string>& labels = result_.mended[i].labels;
      std::erase_if(labels, [&](const std::string& label) {
        if (ids_.count(label) != 0) {
          add("duplicate-label", i,
              fmt::format("the label {} is also the id of a revision", label));
          return true;
        }
        const auto [first, is_new] = labels_.emplace(label, i);
        if (is_new) return false;
        add("duplicate-label", i,
            fmt::format("the label {} is declared by {} too", label,
                        described(revisions_[first->second])));
        return true;
      });
    }
  }

  std::string hint_for(std::size_t index, const std::string& name) const {
    if (const auto part = find_squashed(revisions_, name); part && part->id == name)
      return fmt::format("{} was squashed into {}; name that one", name, part->squash->id);
    std::vector<std::string_view> names;
    for (const auto& [id, other] : ids_)
      if (other != index) names.push_back(id);
    std::sort(names.begin(), names.end());
    return did_you_mean(closest_names(name, names));
  }

  void check_references() {
    for (std::size_t i = 0; i < revisions_.size(); ++i) {
      if (!result_.kept[i]) continue;
      std::erase_if(result_.mended[i].down_revisions, [&](const std::string& name) {
        if (name == revisions_[i].id) {
          add("cycle", i, fmt::format("revision {} revises itself", name));
          return true;
        }
        if (ids_.count(name) != 0) return false;
        add("missing-parent", i,
            fmt::format("revision {} revises {}, which is not there", revisions_[i].id, name),
            hint_for(i, name));
        return true;
      });
      std::erase_if(result_.mended[i].depends_on, [&](const std::string& name) {
        const bool is_there = ids_.count(name) != 0 || labels_.count(name) != 0;
        if (is_there && target_of(name) == i) {
          add("cycle", i, fmt::format("revision {} depends on itself", revisions_[i].id));
          return true;
        }
        if (is_there) return false;
        add("missing-parent", i,
            fmt::format("revision {} depends on {}, which is neither a revision nor a label",
                        revisions_[i].id, name),
            hint_for(i, name));
        return true;
      });
    }
  }

  std::size_t target_of(const std::string& name) const {
    if (const auto id = ids_.find(name); id != ids_.end()) return id->second;
    return labels_.at(name);
  }

  void check_cycles() {
    std::vector<std::vector<std::size_t>> edges(revisions_.size());
    for (std::size_t i = 0; i < revisions_.size(); ++i) {
      if (!result_.kept[i]) continue;
      const Revision& revision = result_.mended[i];
      for (const auto& names : {revision.down_revisions, revision.depends_on})
        for (const std::string& name : names) edges[i].push_back(target_of(name));
    }
    const Parts parts(edges);
    for (const std::vector<std::size_t>& cycle : parts.members()) {
      if (cycle.size() < 2) continue;
      std::vector<std::string> ids;
      for (const std::size_t i : cycle) ids.push_back(revisions_[i].id);
      add("cycle", cycle.front(),
          fmt::format("the revisions {} come before each other: they form a cycle",
                      fmt::join(ids, ", ")));
      for (const std::size_t i : cycle) {
        const auto inside = [&](const std::string& name) {
          return parts.of(target_of(name)) == parts.of(i);
        };
        std::erase_if(result_.mended[i].down_revisions, inside);
        std::erase_if(result_.mended[i].depends_on, inside);
      }
    }
  }

  // These stand beside what they are squashed into; the first fault says what to do about all.
  void check_squashes() {
    std::vector<RevisionGraph::Index> by_id;
    for (std::size_t i = 0; i < revisions_.size(); ++i)
      by_id.push_back(static_cast<RevisionGraph::Index>(i));
    std::sort(by_id.begin(), by_id.end(),
              [&](auto a, auto b) { return revisions_[a].id < revisions_[b].id; });
    try {
      check_squashed(revisions_, by_id);
    } catch (const Error& error) {
      const ErrorReport& report = error.report();
      result_.faults.push_back({.rule = "squash-beside-parts",
                                .message = report.message,
                                .hint = report.hint,
                                .place = report.place.value_or(Place{})});
      for (Revision& revision : result_.mended) revision.squashed.clear();
    }
  }

  std::span<const Revision> revisions_;
  CheckedGraph result_;
  std::unordered_map<std::string, std::size_t> ids_;
  std::map<std::string, std::size_t> labels_;
};

}  // namespace

CheckedGraph check_graph(std::span<const Revision> revisions) {
  return Checker(revisions).run();
}

}  // namespace limbeck
