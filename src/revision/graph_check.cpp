#include "revision/graph_check.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

#include "limbeck/error.h"

#include "base/edit_distance.h"

namespace limbeck {
namespace {

constexpr std::array<std::string_view, 4> words_of_selectors = {"head", "heads", "base", "current"};
constexpr std::size_t most_listed = 8;

[[noreturn]] void fail(const Place& place, std::string message, std::string hint,
                       std::string detail = {}) {
  ErrorReport report;
  report.code = ExitCode::invalid_project;
  report.message = std::move(message);
  if (place != Place{}) report.place = place;
  report.detail = std::move(detail);
  report.hint = std::move(hint);
  throw Error(std::move(report));
}

// kind: "revision id" or "label". forbidden: beside blanks and control characters.
void check_name(const Revision& revision, std::string_view kind, const std::string& name,
                std::string_view forbidden) {
  if (name.empty()) {
    fail(revision.place, fmt::format("a {} is empty", kind), fmt::format("write a {}", kind));
  }
  for (char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte != 0x7f && forbidden.find(c) == std::string_view::npos) continue;
    const std::string shown =
        byte > 0x20 && byte < 0x7f ? fmt::format("'{}'", c) : "a blank or a control character";
    fail(revision.place, fmt::format("the {} '{}' holds {}", kind, name, shown),
         "selectors and lists give that character a meaning; use letters, digits and _");
  }
  const auto word = std::find(words_of_selectors.begin(), words_of_selectors.end(), name);
  if (word != words_of_selectors.end()) {
    fail(revision.place, fmt::format("'{}' cannot be a {}", name, kind),
         fmt::format("'{}' has a meaning of its own in selectors; choose another name", name));
  }
}

}  // namespace

std::string described(const Revision& revision) {
  const std::string place = to_string(revision.place);
  return place.empty() ? revision.id : fmt::format("{} ({})", revision.id, place);
}

std::string listed(const RevisionGraph& graph, std::span<const RevisionGraph::Index> revisions) {
  std::string text;
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    if (i == most_listed && revisions.size() > most_listed + 1) {
      return text + fmt::format(" and {} more", revisions.size() - most_listed);
    }
    if (i > 0) text += ", ";
    text += graph.id(revisions[i]);
  }
  return text;
}

void check_names(std::span<const Revision> revisions) {
  for (const Revision& revision : revisions) {
    check_name(revision, "revision id", revision.id, "@:,+-");
    for (const std::string& label : revision.labels) check_name(revision, "label", label, "@:,");
  }
}

void check_unique(std::span<const Revision> revisions, std::span<const RevisionGraph::Index> by_id,
                  std::span<const std::pair<std::string, RevisionGraph::Index>> by_label) {
  const auto same_id = std::adjacent_find(by_id.begin(), by_id.end(), [&](auto a, auto b) {
    return revisions[a].id == revisions[b].id;
  });
  if (same_id != by_id.end()) {
    const Revision& first = revisions[same_id[0]];
    const Revision& second = revisions[same_id[1]];
    fail(second.place, fmt::format("two revisions have the id {}", first.id),
         first.squashed.size() == second.squashed.size()
             ? "give one of them another id, or remove the copy"
             : "one of them is a squash of the other: move that one to the folder \"squashed\"",
         fmt::format("{}\n{}", described(first), described(second)));
  }
  for (std::size_t i = 0; i < by_label.size(); ++i) {
    const auto& [label, index] = by_label[i];
    const Revision& revision = revisions[index];
    if (i > 0 && by_label[i - 1].first == label) {
      const Revision& other = revisions[by_label[i - 1].second];
      fail(revision.place, fmt::format("the label '{}' is declared twice", label),
           "a label belongs to one revision; its descendants inherit it",
           fmt::format("{}\n{}", described(other), described(revision)));
    }
    const auto id = std::lower_bound(by_id.begin(), by_id.end(), label,
                                     [&](auto a, const auto& b) { return revisions[a].id < b; });
    if (id != by_id.end() && revisions[*id].id == label) {
      fail(revision.place, fmt::format("the label '{}' is also the id of a revision", label),
           "choose another label",
           fmt::format("{}\n{}", described(revision), described(revisions[*id])));
    }
  }
}

