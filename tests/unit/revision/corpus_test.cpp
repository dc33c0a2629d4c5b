// Questions to a revision graph with Alembic's own answers, from a folder outside the project that
// LIMBECK_CORPUS names.
//
// Steps come in the very order of Alembic. Of a stamp the resulting heads are compared.
#include <algorithm>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "limbeck/error.h"

#include "revision/graph.h"
#include "revision/selector.h"
#include "revision/walk.h"

namespace limbeck {
namespace {

using Json = nlohmann::json;
using Ids = std::vector<std::string>;
using IdSet = std::set<std::string>;

// null, "a", ["a", "b"] or {"set": ["a", "b"]}
Ids ids_of(const Json& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return {value.get<std::string>()};
  if (value.is_object()) return value.at("set").get<Ids>();
  return value.get<Ids>();
}

std::string selector_of(const Json& value) {
  std::string text;
  for (const std::string& id : ids_of(value)) text += (text.empty() ? "" : ",") + id;
  return text;
}

std::vector<Revision> revisions_of(const Json& graph) {
  std::vector<Revision> revisions;
  for (const Json& entry : graph) {
    Revision revision;
    revision.id = entry.at("id").get<std::string>();
    revision.down_revisions = ids_of(entry.at("down"));
    revision.depends_on = ids_of(entry.at("depends_on"));
    revision.labels = ids_of(entry.at("labels"));
    revisions.push_back(std::move(revision));
  }
  return revisions;
}

IdSet id_set(const RevisionGraph& graph, const std::vector<RevisionGraph::Index>& indexes) {
  IdSet ids;
  for (const auto index : indexes) ids.insert(graph.id(index));
  return ids;
}

bool in_order(const RevisionGraph& graph, const std::vector<RevisionStep>& steps) {
  std::map<RevisionGraph::Index, std::size_t> turn;
  for (std::size_t i = 0; i < steps.size(); ++i) turn[steps[i].revision] = i;
  for (const RevisionStep& step : steps) {
    for (const auto below : {graph.parents(step.revision), graph.dependencies(step.revision)}) {
      for (const auto index : below) {
        if (!turn.contains(index)) continue;
        const bool first = turn[index] < turn[step.revision];
        if (first != (step.direction == Direction::upgrade)) return false;
      }
    }
  }
  return turn.size() == steps.size();
}

void check_walk(const RevisionGraph& graph, const std::vector<RevisionStep>& steps,
                Direction direction, const Json& expected) {
  Ids ids;
  for (const RevisionStep& step : steps) {
    ids.push_back(graph.id(step.revision));
    CHECK(step.direction == direction);
  }
  Ids expected_ids;
  for (const Json& step : expected) expected_ids.push_back(step.at("rev").get<std::string>());
  CHECK(ids == expected_ids);
  CHECK(in_order(graph, steps));
}

// Asked to stamp a revision together with others that come after it, Alembic writes a row for each
// of them, and then refuses its own table: "requested revision overlaps with other requested
// revisions". A version table holds heads alone, so the lower revision gets no row here. This is so
// for the cases on these lines.
const std::set<int> overlapping_stamps = {52, 54, 56};

IdSet without_ancestors(const RevisionGraph& graph, const IdSet& ids) {
  IdSet result;
  for (const std::string& id : ids) {
    const bool below = std::any_of(ids.begin(), ids.end(), [&](const std::string& other) {
      return other != id && applied(graph, std::vector{other})[graph.find(id).value()];
    });
    if (!below) result.insert(id);
  }
  return result;
}

void check_stamp(const RevisionGraph& graph, const Json& args, const Json& expected, int line) {
  const Ids current = ids_of(args.at(1));
  IdSet expected_heads(current.begin(), current.end());
  for (const Json& step : expected) {
    for (const std::string& id : ids_of(step.at("from"))) expected_heads.erase(id);
    for (const std::string& id : ids_of(step.at("to"))) expected_heads.insert(id);
  }
  Ids heads = current;
  for (const StampStep& step : stamp_steps(graph, ids_of(args.at(0)), current)) {
    heads = heads_after(step.change, heads);
  }
  if (overlapping_stamps.contains(line)) {
    CHECK(without_ancestors(graph, expected_heads) != expected_heads);
    expected_heads = without_ancestors(graph, expected_heads);
  }
  CHECK(IdSet(heads.begin(), heads.end()) == expected_heads);
}

void check_resolved(const RevisionGraph& graph, const std::string& selector, const Json& expected) {
  if (expected.is_object()) {
    CHECK(graph.id(select_one(graph, selector)) == expected.at("rev").get<std::string>());
    return;
  }
  IdSet expected_ids;
  for (const Json& entry : expected) expected_ids.insert(entry.at("rev").get<std::string>());
  CHECK(id_set(graph, select(graph, selector).revisions) == expected_ids);
}

void check_result(const Json& line, int number) {
  const RevisionGraph graph(revisions_of(line.at("graph")));
  const std::string op = line.at("op").get<std::string>();
  const Json& args = line.at("args");
  const Json& expected = line.at("result");
  if (op == "upgrade") {
    check_walk(graph, upgrade_steps(graph, selector_of(args.at(0)), ids_of(args.at(1))),
               Direction::upgrade, expected);
  } else if (op == "downgrade") {
    check_walk(graph, downgrade_steps(graph, selector_of(args.at(0)), ids_of(args.at(1))),
               Direction::downgrade, expected);
  } else if (op == "stamp") {
    check_stamp(graph, args, expected, number);
  } else if (op == "resolve") {
    check_resolved(graph, selector_of(args.at(0)), expected);
  } else if (op == "heads") {
    const Ids heads = expected.get<Ids>();
    CHECK(id_set(graph, graph.heads()) == IdSet(heads.begin(), heads.end()));
  } else {
    REQUIRE(op == "load");
    CHECK(expected == "loaded");
  }
}

void ask(const Json& line) {
  const RevisionGraph graph(revisions_of(line.at("graph")));
  const std::string op = line.at("op").get<std::string>();
  if (op == "load") return;
  const Json& args = line.at("args");
  const std::string selector = selector_of(args.at(0));
  if (op == "upgrade") upgrade_steps(graph, selector, ids_of(args.at(1)));
  if (op == "downgrade") downgrade_steps(graph, selector, ids_of(args.at(1)));
  if (op == "stamp") stamp_steps(graph, ids_of(args.at(0)), ids_of(args.at(1)));
  // Where Alembic reports an error for "heads" it was asked for one revision.
  if (op == "resolve") select_one(graph, selector);
}

TEST_CASE("revision graphs answer as Alembic's do") {
  const char* folder = std::getenv("LIMBECK_CORPUS");
  if (folder == nullptr) {
    MESSAGE("LIMBECK_CORPUS is not set: nothing to compare with");
    return;
  }
  std::ifstream file(std::string(folder) + "/revision_graph/cases.jsonl");
  REQUIRE(file);
  int number = 0;
  int asked = 0;
  for (std::string text; std::getline(file, text);) {
    ++number;
    INFO("line ", number, ": ", text);
    const Json line = Json::parse(text);
    // A revision that names itself: Alembic fails before there is a graph to record. Our own cases
    // have such graphs.
    if (!line.at("graph").is_array()) continue;
    ++asked;
    if (line.contains("error")) {
      CHECK_THROWS_AS(ask(line), Error);
    } else {
      CHECK_NOTHROW(check_result(line, number));
    }
  }
  CHECK(asked >= number - 2);
  CHECK(asked > 200);
}

}  // namespace
}  // namespace limbeck
