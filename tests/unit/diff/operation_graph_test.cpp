#include "diff/operation_graph.h"

#include <doctest/doctest.h>

using limbeck::OperationGraph;

namespace {

std::vector<std::size_t> firsts(const OperationGraph::Sorted& sorted) {
  std::vector<std::size_t> nodes;
  for (const auto& group : sorted.groups) nodes.push_back(group.front());
  return nodes;
}

}  // namespace

TEST_CASE("operations without edges go by their order text") {
  OperationGraph graph;
  graph.add("c");
  graph.add("a");
  graph.add("b");
  CHECK(firsts(graph.sort()) == std::vector<std::size_t>{1, 2, 0});
}

TEST_CASE("an edge is stronger than the order text") {
  OperationGraph graph;
  graph.add("a");
  graph.add("b");
  graph.before(1, 0);
  CHECK(firsts(graph.sort()) == std::vector<std::size_t>{1, 0});
}

TEST_CASE("a member is done with its holder, and waits for what either needs") {
  OperationGraph graph;
  const auto table = graph.add("a");
  const auto column = graph.add("b");
  const auto function = graph.add("c");
  graph.before(table, column);
  graph.before(function, column);
  graph.fold(column, table, OperationGraph::Bond::fixed);
  const auto sorted = graph.sort();
  REQUIRE(sorted.groups.size() == 2);
  CHECK(sorted.groups[0] == OperationGraph::Group{function});
  CHECK(sorted.groups[1] == OperationGraph::Group{table, column});
}

TEST_CASE("a loose member leaves its holder when a cycle would come of it, a firm one stays") {
  OperationGraph graph;
  const auto table = graph.add("a");
  const auto column = graph.add("b");
  const auto check = graph.add("c");
  const auto function = graph.add("d");  // takes the table's row, and is called by the check
  graph.before(table, column);
  graph.before(column, check);
  graph.before(table, function);
  graph.before(function, check);
  graph.fold(column, table, OperationGraph::Bond::fixed);
  graph.fold(check, table, OperationGraph::Bond::loose);
  const auto sorted = graph.sort();
  CHECK(sorted.cycle.empty());
  REQUIRE(sorted.groups.size() == 3);
  CHECK(sorted.groups[0] == OperationGraph::Group{table, column});
  CHECK(sorted.groups[1] == OperationGraph::Group{function});
  CHECK(sorted.groups[2] == OperationGraph::Group{check});
}

TEST_CASE("a cycle that no folding made is named") {
  OperationGraph graph;
  graph.add("a");
  graph.add("b");
  graph.add("c");
  graph.before(0, 1);
  graph.before(1, 0);
  const auto sorted = graph.sort();
  CHECK(sorted.cycle == std::vector<std::size_t>{0, 1});
  CHECK(firsts(sorted) == std::vector<std::size_t>{2});
}

TEST_CASE("a chain of a hundred thousand operations is sorted without recursion") {
  OperationGraph graph;
  constexpr std::size_t count = 100000;
  for (std::size_t node = 0; node < count; ++node) graph.add(std::to_string(count - node));
  for (std::size_t node = 1; node < count; ++node) graph.before(node - 1, node);
  const auto sorted = graph.sort();
  REQUIRE(sorted.groups.size() == count);
  CHECK(sorted.groups.front().front() == 0);
  CHECK(sorted.groups.back().front() == count - 1);
}

TEST_CASE("what comes after a node is found through all edges") {
  OperationGraph graph;
  for (const char* order : {"a", "b", "c", "d"}) graph.add(order);
  graph.before(0, 1);
  graph.before(1, 2);
  CHECK(graph.after(0) == std::vector<bool>{false, true, true, false});
  CHECK(graph.after(3) == std::vector<bool>(4, false));
}
