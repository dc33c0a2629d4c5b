// The parts of which a selector is made, and what each means: shared by the selection of revisions
// and by the walks, which read relative selectors differently.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "revision/graph.h"
#include "revision/reach.h"
#include "revision/selector.h"

namespace limbeck {

// branch@symbol+steps. Views into text.
struct SelectorParts {
  std::string_view text = {};  // the whole selector, for errors
  std::string_view branch = {};
  std::string_view symbol = {};   // may be empty when there are steps
  std::optional<int> steps = {};  // 0 for +0 and -0
};

// One selector, without commas. Throws for an empty one, and for nothing on either side of an @.
SelectorParts parse_selector(const RevisionGraph& graph, std::string_view text);

std::vector<std::string_view> split_commas(std::string_view text);

// A branch that a selector names: a revision, and its lineage.
struct Branch {
  RevisionGraph::Index revision = 0;
  RevisionSet lineage = {};
};
// Nothing when the selector names none.
std::optional<Branch> resolve_branch(const RevisionGraph& graph, const SelectorParts& parts);

// The symbol, within the branch when there is one. REQUIRES: a symbol.
Selection resolve_symbol(const RevisionGraph& graph, const SelectorParts& parts,
                         const std::optional<Branch>& branch, std::span<const std::string> current);
// The revision at which a walk starts, or nothing for base. A walk up may start below the branch,
// or at the side of it, and choose the branch on its way.
std::optional<RevisionGraph::Index> resolve_start(const RevisionGraph& graph,
                                                  const SelectorParts& parts,
                                                  const std::optional<Branch>& branch,
                                                  std::span<const std::string> current);

// The ids of a version table, each once, in their order.
std::vector<RevisionGraph::Index> resolve_current(const RevisionGraph& graph,
                                                  std::span<const std::string> current);

// The revision from which label@+n and +n count: where the database stands in that branch. Nothing
// for base. Ambiguous when it stands in several places.
std::optional<RevisionGraph::Index> current_in_branch(
    const RevisionGraph& graph, const SelectorParts& parts, const std::optional<Branch>& branch,
    std::span<const RevisionGraph::Index> current);

enum class PastTheEnd { error, stop };

// Steps from a revision, or from base: up for a positive number, along children in the branch; down
// for a negative one, along parents. Nothing is base. Several ways on are an error.
std::optional<RevisionGraph::Index> walk(const RevisionGraph& graph, const SelectorParts& parts,
                                         std::optional<RevisionGraph::Index> start,
                                         const std::optional<Branch>& branch,
                                         PastTheEnd past_the_end = PastTheEnd::error);

[[noreturn]] void fail_selector(std::string_view text, std::string_view reason, std::string hint);

}  // namespace limbeck