void check_squashed(std::span<const Revision> revisions,
                    std::span<const RevisionGraph::Index> by_id) {
  std::map<std::string_view, const Revision*> parts;
  for (const Revision& squash : revisions) {
    for (const std::string& id : squash.squashed) {
      const auto [known, added] = parts.emplace(id, &squash);
      if (!added) {
        fail(squash.place, fmt::format("revision {} is squashed into two others", id),
             "move the older squash to the folder \"squashed\" beside it",
             fmt::format("{}\n{}", described(*known->second), described(squash)));
      }
      const auto found =
          std::lower_bound(by_id.begin(), by_id.end(), id,
                           [&](auto a, const auto& b) { return revisions[a].id < b; });
      if (found == by_id.end() || revisions[*found].id != id || &revisions[*found] == &squash) {
        continue;
      }
      fail(revisions[*found].place,
           fmt::format("revision {} is squashed into {}, and stands beside it", id, squash.id),
           "move its file to the folder \"squashed\", or remove the squash",
           fmt::format("{}\n{}", described(squash), described(revisions[*found])));
    }
  }
}

std::optional<SquashedPart> find_squashed(std::span<const Revision> revisions,
                                          std::string_view name) {
  constexpr std::size_t shortest_prefix = 4;
  std::vector<SquashedPart> found;
  for (const Revision& revision : revisions) {
    for (const std::string& id : revision.squashed) {
      if (id == revision.id || !id.starts_with(name)) continue;
      if (id == name) return SquashedPart{&revision, id};
      if (name.size() >= shortest_prefix) found.push_back({&revision, id});
    }
  }
  if (found.size() != 1) return std::nullopt;
  return found.front();
}

void fail_with_missing(std::span<const Revision> revisions,
                       std::span<const MissingReference> missing) {
  const MissingReference& first = missing.front();
  std::vector<std::string_view> names;
  for (const Revision& revision : revisions) {
    if (revision.id != revisions[first.from].id) names.push_back(revision.id);
    if (first.dependency) names.insert(names.end(), revision.labels.begin(), revision.labels.end());
  }
  std::string hint = did_you_mean(closest_names(first.name, names));
  if (hint.empty()) hint = "add the missing file, or correct the reference";
  if (const auto part = find_squashed(revisions, first.name); part && part->id == first.name) {
    hint = fmt::format("{} was squashed into {}; name that one", first.name, part->squash->id);
  }

  std::string detail;
  for (std::size_t i = 0; i < missing.size() && i < most_listed; ++i) {
    detail += fmt::format("{}{} {} {}", i > 0 ? "\n" : "", described(revisions[missing[i].from]),
                          missing[i].dependency ? "depends on" : "revises", missing[i].name);
  }
  if (missing.size() > most_listed) {
    detail += fmt::format("\nand {} more", missing.size() - most_listed);
  }
  const Revision& from = revisions[first.from];
  fail(from.place,
       first.dependency
           ? fmt::format("revision {} depends on {}, which is neither a revision nor a label here",
                         from.id, first.name)
           : fmt::format("revision {} revises {}, which is not there", from.id, first.name),
       std::move(hint), std::move(detail));
}

void fail_with_self_reference(const Revision& revision, bool dependency) {
  fail(revision.place,
       dependency ? fmt::format("revision {} depends on itself", revision.id)
                  : fmt::format("revision {} revises itself", revision.id),
       dependency ? "remove the dependency" : "name the revision before it, or none");
}

void RevisionGraph::fail_with_cycle(std::span<const Index> cycle) const {
  bool through_dependency = false;
  std::string detail;
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    const Index next = cycle[(i + 1) % cycle.size()];
    const auto own_parents = parents(cycle[i]);
    const bool parent =
        std::find(own_parents.begin(), own_parents.end(), next) != own_parents.end();
    through_dependency = through_dependency || !parent;
    if (i > 0) detail += '\n';
    detail += fmt::format("{} {} {}", described(revisions_[cycle[i]]),
                          parent ? "revises" : "depends on", revisions_[next].id);
  }
  fail(revisions_[cycle.front()].place,
       fmt::format("the revisions {} form a cycle{}", listed(*this, cycle),
                   through_dependency ? " through depends-on" : ""),
       "one of them must come first; correct what it revises or depends on", std::move(detail));
}

}  // namespace limbeck
