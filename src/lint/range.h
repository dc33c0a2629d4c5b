// Which revisions lint is asked about, and which stand before them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "revision/graph.h"
#include "revision/walk.h"

namespace limbeck {

struct LintRange {
  std::vector<RevisionStep> before = {};
  std::vector<RevisionStep> range = {};
};

// Everything that is not applied yet; with an empty current, the whole chain.
LintRange pending_range(const RevisionGraph& graph, std::span<const std::string> current);

// "FROM:TO": what leads from one to the other; else the one revision that is named. Throws Error
// (ExitCode::usage) as upgrade_steps does.
LintRange named_range(const RevisionGraph& graph, std::string_view selector);

// Whether a database at these revisions has just those that are applied when the range begins.
bool is_at(const RevisionGraph& graph, std::span<const std::string> current,
           const LintRange& range);

}  // namespace limbeck
