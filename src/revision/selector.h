// Selectors: how people name revisions on the command line.
//
//   5b1d02c7a9e4  5b1d (unique prefix)  head  heads  base  current  reviews (a label)
//   reviews@head  reviews@heads  reviews@base  reviews@5b1d  5b1d@head (the lineage that holds 5b1d)
//   +1  -2  5b1d+2  5b1d-1  reviews@+1  reviews@-1  and for ranges  a:b  a:  :b
//
// Pure: the graph and the current heads are all it is told. Every error is an Error with ExitCode::usage that names the
// selector, and the candidates where it is ambiguous.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "revision/graph.h"

namespace limbeck {

// What a selector means. Base is the empty database, before every revision: base=true beside no revisions.
struct Selection {
  std::vector<RevisionGraph::Index> revisions = {};
  bool base = false;
};

// One or more revisions, for show, edit, history, merge, stamp. current: the ids of the version table, for "current", "+1" and "-1".
Selection select(const RevisionGraph& graph, std::string_view selector,
                 std::span<const std::string> current = {});

// The same, but exactly one revision; several are an error that names them ("head" where there are two).
RevisionGraph::Index select_one(const RevisionGraph& graph, std::string_view selector,
                                std::span<const std::string> current = {});

// "a:b" split at its colon; either side may be empty. Nothing when there is no colon.
struct SelectorRange {
  std::string from;
  std::string to;
};
std::optional<SelectorRange> split_range(std::string_view selector);

// The revisions between two selectors, both included, newest first: what history -r prints. Empty sides are base and heads.
std::vector<RevisionGraph::Index> select_range(const RevisionGraph& graph, const SelectorRange& range,
                                               std::span<const std::string> current = {});

}  // namespace limbeck
