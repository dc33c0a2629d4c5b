// Random graphs, from fixed seeds: what must be true of every graph, whatever its shape.
#include <algorithm>
#include <doctest/doctest.h>
#include <random>
#include <set>

#include "revision/graph.h"
#include "revision/selector.h"
#include "revision/walk.h"

namespace limbeck {
namespace {

using Index = RevisionGraph::Index;
using Ids = std::vector<std::string>;
using Random = std::mt19937;

constexpr unsigned seeds[] = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1597};

// Not std::uniform_int_distribution, whose numbers differ between libraries.
std::size_t below(Random& random, std::size_t limit) {
  return random() % limit;
}

std::string number_id(std::size_t number) {
  return std::string(1, static_cast<char>('a' + number * 7 % 26)) + std::to_string(number);
}

// Several bases, branches, merges and dependencies; the files come in a random order.
std::vector<Revision> random_revisions(Random& random, std::size_t size) {
  const std::size_t recent =
      1 + below(random, 12);  // how far back a parent may lie: chains or bushes
  std::vector<Revision> revisions(size);
  for (std::size_t i = 0; i < size; ++i) {
    Revision& revision = revisions[i];
    revision.id = number_id(i);
    if (i == 0) continue;
    const std::size_t parents =
        below(random, 20) == 0 ? 0 : 1 + (below(random, 6) == 0 ? 1 + below(random, 2) : 0);
    for (std::size_t p = 0; p < parents; ++p) {
      revision.down_revisions.push_back(number_id(i - 1 - below(random, std::min(i, recent))));
    }
    if (below(random, 5) == 0) revision.depends_on.push_back(number_id(below(random, i)));
    if (below(random, 9) == 0) revision.depends_on.push_back(number_id(below(random, i)));
    if (below(random, 10) == 0) revision.labels.push_back("label" + std::to_string(i));
  }
  for (std::size_t i = size; i > 1; --i) std::swap(revisions[i - 1], revisions[below(random, i)]);
  return revisions;
}

std::vector<Index> needs(const RevisionGraph& graph, Index index) {
  std::vector<Index> result(graph.parents(index).begin(), graph.parents(index).end());
  result.insert(result.end(), graph.dependencies(index).begin(), graph.dependencies(index).end());
  return result;
}

// Slow and plain: the applied revisions that no applied one needs.
std::set<std::string> true_heads(const RevisionGraph& graph, const std::vector<bool>& active) {
  std::set<std::string> heads;
  for (Index index = 0; index < graph.size(); ++index) {
    if (active[index]) heads.insert(graph.id(index));
  }
  for (Index index = 0; index < graph.size(); ++index) {
    if (!active[index]) continue;
    for (Index needed : needs(graph, index)) heads.erase(graph.id(needed));
  }
  return heads;
}

// Takes the steps one by one and checks the heads after each.
void take(const RevisionGraph& graph, const std::vector<RevisionStep>& steps,
          std::vector<bool>& active, Ids& current) {
  for (const RevisionStep& step : steps) {
    const bool up = step.direction == Direction::upgrade;
    REQUIRE(active[step.revision] != up);
    for (Index needed : needs(graph, step.revision)) REQUIRE(active[needed]);
    active[step.revision] = up;
    const HeadChange change = head_change(graph, step, current);
    current = heads_after(change, current);
    const std::set<std::string> heads(current.begin(), current.end());
    REQUIRE(heads.size() == current.size());
    REQUIRE(heads == true_heads(graph, active));
    REQUIRE(change.remove.size() + change.move.size() + change.insert.size() > 0);
  }
}

TEST_CASE(
    "an upgrade to the heads and a downgrade to base pass each revision once, in opposite order") {
  for (unsigned seed : seeds) {
    INFO("seed ", seed);
    Random random(seed);
    const RevisionGraph graph(random_revisions(random, 20 + below(random, 120)));
    std::vector<bool> active(graph.size(), false);
    Ids current;
    const auto up = upgrade_steps(graph, "heads", current);
    CHECK(up.size() == graph.size());
    take(graph, up, active, current);
    CHECK(upgrade_steps(graph, "heads", current).empty());
    auto down = downgrade_steps(graph, "base", current);
    CHECK(down.size() == graph.size());
    take(graph, down, active, current);
    CHECK(current.empty());
    std::reverse(down.begin(), down.end());
    for (std::size_t i = 0; i < up.size(); ++i) CHECK(up[i].revision == down[i].revision);
  }
}

TEST_CASE("from any state that can be reached the heads and base can be reached") {
  for (unsigned seed : seeds) {
    INFO("seed ", seed);
    Random random(seed);
    const RevisionGraph graph(random_revisions(random, 20 + below(random, 60)));
    std::vector<bool> active(graph.size(), false);
    Ids current;
    for (int move = 0; move < 30; ++move) {
      const Index target = static_cast<Index>(below(random, graph.size()));
      INFO("move ", move, ": ", graph.id(target));
      if (!active[target]) {
        take(graph, upgrade_steps(graph, graph.id(target), current), active, current);
        REQUIRE(active[target]);
      } else {
        take(graph, downgrade_steps(graph, graph.id(target), current), active, current);
        REQUIRE(active[target]);
        for (Index child : graph.children(target)) REQUIRE_FALSE(active[child]);
      }
      REQUIRE(active == applied(graph, current));

      // Away from here and not back: copies.
      std::vector<bool> active_then = active;
      Ids current_then = current;
      const auto applied_now =
          static_cast<std::size_t>(std::count(active.begin(), active.end(), true));
      const auto up = upgrade_steps(graph, "heads", current_then);
      CHECK(up.size() == graph.size() - applied_now);
      take(graph, up, active_then, current_then);
      active_then = active;
      current_then = current;
      const auto down = downgrade_steps(graph, "base", current_then);
      CHECK(down.size() == applied_now);
      take(graph, down, active_then, current_then);
      CHECK(current_then.empty());
    }
  }
}

TEST_CASE(
    "a stamp of random revisions leaves the highest of them, and heads that have nothing to do "
    "with them") {
  for (unsigned seed : seeds) {
    INFO("seed ", seed);
    Random random(seed);
    const RevisionGraph graph(random_revisions(random, 20 + below(random, 60)));
    Ids current;
    for (int move = 0; move < 30; ++move) {
      Ids targets;
      for (std::size_t i = 0; i <= below(random, 3); ++i) {
        targets.push_back(graph.id(static_cast<Index>(below(random, graph.size()))));
      }
      for (const StampStep& step : stamp_steps(graph, targets, current)) {
        for (const std::string& row : step.change.remove) {
          REQUIRE(std::find(current.begin(), current.end(), row) != current.end());
        }
        current = heads_after(step.change, current);
      }
      const std::vector<bool> active = applied(graph, current);
      for (const std::string& target : targets) CHECK(active[graph.find(target).value()]);
      CHECK(true_heads(graph, active) == std::set<std::string>(current.begin(), current.end()));
    }
  }
}

TEST_CASE("labels reach every descendant, and every selection of a label agrees with its lineage") {
  for (unsigned seed : seeds) {
    INFO("seed ", seed);
    Random random(seed);
    const RevisionGraph graph(random_revisions(random, 20 + below(random, 120)));
    for (Index index : graph.topological_order()) {
      const Ids own = graph.at(index).labels;
      const Ids all = graph.labels(index);
      CHECK(std::is_sorted(all.begin(), all.end()));
      for (const std::string& label : own) {
        CHECK(std::binary_search(all.begin(), all.end(), label));
        CHECK(graph.labelled(label) == index);
      }
      for (Index child : graph.children(index)) {
        const Ids inherited = graph.labels(child);
        for (const std::string& label : all) {
          CHECK(std::binary_search(inherited.begin(), inherited.end(), label));
        }
      }
    }
    for (Index head : graph.heads()) CHECK(select_one(graph, graph.id(head) + "@head") == head);
  }
}

}  // namespace
}  // namespace limbeck
