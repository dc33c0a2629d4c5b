// The edges of walks; tests/cases/revision_graph has their meanings.
#include "revision/walk.h"

#include <algorithm>
#include <doctest/doctest.h>

#include "limbeck/error.h"

namespace limbeck {
namespace {

using Ids = std::vector<std::string>;

RevisionGraph two_branches() {
  std::vector<Revision> revisions(3);
  revisions[0].id = "t";
  revisions[1].id = "a";
  revisions[1].down_revisions = {"t"};
  revisions[2].id = "b";
  revisions[2].down_revisions = {"t"};
  return RevisionGraph(std::move(revisions));
}

TEST_CASE("heads after a change keep their places") {
  HeadChange change;
  change.remove = {"b"};
  change.move = {{"c", "d"}};
  change.insert = {"e"};
  CHECK(heads_after(change, Ids{"a", "b", "c"}) == Ids{"a", "d", "e"});
  CHECK(heads_after({}, Ids{"a"}) == Ids{"a"});
}

TEST_CASE("the change between two sets of heads leads from one to the other") {
  const Ids before{"kept", "b", "a"};
  CHECK(change_between(before, before) == HeadChange{});
  CHECK(change_between({}, {"x"}) == HeadChange{.insert = {"x"}});
  CHECK(change_between({"x"}, {}) == HeadChange{.remove = {"x"}});
  for (const Ids& after : {Ids{"x", "kept"}, Ids{"x", "y", "z", "kept"}, Ids{"b", "x", "kept"}}) {
    const HeadChange change = change_between(before, after);
    CHECK_FALSE(change.move.empty());
    Ids reached = heads_after(change, before);
    Ids expected = after;
    std::sort(reached.begin(), reached.end());
    std::sort(expected.begin(), expected.end());
    CHECK(reached == expected);
  }
}

TEST_CASE("rows that the graph does not know are left alone by a step") {
  const RevisionGraph graph = two_branches();
  const auto a = graph.find("a").value();
  const Ids before = {"unknown", "t"};
  const HeadChange up = head_change(graph, {a, Direction::upgrade}, before);
  CHECK(heads_after(up, before) == Ids{"unknown", "a"});
  const Ids after = {"unknown", "a"};
  const HeadChange down = head_change(graph, {a, Direction::downgrade}, after);
  CHECK(heads_after(down, after) == before);
}

TEST_CASE("undoing what is no head is refused") {
  const RevisionGraph graph = two_branches();
  const RevisionStep step{graph.find("t").value(), Direction::downgrade};
  CHECK_THROWS_AS(head_change(graph, step, Ids{"a"}), Error);
  CHECK_THROWS_AS(head_change(graph, step, Ids{}), Error);
}

TEST_CASE("the order of the rows does not change a plan") {
  const RevisionGraph graph = two_branches();
  CHECK(downgrade_steps(graph, "base", Ids{"a", "b"}) ==
        downgrade_steps(graph, "base", Ids{"b", "a"}));
  const RevisionStep step{graph.find("a").value(), Direction::downgrade};
  CHECK(head_change(graph, step, Ids{"a", "b"}) == head_change(graph, step, Ids{"b", "a"}));
}

TEST_CASE("applied are the current revisions and what came before them") {
  const RevisionGraph graph = two_branches();
  const std::vector<bool> none = applied(graph, Ids{});
  CHECK(std::none_of(none.begin(), none.end(), [](bool each) { return each; }));
  const std::vector<bool> some = applied(graph, Ids{"a"});
  CHECK(some[graph.find("a").value()]);
  CHECK(some[graph.find("t").value()]);
  CHECK_FALSE(some[graph.find("b").value()]);
  CHECK_THROWS_AS(applied(graph, Ids{"gone"}), Error);
}

}  // namespace
}  // namespace limbeck
