// The edges of selectors; tests/cases/revision_graph has their meanings.
#include "revision/selector.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

#include "limbeck/error.h"

namespace limbeck {
namespace {

RevisionGraph three() {
  std::vector<Revision> revisions(3);
  revisions[0].id = "aaaa1111";
  revisions[1].id = "bbbb2222";
  revisions[1].down_revisions = {"aaaa1111"};
  revisions[1].labels = {"app"};
  revisions[2].id = "cccc3333";
  revisions[2].down_revisions = {"bbbb2222"};
  return RevisionGraph(std::move(revisions));
}

ErrorReport failure(const RevisionGraph& graph, std::string_view selector) {
  try {
    select(graph, selector);
  } catch (const Error& error) {
    return error.report();
  }
  return {};
}

TEST_CASE("a range is split at its colon") {
  CHECK_FALSE(split_range("head").has_value());
  CHECK_FALSE(split_range("").has_value());
  CHECK(split_range("aaa,bbb:heads")->from == "aaa,bbb");
  CHECK(split_range("aaa,bbb:heads")->to == "heads");
  CHECK(split_range(":")->from.empty());
  CHECK(split_range(":")->to.empty());
  CHECK(split_range("a:")->from == "a");
  CHECK_THROWS_AS(split_range("a:b:c"), Error);
  CHECK_THROWS_AS(split_range("::"), Error);
}

TEST_CASE("whatever is typed, a selector is answered or refused") {
  const RevisionGraph graph = three();
  const std::string alphabet = "@+-:,1a head";
  for (char a : alphabet) {
    for (char b : alphabet) {
      for (char c : alphabet) {
        const std::string text = {a, b, c};
        INFO("selector: ", text);
        const ExitCode code = failure(graph, text).code;
        CHECK((code == ExitCode::usage || code == ExitCode::internal_error));
        if (code != ExitCode::usage) CHECK_NOTHROW(select(graph, text));
      }
    }
  }
}

TEST_CASE("very long and strange selectors are refused") {
  const RevisionGraph graph = three();
  CHECK(failure(graph, std::string(100'000, 'a')).code == ExitCode::usage);
  CHECK(failure(graph, std::string(100'000, '@')).code == ExitCode::usage);
  CHECK(failure(graph, std::string(100'000, ',')).code == ExitCode::usage);
  CHECK(failure(graph, "head" + std::string(1'000, '-') + "1").code == ExitCode::usage);
  CHECK(failure(graph, std::string("a\0b", 3)).code == ExitCode::usage);
}

TEST_CASE("an unknown name gets a proposal, of ids, their beginnings and labels") {
  const RevisionGraph graph = three();
  CHECK(failure(graph, "bbbb2223").hint == "did you mean bbbb2222?");
  CHECK(failure(graph, "bbbc").hint == "did you mean bbbb2222?");
  CHECK(failure(graph, "apq").hint == "did you mean app?");
  CHECK(failure(graph, "bbbb2223@head").hint == "did you mean bbbb2222?");
  CHECK(failure(graph, "zzzz").hint.find("limbeck history") != std::string::npos);
}

TEST_CASE("a current revision that the project does not have is a fault of the project") {
  const RevisionGraph graph = three();
  const std::string current[] = {"gone"};
  try {
    select(graph, "current", current);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::invalid_project);
    CHECK(error.report().message.find("'gone'") != std::string::npos);
  }
  // Who does not ask for it does not need it.
  CHECK(select(graph, "head", current).revisions.size() == 1);
}

}  // namespace
}  // namespace limbeck
