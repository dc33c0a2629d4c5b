#include "revision/selector_parts.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fmt/format.h>

#include "limbeck/error.h"

#include "base/edit_distance.h"
#include "base/terminal.h"
#include "revision/graph_check.h"

namespace limbeck {
namespace {

using Index = RevisionGraph::Index;

std::optional<Index> find_exactly(const RevisionGraph& graph, std::string_view name) {
  if (const auto index = graph.find(name)) return index;
  return graph.labelled(name);
}

[[noreturn]] void fail_unknown(const RevisionGraph& graph, std::string_view text,
                               std::string_view name) {
  if (const auto part = find_squashed(graph.revisions(), name)) {
    fail_selector(text, fmt::format("revision {} was squashed into {}", part->id, part->squash->id),
                  fmt::format("name {}, or a revision before it; its parts are known only to a "
                              "database that stands at one of them",
                              part->squash->id));
  }
  std::vector<std::string_view> names;
  for (const Revision& revision : graph.revisions()) {
    names.push_back(revision.id);
    names.insert(names.end(), revision.labels.begin(), revision.labels.end());
  }
  std::string hint = did_you_mean(closest_names(name, names, true));
  if (hint.empty()) hint = "'limbeck history' lists the revisions and their labels";
  fail_selector(text, fmt::format("there is no revision or label '{}'", name), std::move(hint));
}

// An id, a label, or the beginning of one that is unique in the branch.
Index resolve_name(const RevisionGraph& graph, std::string_view text, std::string_view name,
                   const RevisionSet* within) {
  if (const auto index = find_exactly(graph, name)) {
    if (within == nullptr || (*within)[*index]) return *index;
    fail_selector(text, fmt::format("revision {} is not in that branch", graph.id(*index)),
                  "leave out what is before the @, or name a revision of the branch");
  }
  std::vector<Index> found;
  if (!name.empty()) found = graph.beginning_with(name);
  const bool elsewhere = !found.empty();
  if (within != nullptr) {
    found.erase(std::remove_if(found.begin(), found.end(), [&](Index i) { return !(*within)[i]; }),
                found.end());
  }
  if (found.size() == 1) return found.front();
  if (found.size() > 1) {
    fail_selector(text,
                  fmt::format("several revisions begin with '{}': {}", name, listed(graph, found)),
                  "write more of the id");
  }
  if (elsewhere) {
    fail_selector(text, fmt::format("no revision of that branch begins with '{}'", name),
                  "leave out what is before the @, or name a revision of the branch");
  }
  fail_unknown(graph, text, name);
}

void keep_within(std::vector<Index>& revisions, const std::optional<Branch>& branch) {
  if (!branch) return;
  revisions.erase(std::remove_if(revisions.begin(), revisions.end(),
                                 [&](Index index) { return !branch->lineage[index]; }),
                  revisions.end());
}

// Without those that are applied before another of them, because something depends on them.
void leave_out_earlier(const RevisionGraph& graph, std::vector<Index>& heads) {
  std::vector<Index> below;
  for (const Index head : heads) {
    const auto parents = graph.parents(head);
    const auto dependencies = graph.dependencies(head);
    below.insert(below.end(), parents.begin(), parents.end());
    below.insert(below.end(), dependencies.begin(), dependencies.end());
  }
  const RevisionSet earlier = ancestors(graph, below, Along::dependencies_too);
  heads.erase(std::remove_if(heads.begin(), heads.end(), [&](Index head) { return earlier[head]; }),
              heads.end());
}

// Of a branch, "heads" names others than those between which "head" cannot choose.
std::string merge_command(const RevisionGraph& graph, std::span<const Index> heads,
                          bool of_branch) {
  std::string command = "limbeck merge";
  if (!of_branch) return command + " heads";
  for (const Index head : heads) command += " " + printable(graph.id(head));
  return command;
}

std::vector<Index> copied(std::span<const Index> revisions) {
  return {revisions.begin(), revisions.end()};
}

// "+2" or "-1" at the end of text: the number, and the length of what is before it.
std::optional<std::pair<int, std::size_t>> steps_at_end(std::string_view text) {
  const std::size_t sign = text.find_last_of("+-");
  if (sign == std::string_view::npos || sign + 1 == text.size()) return std::nullopt;
  const std::string_view digits = text.substr(sign + 1);
  int number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (end != digits.data() + digits.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    fail_selector(text, "the number of steps is too large", "use 'heads' or 'base'");
  }
  if (error != std::errc{}) return std::nullopt;
  return std::pair{text[sign] == '-' ? -number : number, sign};
}

}  // namespace

void fail_selector(std::string_view text, std::string_view reason, std::string hint) {
  ErrorReport report;
  report.code = ExitCode::usage;
  report.message = fmt::format("cannot select '{}': {}", text, reason);
  report.hint = std::move(hint);
  throw Error(std::move(report));
}

std::vector<std::string_view> split_commas(std::string_view text) {
  std::vector<std::string_view> pieces;
  for (std::size_t comma = text.find(','); comma != std::string_view::npos;
       comma = text.find(',')) {
    pieces.push_back(text.substr(0, comma));
    text.remove_prefix(comma + 1);
  }
  pieces.push_back(text);
  return pieces;
}

SelectorParts parse_selector(const RevisionGraph& graph, std::string_view text) {
  SelectorParts parts{text, {}, text, {}};
  if (text.empty()) {
    fail_selector(text, "it is empty", "name a revision, a label, 'head', 'heads' or 'base'");
  }
  if (find_exactly(graph, text)) return parts;
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    parts.branch = text.substr(0, at);
    parts.symbol = text.substr(at + 1);
    if (parts.branch.empty() || parts.symbol.empty()) {
      fail_selector(text, "something is missing beside the @", "write label@head or label@+1");
    }
    if (find_exactly(graph, parts.symbol)) return parts;
  }
  if (const auto steps = steps_at_end(parts.symbol)) {
    parts.steps = steps->first;
    parts.symbol = parts.symbol.substr(0, steps->second);
  }
  return parts;
}

