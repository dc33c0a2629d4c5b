// The faults of graphs, against RevisionGraph: it refuses what has a fault and nothing else, and
// takes what is left without them.
#include "audit/graph_faults.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <random>
#include <set>

#include "revision/graph.h"

namespace limbeck {
namespace {

Revision revision(std::string id, std::vector<std::string> parents) {
  Revision result;
  result.id = std::move(id);
  result.down_revisions = std::move(parents);
  return result;
}

std::vector<std::string> rules_of(const CheckedGraph& checked) {
  std::vector<std::string> rules;
  for (const GraphFault& fault : checked.faults) rules.emplace_back(fault.rule);
  return rules;
}

bool is_graph(std::vector<Revision> revisions) {
  try {
    const RevisionGraph graph(std::move(revisions));
    return true;
  } catch (const Error&) {
    return false;
  }
}

std::vector<Revision> kept(const CheckedGraph& checked) {
  std::vector<Revision> result;
  for (std::size_t i = 0; i < checked.mended.size(); ++i)
    if (checked.kept[i]) result.push_back(checked.mended[i]);
  return result;
}

TEST_CASE("a whole graph has no fault and stays as it is") {
  const std::vector<Revision> revisions{revision("a1", {}), revision("b2", {"a1"}),
                                        revision("c3", {"a1"}), revision("d4", {"b2", "c3"})};
  const CheckedGraph checked = check_graph(revisions);
  CHECK(checked.faults.empty());
  CHECK(checked.mended == revisions);
}

TEST_CASE("each cycle is one fault that names all of it") {
  const std::vector<Revision> revisions{revision("a1", {"c3"}), revision("b2", {"a1"}),
                                        revision("c3", {"b2"}), revision("d4", {"d4"}),
                                        revision("e5", {"c3"})};
  const CheckedGraph checked = check_graph(revisions);
  REQUIRE(checked.faults.size() == 2);
  CHECK(checked.faults[0].message == "revision d4 revises itself");
  CHECK(checked.faults[1].message ==
        "the revisions a1, b2, c3 come before each other: they form a cycle");
  CHECK(is_graph(kept(checked)));
}

TEST_CASE("a link to nothing says what may be meant") {
  const std::vector<Revision> revisions{revision("3f9a1c0b7d52", {}),
                                        revision("8c21d5e0f3aa", {"3f9a1c0b7d25"})};
  const CheckedGraph checked = check_graph(revisions);
  REQUIRE(checked.faults.size() == 1);
  CHECK(checked.faults[0].rule == "missing-parent");
  CHECK(checked.faults[0].hint == "did you mean 3f9a1c0b7d52?");
}

TEST_CASE("labels") {
  std::vector<Revision> revisions{revision("a1", {}), revision("b2", {"a1"}),
                                  revision("c3", {"b2"})};
  revisions[0].labels = {"shop"};
  revisions[1].labels = {"shop", "c3"};
  revisions[2].depends_on = {"shop", "stock"};
  const CheckedGraph checked = check_graph(revisions);
  CHECK(rules_of(checked) ==
        std::vector<std::string>{"duplicate-label", "duplicate-label", "missing-parent"});
  CHECK(is_graph(kept(checked)));
}

TEST_CASE("a deep chain") {
  std::vector<Revision> revisions;
  constexpr int depth = 50'000;
  for (int i = 0; i < depth; ++i)
    revisions.push_back(
        revision("r" + std::to_string(i),
                 i == 0 ? std::vector<std::string>{} : std::vector{"r" + std::to_string(i - 1)}));
  CHECK(check_graph(revisions).faults.empty());
  revisions[0].down_revisions = {"r49999"};
  CHECK(rules_of(check_graph(revisions)) == std::vector<std::string>{"cycle"});
}

TEST_CASE("random graphs: a fault is what RevisionGraph refuses") {
  std::mt19937 random(1);
  const auto pick = [&](int below) {
    return static_cast<int>(random() % static_cast<unsigned>(below));
  };
  const std::vector<std::string> names{"a1", "b2", "c3", "d4", "e5", "f6", "head", "x y", "shop"};
  int whole = 0;
  int broken = 0;
  for (int round = 0; round < 4000; ++round) {
    std::vector<Revision> revisions;
    const int size = 1 + pick(6);
    for (int i = 0; i < size; ++i) {
      const bool odd = pick(12) == 0;
      Revision it = revision(names[static_cast<std::size_t>(odd ? pick(9) : i)], {});
      const auto some = [&](std::vector<std::string>& to, int times) {
        for (int n = 0; n < times; ++n) {
          const int at = pick(10) == 0 ? pick(9) : pick(i + 1);
          const std::string& name = names[static_cast<std::size_t>(at)];
          if (at < i || pick(8) == 0)
            if (std::find(to.begin(), to.end(), name) == to.end()) to.push_back(name);
        }
      };
      some(it.down_revisions, pick(3));
      some(it.depends_on, pick(4) == 0 ? 1 : 0);
      if (pick(6) == 0) it.labels.push_back(pick(4) == 0 ? names[2] : "shop");
      revisions.push_back(std::move(it));
    }
    const CheckedGraph checked = check_graph(revisions);
    CAPTURE(round);
    CHECK(checked.faults.empty() == is_graph(revisions));
    CHECK(is_graph(kept(checked)));
    ++(checked.faults.empty() ? whole : broken);
  }
  CHECK(whole > 400);
  CHECK(broken > 400);
}

}  // namespace
}  // namespace limbeck
