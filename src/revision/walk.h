// Walks through the graph: which revisions an upgrade, a downgrade or a stamp passes, in which order, and what each step
// does to the rows of the version table.
//
// Pure. current: the ids that the version table holds. Errors are Error: ExitCode::usage for a target that is not there or
// ambiguous, ExitCode::invalid_project for a current id that the graph does not know.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "revision/direction.h"
#include "revision/graph.h"

namespace limbeck {

struct RevisionStep {
  RevisionGraph::Index revision = 0;
  Direction direction = Direction::upgrade;

  bool operator==(const RevisionStep&) const = default;
};

// The steps from current up to target (any selector, relative ones too). Empty when there is nothing to do.
std::vector<RevisionStep> upgrade_steps(const RevisionGraph& graph, std::string_view target,
                                        std::span<const std::string> current);
std::vector<RevisionStep> downgrade_steps(const RevisionGraph& graph, std::string_view target,
                                          std::span<const std::string> current);

// How the rows of the version table change. Applied in this order: remove, move, insert.
struct HeadChange {
  std::vector<std::string> remove = {};
  std::vector<std::pair<std::string, std::string>> move = {};  // from, to
  std::vector<std::string> insert = {};

  bool operator==(const HeadChange&) const = default;
};

// What one step does to the heads. current must be the heads just before the step.
HeadChange head_change(const RevisionGraph& graph, const RevisionStep& step,
                       std::span<const std::string> current);
// The heads after a change.
std::vector<std::string> apply(const HeadChange& change, std::span<const std::string> current);

// A stamp: the version table is set to the targets, nothing is run.
struct StampStep {
  std::vector<std::string> from = {};
  std::vector<std::string> to = {};
  HeadChange change = {};
  Direction direction = Direction::upgrade;
};
std::vector<StampStep> stamp_steps(const RevisionGraph& graph, std::span<const std::string> targets,
                                   std::span<const std::string> current);

// The ids of from and to as logs print them, comma separated: "ccc333, eee555" -> "fff666". Empty for base.
std::string step_from(const RevisionGraph& graph, const RevisionStep& step);
std::string step_to(const RevisionGraph& graph, const RevisionStep& step);

// The revisions that are applied when the version table holds current: those and all their ancestors, dependencies included.
std::vector<bool> applied(const RevisionGraph& graph, std::span<const std::string> current);

}  // namespace limbeck
