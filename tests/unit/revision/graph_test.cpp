// What tests/cases/revision_graph cannot say: neighbours, independence of copies and of the order
// of files, size.
#include "revision/graph.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <memory>
#include <string>
#include <vector>

#include "limbeck/error.h"

#include "revision/selector.h"
#include "revision/walk.h"

namespace limbeck {
namespace {

using Ids = std::vector<std::string>;

Revision revision(std::string id, Ids down = {}, Ids depends_on = {}, Ids labels = {}) {
  Revision result;
  result.id = std::move(id);
  result.down_revisions = std::move(down);
  result.depends_on = std::move(depends_on);
  result.labels = std::move(labels);
  return result;
}

Ids ids(const RevisionGraph& graph, std::span<const RevisionGraph::Index> indexes) {
  Ids result;
  for (const auto index : indexes) result.push_back(graph.id(index));
  return result;
}

std::vector<Revision> diamond() {
  return {revision("m", {"b", "a"}), revision("a", {"t"}), revision("b", {"t"}, {}, {"side"}),
          revision("t"), revision("x", {}, {"side", "m"})};
}

TEST_CASE("neighbours come in the order in which they are named, and back in that of ids") {
  const RevisionGraph graph(diamond());
  const auto m = graph.find("m").value();
  const auto t = graph.find("t").value();
  const auto x = graph.find("x").value();
  CHECK(ids(graph, graph.parents(m)) == Ids{"b", "a"});
  CHECK(ids(graph, graph.children(t)) == Ids{"a", "b"});
  CHECK(ids(graph, graph.dependencies(x)) == Ids{"b", "m"});
  CHECK(ids(graph, graph.dependents(m)) == Ids{"x"});
  CHECK(graph.parents(t).empty());
  CHECK(graph.dependents(t).empty());
}

TEST_CASE("a repeated parent or dependency is one neighbour") {
  const RevisionGraph graph(
      {revision("a", {}, {}, {"app"}), revision("b", {"a", "a"}, {"a", "app"})});
  const auto b = graph.find("b").value();
  CHECK(graph.parents(b).size() == 1);
  CHECK(graph.dependencies(b).size() == 1);
  CHECK_FALSE(graph.is_merge_point(b));
  CHECK_FALSE(graph.is_branch_point(graph.find("a").value()));
}

TEST_CASE("heads, branch points and merge points") {
  const RevisionGraph graph(diamond());
  const auto at = [&](const char* id) { return graph.find(id).value(); };
  CHECK(graph.is_head(at("m")));
  CHECK(graph.is_effective_head(at("m")));
  CHECK_FALSE(graph.is_real_head(at("m")));
  CHECK(graph.is_real_head(at("x")));
  CHECK_FALSE(graph.is_effective_head(at("x")));
  CHECK_FALSE(graph.is_head(at("b")));
  CHECK_FALSE(graph.is_effective_head(at("b")));
  CHECK(graph.is_branch_point(at("t")));
  CHECK_FALSE(graph.is_branch_point(at("b")));  // a dependent is no child
  CHECK(graph.is_merge_point(at("m")));
  CHECK_FALSE(graph.is_merge_point(at("x")));  // a dependency is no parent
}

TEST_CASE("names are found exactly") {
  const RevisionGraph graph(diamond());
  CHECK(graph.labelled("side") == graph.find("b"));
  CHECK_FALSE(graph.find("side").has_value());
  CHECK_FALSE(graph.labelled("b").has_value());
  CHECK_FALSE(graph.find("").has_value());
  CHECK_FALSE(graph.find("zzz").has_value());
  CHECK_FALSE(RevisionGraph().find("a").has_value());
}

TEST_CASE("the order of the files does not matter") {
  std::vector<Revision> revisions = diamond();
  std::sort(revisions.begin(), revisions.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
  const RevisionGraph first(revisions);
  do {
    const RevisionGraph graph(revisions);
    CHECK(ids(graph, graph.topological_order()) == ids(first, first.topological_order()));
    CHECK(ids(graph, graph.heads()) == ids(first, first.heads()));
    for (const Revision& each : revisions) {
      CHECK(graph.labels(graph.find(each.id).value()) == first.labels(first.find(each.id).value()));
    }
  } while (std::next_permutation(revisions.begin(), revisions.end(),
                                 [](const auto& a, const auto& b) { return a.id < b.id; }));
}

TEST_CASE("a copy outlives the graph that it was made from") {
  auto original = std::make_unique<RevisionGraph>(diamond());
  const RevisionGraph copy = *original;
  original.reset();
  CHECK(copy.id(copy.find("m").value()) == "m");
  CHECK(copy.labels(copy.find("m").value()) == Ids{"side"});
}

TEST_CASE("an id or a label with a blank, a comma or a control character is refused") {
  for (const char* bad : {"", "a b", "a,b", "a\tb", "a\nb", "\x1b[31m", "a\x7f"}) {
    INFO("name: ", bad);
    CHECK_THROWS_AS(RevisionGraph({revision(bad)}), Error);
    CHECK_THROWS_AS(RevisionGraph({revision("a1", {}, {}, {bad})}), Error);
  }
  CHECK_NOTHROW(RevisionGraph({revision("a_1.2", {}, {}, {"x-y+z", "größe"})}));
}

TEST_CASE("a chain in which each revision has a label does not take the square of its length") {
  constexpr int length = 20'000;
  std::vector<Revision> revisions;
  for (int i = 0; i < length; ++i) {
    const std::string number = std::to_string(i);
    revisions.push_back(revision("r" + number, {}, {}, {"label" + number}));
    if (i > 0) revisions.back().down_revisions = {"r" + std::to_string(i - 1)};
  }
  const RevisionGraph graph(std::move(revisions));
  CHECK(graph.labels(0).size() == length);
  CHECK(graph.labels(length / 2).size() == length);
  CHECK(graph.labels(length - 1).size() == length);
}

TEST_CASE("a chain of a hundred thousand revisions needs no deep stack") {
  constexpr int length = 100'000;
  std::vector<Revision> revisions;
  for (int i = 0; i < length; ++i) {
    revisions.push_back(revision("r" + std::to_string(i)));
    if (i > 0) revisions.back().down_revisions = {"r" + std::to_string(i - 1)};
  }
  const RevisionGraph graph(revisions);
  CHECK(ids(graph, graph.heads()) == Ids{"r99999"});
  CHECK(upgrade_steps(graph, "head", {}).size() == length);
  CHECK(graph.id(select_one(graph, "head-99999")) == "r0");

  revisions.front().down_revisions = {"r99999"};
  CHECK_THROWS_AS(RevisionGraph(std::move(revisions)), Error);
}

}  // namespace
}  // namespace limbeck
