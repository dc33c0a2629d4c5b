// Selectors: how people name revisions on the command line.
//
//   5b1d02c7a9e4  5b1d (unique prefix)  head  heads  base  current  reviews (a label)
//   reviews@head  reviews@heads  reviews@base  reviews@5b1d  5b1d@head (the lineage that holds
//   5b1d) +1  -2  5b1d+2  5b1d-1  reviews@+1  reviews@-1  reviews@head-1  base+2  and for ranges
//   a:b  a:  :b several, separated by commas:  5b1d,reviews@head
//
// Pure: the graph and the current heads are all it is told. Every error is an Error with
// ExitCode::usage that names the selector, and the candidates where it is ambiguous; a current id
// that the graph does not know is ExitCode::invalid_project. An exact id comes before a label, both
// before a prefix, so a label such as fix-1 is not taken for a relative selector.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "revision/graph.h"

namespace limbeck {

// What a selector means. Base is the empty database, before every revision: base=true beside no
// revisions.
struct Selection {
  std::vector<RevisionGraph::Index> revisions = {};
  bool base = false;
};

// One or more revisions, for show, edit, history, merge, stamp; each once, in the order in which
// they are named. current: the ids of the version table, for "current", "+1" and "-1"; without any,
// +1 is the first revision. A relative selector that leads past the last revision, or below base,
// is an error. In a project without revisions "head" and "heads" are nothing at all: no revisions,
// and not base.
Selection select(const RevisionGraph& graph, std::string_view selector,
                 std::span<const std::string> current = {});

// The same, but what has a file: base alone is an error, and so is nothing.
std::vector<RevisionGraph::Index> select_files(const RevisionGraph& graph,
                                               std::string_view selector,
                                               std::span<const std::string> current);

// The same, but exactly one revision; several are an error that names them ("head" where there are
// two), base and none are errors too.
RevisionGraph::Index select_one(const RevisionGraph& graph, std::string_view selector,
                                std::span<const std::string> current = {});

// "a:b" split at its colon; either side may be empty, and either may hold commas: the start of
// "aaa,bbb:heads" is two heads. Nothing when there is no colon; two colons are an error.
struct SelectorRange {
  std::string from;
  std::string to;
};
std::optional<SelectorRange> split_range(std::string_view selector);

// The heads at which the left side of a range starts, as the version table would hold them: what
// upgrade_steps and downgrade_steps take as current when no database is asked. None for base and
// for an empty text.
std::vector<std::string> start_heads(const RevisionGraph& graph, std::string_view from);

// The revisions between two selectors, both included, newest first: what history -r prints. Empty
// sides are base and heads. A relative side counts from the other side, and stops at the end of the
// history: "-3:current", "5b1d:+2", "-3:".
std::vector<RevisionGraph::Index> select_range(const RevisionGraph& graph,
                                               const SelectorRange& range,
                                               std::span<const std::string> current = {});

}  // namespace limbeck
