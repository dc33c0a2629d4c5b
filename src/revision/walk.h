// Walks through the graph: which revisions an upgrade, a downgrade or a stamp passes, in which
// order, and what each step does to the rows of the version table.
//
// Pure. current: the ids that the version table holds. Errors are Error: ExitCode::usage for a
// target that is not there or ambiguous, ExitCode::invalid_project for a current id that the graph
// does not know.
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

// The steps from current up to target (any selector, relative ones too, several with commas),
// dependencies included. Empty when there is nothing to do.
std::vector<RevisionStep> upgrade_steps(const RevisionGraph& graph, std::string_view target,
                                        std::span<const std::string> current);
// Every revision that is not applied, in the order in which an upgrade runs them.
std::vector<RevisionGraph::Index> pending_revisions(const RevisionGraph& graph,
                                                    std::span<const std::string> current);
// The steps from current down to target, which stays applied: what is above it in its branches, and
// whatever depends on that. With label@target, only the branches of that label are undone. The
// order is the opposite of an upgrade's.
std::vector<RevisionStep> downgrade_steps(const RevisionGraph& graph, std::string_view target,
                                          std::span<const std::string> current);
// Whether target is "-1" and the like while the database is at several revisions. downgrade_steps
// then counts from the first of current, as Alembic does; which one that is depends on the order of
// the table's rows, so a caller should refuse or warn.
bool is_ambiguous_downgrade(const RevisionGraph& graph, std::string_view target,
                            std::span<const std::string> current);

// How the rows of the version table change. Applied in this order: remove, move, insert.
struct HeadChange {
  std::vector<std::string> remove = {};
  std::vector<std::pair<std::string, std::string>> move = {};  // from, to
  std::vector<std::string> insert = {};

  bool operator==(const HeadChange&) const = default;
};

// What one step does to the heads: they are always the applied revisions that no applied one has as
// its parent or dependency. current must be the heads just before the step; its other rows, known
// or not, are left alone. Where several rows become one, the row of the parent that is named first
// is moved and the others are removed; where one becomes several, it is moved to the parent that is
// named first. Throws Error (ExitCode::internal_error) for a downgrade of what is not in current.
HeadChange head_change(const RevisionGraph& graph, const RevisionStep& step,
                       std::span<const std::string> current);
// The heads after a change.
std::vector<std::string> heads_after(const HeadChange& change,
                                     std::span<const std::string> current);

// The change that leads from some heads to others.
HeadChange change_between(std::vector<std::string> before, std::vector<std::string> after);

// A stamp: the version table is set to the targets, nothing is run. Rows of other branches stay. A
// target that another target has among its ancestors is left out, and so is one that stands alone
// already. To replace a table that holds unknown ids, stamp from an empty current (that is what
// --purge does).
struct StampStep {
  std::vector<std::string> from = {};
  std::vector<std::string> to = {};
  HeadChange change = {};
  Direction direction = Direction::upgrade;
};
// targets: selectors; label@base removes the rows of that label's branches, base removes all.
std::vector<StampStep> stamp_steps(const RevisionGraph& graph, std::span<const std::string> targets,
                                   std::span<const std::string> current);

// What a step goes from and to as logs print it, without dependencies: "ccc333, eee555" and
// "fff666". Empty for base.
std::string step_from(const RevisionGraph& graph, const RevisionStep& step);
std::string step_to(const RevisionGraph& graph, const RevisionStep& step);

// The revisions that are applied when the version table holds current: those and all their
// ancestors, dependencies included.
std::vector<bool> applied(const RevisionGraph& graph, std::span<const std::string> current);

}  // namespace limbeck
