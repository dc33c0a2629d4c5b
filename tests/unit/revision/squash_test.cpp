// Which ranges one revision may stand for, what its header says, and which files it stands for.
#include "revision/squash.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <string>
#include <vector>

#include "limbeck/error.h"

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

// base - a - b - d - e - f (head), with c beside b; x - y is a branch of its own.
std::vector<Revision> revisions() {
  return {revision("a"),
          revision("b", {"a"}, {}, {"bee"}),
          revision("c", {"a"}, {"x"}),
          revision("d", {"b", "c"}),
          revision("e", {"d"}, {"other"}),
          revision("f", {"e"}, {"e", "x"}),
          revision("x", {}, {}, {"other"}),
          revision("y", {"x"}, {"d"})};
}

Ids ids(const RevisionGraph& graph, const SquashRange& range) {
  Ids result;
  for (const auto index : range.revisions) result.push_back(graph.id(index));
  return result;
}

std::string refusal(const RevisionGraph& graph, const SelectorRange& range) {
  try {
    squash_range(graph, range);
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::usage);
    CHECK_FALSE(error.report().hint.empty());
    return error.what();
  }
  return "no error";
}

TEST_CASE("a range holds both ends and all between them, parents first") {
  const RevisionGraph graph(revisions());
  CHECK(ids(graph, squash_range(graph, {"a", "d"})) == Ids{"a", "b", "c", "d"});
  CHECK(ids(graph, squash_range(graph, {"", "d"})) == Ids{"a", "b", "c", "d"});
  CHECK(ids(graph, squash_range(graph, {"base", "d"})) == Ids{"a", "b", "c", "d"});
  CHECK(ids(graph, squash_range(graph, {"e", "f"})) == Ids{"e", "f"});
  CHECK(squash_range(graph, {"e", "f"}).parents == Ids{"d"});
  CHECK(squash_range(graph, {"a", "d"}).parents.empty());
}

TEST_CASE("the end that is left out is the only head") {
  std::vector<Revision> some = revisions();
  some.resize(6);
  some[2].depends_on.clear();
  some[4].depends_on.clear();
  some[5].depends_on.clear();
  const RevisionGraph graph(some);
  CHECK(ids(graph, squash_range(graph, {"e", ""})) == Ids{"e", "f"});
  CHECK(refusal(RevisionGraph(revisions()), {"e", ""}) ==
        "cannot select 'head': there are several heads: f, y");
}

TEST_CASE("what no range may be") {
  const RevisionGraph graph(revisions());
  CHECK(refusal(graph, {"d", "a"}) == "revision d does not come before a");
  CHECK(refusal(graph, {"b", "y"}) == "revision b does not come before y");
  CHECK(refusal(graph, {"d", "d"}) == "revision d is alone in the range");
  CHECK(refusal(graph, {"", "a"}) == "revision a is alone in the range");
  CHECK(refusal(graph, {"b", "d"}) ==
        "revision d within the range revises c, which is outside of it");
  CHECK(refusal(graph, {"a", "b"}) ==
        "revision c, which is outside of the range, revises a within it");
  CHECK(refusal(graph, {"a", "f"}) ==
        "revision y, which is outside of the range, depends on d within it");
  CHECK(refusal(graph, {"a", "nowhere"}).starts_with("cannot select 'nowhere'"));
}

TEST_CASE("a dependency by label counts as one on the revision") {
  const RevisionGraph graph({revision("a"), revision("b", {"a"}, {}, {"bee"}), revision("c", {"b"}),
                             revision("z", {}, {"bee"})});
  CHECK(refusal(graph, {"a", "c"}) ==
        "revision z, which is outside of the range, depends on b within it");
  CHECK(ids(graph, squash_range(graph, {"a", "b"})) == Ids{"a", "b"});
}

TEST_CASE("the header of a squash") {
  std::vector<Revision> all = revisions();
  all[3].squashed = {"c1", "c2", "d"};
  all[3].squashed_hashes = {"older"};
  const RevisionGraph graph(all);
  const SquashRange range = squash_range(graph, {"a", "d"});
  const Revision squash = squashed_revision(graph, range, "newer");
  CHECK(squash.id == "d");
  CHECK(squash.down_revisions.empty());
  CHECK(squash.depends_on == Ids{"x"});
  CHECK(squash.labels == Ids{"bee"});
  CHECK(squash.squashed == Ids{"a", "b", "c", "c1", "c2", "d"});
  CHECK(squash.squashed_hashes == Ids{"newer", "older"});
  CHECK(before_range(graph, range) == Ids{"x"});
  // What lies within the range is no dependency any more; a label stays one.
  const SquashRange later = squash_range(graph, {"e", "f"});
  CHECK(squashed_revision(graph, later, "h").depends_on == Ids{"other", "x"});
  CHECK(before_range(graph, later) == Ids{"d", "x"});
}

Revision squash_of(std::string id, Ids parts) {
  Revision result = revision(std::move(id));
  result.squashed = std::move(parts);
  return result;
}

std::vector<std::size_t> found(const Revision& squash, const std::vector<Revision>& files,
                               Ids* missing = nullptr) {
  std::vector<const Revision*> candidates;
  for (const Revision& file : files) candidates.push_back(&file);
  SquashParts parts = parts_of_squash(squash, candidates);
  if (missing != nullptr) *missing = parts.missing;
  std::sort(parts.found.begin(), parts.found.end());
  return parts.found;
}

TEST_CASE("the parts of a squash, one of which is a squash") {
  const std::vector<Revision> files{revision("a"),
                                    revision("b"),
                                    squash_of("b", {"a", "b"}),
                                    revision("c"),
                                    squash_of("z", {"y", "z"}),
                                    revision("z")};
  CHECK(found(squash_of("b", {"a", "b"}), files) == std::vector<std::size_t>{0, 1});
  CHECK(found(squash_of("c", {"a", "b", "c"}), files) == std::vector<std::size_t>{2, 3});
  Ids missing;
  CHECK(found(squash_of("d", {"a", "b", "c", "d"}), files, &missing) ==
        std::vector<std::size_t>{2, 3});
  CHECK(missing == Ids{"d"});
}

TEST_CASE("a squash beside what it stands for is refused") {
  const auto fault = [](std::vector<Revision> all) -> std::string {
    try {
      RevisionGraph{std::move(all)};
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  CHECK(fault({squash_of("b", {"a", "b"}), revision("c", {"b"})}) == "no error");
  CHECK(fault({squash_of("b", {"a", "b"}), revision("a")}) ==
        "revision a is squashed into b, and stands beside it");
  CHECK(fault({squash_of("b", {"a", "b"}), squash_of("c", {"a", "c"})}) ==
        "revision a is squashed into two others");
}

}  // namespace
}  // namespace limbeck
