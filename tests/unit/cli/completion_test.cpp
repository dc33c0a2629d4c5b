#include "cli/completion.h"

#include <algorithm>
#include <doctest/doctest.h>

using namespace limbeck::cli;
using Words = std::vector<std::string>;

namespace {

Words completed(const Words& words) {
  Words values;
  const auto revisions = [] { return std::vector<Candidate>{{"aaa111", "first"}, {"bbb222", ""}}; };
  for (const Candidate& candidate : complete(words, revisions)) values.push_back(candidate.value);
  return values;
}

bool has(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

TEST_CASE("commands come first") {
  CHECK(completed({"up"}) == Words{"upgrade"});
  CHECK(has(completed({""}), "status"));
  CHECK_FALSE(has(completed({""}), "__complete"));
  CHECK(completed({"--config", "x", "downg"}) == Words{"downgrade"});
  CHECK(completed({"--json", "downg"}) == Words{"downgrade"});
}

TEST_CASE("revisions, labels and symbols where a revision may stand") {
  CHECK(completed({"upgrade", "a"}) == Words{"aaa111"});
  CHECK(completed({"upgrade", "h"}) == Words{"head", "heads"});
  CHECK(completed({"merge", "aaa111", "b"}) == Words{"bbb222", "base"});
  CHECK(completed({"revision", "--head", "b"}) == Words{"bbb222", "base"});
  CHECK(completed({"upgrade", "aaa111", ""}).empty());
  CHECK(completed({"revision", "-m", ""}).empty());
  CHECK(completed({"heads", ""}).empty());
}

TEST_CASE("ranges, branches and values behind an equals sign") {
  CHECK(completed({"history", "-r", "aaa111:b"}) == Words{"aaa111:bbb222", "aaa111:base"});
  CHECK(completed({"history", "-r", "aaa111:cu"}) == Words{"aaa111:current"});
  CHECK(completed({"upgrade", "core@he"}) == Words{"core@head", "core@heads"});
  CHECK(completed({"revision", "--head=b"}) == Words{"--head=bbb222", "--head=base"});
  CHECK(completed({"--color=n"}) == Words{"--color=never"});
  CHECK(completed({"--config=x"}) == Words{":files"});
}

TEST_CASE("options of the command and of every command") {
  const Words options = completed({"upgrade", "--"});
  CHECK(has(options, "--sql"));
  CHECK(has(options, "--json"));
  CHECK_FALSE(has(options, "--splice"));
  CHECK(completed({"upgrade", "--sq"}) == Words{"--sql"});
}

TEST_CASE("values of options") {
  CHECK(completed({"--color", "a"}) == Words{"auto", "always"});
  CHECK(completed({"--config", "x"}) == Words{":files"});
  CHECK(completed({"completion", "z"}) == Words{"zsh"});
  CHECK(completed({"help", "upg"}) == Words{"upgrade"});
}

TEST_CASE("each shell has its script") {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    REQUIRE(completion_script(shell));
    CHECK(completion_script(shell)->find("limbeck __complete --") != std::string_view::npos);
  }
  CHECK_FALSE(completion_script("tcsh"));
}