std::optional<Branch> resolve_branch(const RevisionGraph& graph, const SelectorParts& parts) {
  if (parts.branch.empty()) return std::nullopt;
  const Index revision = resolve_name(graph, parts.text, parts.branch, nullptr);
  return Branch{revision, lineage(graph, revision, Along::branch)};
}

Selection resolve_symbol(const RevisionGraph& graph, const SelectorParts& parts,
                         const std::optional<Branch>& branch,
                         std::span<const std::string> current) {
  if (parts.symbol == "base") return {{}, true};
  if (parts.symbol == "heads" && !branch) return {graph.real_heads(), false};
  if (parts.symbol == "heads" || parts.symbol == "head") {
    Selection selection{graph.heads(), false};
    keep_within(selection.revisions, branch);
    if (parts.symbol == "heads") return selection;
    if (selection.revisions.size() > 1) leave_out_earlier(graph, selection.revisions);
    if (selection.revisions.size() > 1) {
      const std::string of_branch = branch ? fmt::format("{}@heads", parts.branch) : "heads";
      fail_selector(
          parts.text,
          fmt::format("there are several heads: {}", listed(graph, selection.revisions)),
          fmt::format("use '{}' for all of them, 'label@head' or an id for one, or join "
                      "them with '{}'",
                      of_branch, merge_command(graph, selection.revisions, branch.has_value())));
    }
    return selection;
  }
  if (parts.symbol == "current") {
    Selection selection{resolve_current(graph, current), false};
    keep_within(selection.revisions, branch);
    selection.base = selection.revisions.empty();
    return selection;
  }
  return {{resolve_name(graph, parts.text, parts.symbol, branch ? &branch->lineage : nullptr)},
          false};
}

std::optional<Index> resolve_start(const RevisionGraph& graph, const SelectorParts& parts,
                                   const std::optional<Branch>& branch,
                                   std::span<const std::string> current) {
  const bool upward = parts.steps && *parts.steps > 0;
  const Selection selection = resolve_symbol(graph, parts, upward ? std::nullopt : branch, current);
  if (selection.revisions.size() > 1) {
    fail_selector(parts.text,
                  fmt::format("'{}' is several revisions: {}", parts.symbol,
                              listed(graph, selection.revisions)),
                  "name one of them, or write label@head");
  }
  if (selection.revisions.empty()) return std::nullopt;
  return selection.revisions.front();
}

std::vector<Index> resolve_current(const RevisionGraph& graph,
                                   std::span<const std::string> current) {
  std::vector<Index> result;
  result.reserve(current.size());
  RevisionSet seen(graph.size(), false);
  for (const std::string& id : current) {
    const auto index = graph.find(id);
    if (!index) {
      ErrorReport report;
      report.code = ExitCode::invalid_project;
      report.message = fmt::format(
          "the database is at revision '{}', which this project does not have", printable(id));
      report.hint =
          "get the missing revision file (is the checkout older than the database?), or set the "
          "version table anew with 'limbeck stamp --purge'";
      throw Error(std::move(report));
    }
    if (!seen[*index]) result.push_back(*index);
    seen[*index] = true;
  }
  return result;
}

std::optional<Index> current_in_branch(const RevisionGraph& graph, const SelectorParts& parts,
                                       const std::optional<Branch>& branch,
                                       std::span<const Index> current) {
  std::vector<Index> standing(current.begin(), current.end());
  keep_within(standing, branch);
  if (branch && standing.empty()) {
    // No head is in the branch: what is applied of it lies below a merge, a dependency or another
    // branch.
    RevisionSet applied_in_branch = ancestors(graph, current, Along::dependencies_too);
    for (std::size_t i = 0; i < applied_in_branch.size(); ++i) {
      applied_in_branch[i] = applied_in_branch[i] && branch->lineage[i];
    }
    const auto applied_above = [&](std::span<const Index> neighbours) {
      return std::any_of(neighbours.begin(), neighbours.end(),
                         [&](Index index) { return applied_in_branch[index]; });
    };
    for (Index index : graph.topological_order()) {
      if (!applied_in_branch[index] || applied_above(graph.children(index)) ||
          applied_above(graph.dependents(index))) {
        continue;
      }
      standing.push_back(index);
    }
  }
  if (standing.size() > 1) {
    fail_selector(parts.text,
                  fmt::format("the database is at several revisions: {}", listed(graph, standing)),
                  "say from which one to count: '<revision>+1', or 'label@+1'");
  }
  if (standing.empty()) return std::nullopt;
  return standing.front();
}

std::optional<Index> walk(const RevisionGraph& graph, const SelectorParts& parts,
                          std::optional<Index> start, const std::optional<Branch>& branch,
                          PastTheEnd past_the_end) {
  const int steps = *parts.steps;
  const int wanted = std::abs(steps);
  for (int done = 0; done < wanted; ++done) {
    std::vector<Index> next;
    if (steps > 0) {
      next = start ? copied(graph.children(*start)) : graph.bases();
    } else if (start) {
      next = copied(graph.parents(*start));
      if (next.empty()) {
        start.reset();
        continue;
      }
    }
    keep_within(next, branch);
    if (next.empty()) {
      if (past_the_end == PastTheEnd::stop) return start;
      fail_selector(parts.text,
                    fmt::format("there {} only {} {} {} {}", done == 1 ? "is" : "are", done,
                                done == 1 ? "step" : "steps", steps > 0 ? "up to" : "down to",
                                start ? graph.id(*start) : "base"),
                    steps > 0 ? "use 'heads' to go as far as there is" : "use 'base'");
    }
    if (next.size() > 1) {
      fail_selector(
          parts.text,
          fmt::format("{} {} leads to several revisions: {}", steps > 0 ? "up from" : "down from",
                      start ? graph.id(*start) : "base", listed(graph, next)),
          steps > 0 ? "choose with 'label@+1' or name the revision" : "name the revision");
    }
    start = next.front();
  }
  return start;
}

}  // namespace limbeck
