// Every question in tests/cases/revision_graph gets its answer.
#include "unit/revision/graph_cases.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <functional>
#include <map>
#include <sstream>
#include <stdexcept>

#include "limbeck/error.h"

#include "revision/graph.h"
#include "revision/selector.h"
#include "revision/walk.h"

namespace limbeck {
namespace {

using Index = RevisionGraph::Index;
using Lines = std::vector<std::string>;

// A question about a graph: "<verb> <subject> from <current>", of which the last two parts may be
// missing.
struct Asked {
  const RevisionGraph& graph;
  std::string subject;
  Lines current;
};

std::string joined(const Lines& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text.empty() ? "nothing" : text;
}

std::string listed(const RevisionGraph& graph, std::span<const Index> indexes) {
  Lines words;
  for (Index index : indexes) words.push_back(graph.id(index));
  return joined(words);
}

Lines steps(const RevisionGraph& graph, const std::vector<RevisionStep>& walk) {
  std::vector<Index> indexes;
  for (const RevisionStep& step : walk) indexes.push_back(step.revision);
  return {listed(graph, indexes)};
}

std::string described(const HeadChange& change) {
  Lines parts;
  for (const auto& row : change.remove) parts.push_back("remove " + row);
  for (const auto& [from, to] : change.move) parts.push_back("move " + from + " to " + to);
  for (const auto& row : change.insert) parts.push_back("insert " + row);
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

Lines rows(const Asked& asked, const std::vector<RevisionStep>& walk) {
  Lines lines;
  Lines current = asked.current;
  for (const RevisionStep& step : walk) {
    const HeadChange change = head_change(asked.graph, step, current);
    current = heads_after(change, current);
    lines.push_back(fmt::format("{} -> {}: {}", step_from(asked.graph, step),
                                step_to(asked.graph, step), described(change)));
  }
  return lines;
}

Lines stamp(const Asked& asked) {
  const Lines targets = {asked.subject};
  Lines lines;
  Lines current = asked.current;
  for (const StampStep& step : stamp_steps(asked.graph, targets, current)) {
    current = heads_after(step.change, current);
    lines.push_back(fmt::format("{} to {}: {}", to_string(step.direction), joined(step.to),
                                described(step.change)));
  }
  std::sort(current.begin(), current.end());
  lines.push_back(joined(current));
  return lines;
}

Lines selected(const Asked& asked) {
  const Selection selection = select(asked.graph, asked.subject, asked.current);
  return {selection.base ? "base" : listed(asked.graph, selection.revisions)};
}

const std::map<std::string, std::function<Lines(const Asked&)>>& verbs() {
  static const std::map<std::string, std::function<Lines(const Asked&)>> table = {
      {"upgrade",
       [](const Asked& a) { return steps(a.graph, upgrade_steps(a.graph, a.subject, a.current)); }},
      {"downgrade",
       [](const Asked& a) {
         return steps(a.graph, downgrade_steps(a.graph, a.subject, a.current));
       }},
      {"upgrade-rows",
       [](const Asked& a) { return rows(a, upgrade_steps(a.graph, a.subject, a.current)); }},
      {"downgrade-rows",
       [](const Asked& a) { return rows(a, downgrade_steps(a.graph, a.subject, a.current)); }},
      {"stamp", stamp},
      {"select", selected},
      {"one",
       [](const Asked& a) { return Lines{a.graph.id(select_one(a.graph, a.subject, a.current))}; }},
      {"range",
       [](const Asked& a) {
         return Lines{
             listed(a.graph, select_range(a.graph, split_range(a.subject).value(), a.current))};
       }},
      {"start",
       [](const Asked& a) {
         return Lines{joined(start_heads(a.graph, split_range(a.subject).value().from))};
       }},
      {"heads", [](const Asked& a) { return Lines{listed(a.graph, a.graph.heads())}; }},
      {"real-heads", [](const Asked& a) { return Lines{listed(a.graph, a.graph.real_heads())}; }},
      {"bases", [](const Asked& a) { return Lines{listed(a.graph, a.graph.bases())}; }},
      {"order", [](const Asked& a) { return Lines{listed(a.graph, a.graph.topological_order())}; }},
      {"labels",
       [](const Asked& a) {
         return Lines{joined(a.graph.labels(a.graph.find(a.subject).value()))};
       }},
      {"ambiguous",
       [](const Asked& a) {
         return Lines{is_ambiguous_downgrade(a.graph, a.subject, a.current) ? "yes" : "no"};
       }},
      {"load", [](const Asked&) { return Lines{"loaded"}; }},
  };
  return table;
}

Lines answer(const GraphCase& graph_case, const GraphQuestion& question) {
  std::istringstream words(question.text);
  std::string verb;
  std::string word;
  std::string subject;
  Lines current;
  words >> verb;
  while (words >> word && word != "from") subject += word;
  while (words >> word) {
    if (word.back() == ',') word.pop_back();
    if (word != "base") current.push_back(word);
  }
  const auto found = verbs().find(verb);
  if (found == verbs().end()) throw std::runtime_error("no such question: " + question.text);
  try {
    const RevisionGraph graph(graph_case.revisions);
    return found->second({graph, subject, current});
  } catch (const Error& error) {
    const ErrorReport& report = error.report();
    std::string text = fmt::format("error {}: {}", static_cast<int>(report.code), report.message);
    if (report.place) text += "\n" + to_string(*report.place);
    return {text + "\n" + report.detail + "\n" + report.hint};
  }
}

void check(const GraphCase& graph_case, const GraphQuestion& question) {
  INFO(question.where, ": ", graph_case.name, ": ", question.text);
  const Lines answered = answer(graph_case, question);
  REQUIRE_FALSE(question.answer.empty());
  if (question.answer.front().rfind("error: ", 0) != 0) {
    CHECK(fmt::format("{}", fmt::join(answered, "\n")) ==
          fmt::format("{}", fmt::join(question.answer, "\n")));
    return;
  }
  const std::string& text = answered.front();
  INFO("answered: ", text);
  CHECK(text.rfind("error ", 0) == 0);
  for (const std::string& line : question.answer) {
    REQUIRE(line.rfind("error: ", 0) == 0);
    INFO("expected: ", line);
    CHECK(text.find(line.substr(7)) != std::string::npos);
  }
}

TEST_CASE("questions to revision graphs get the answers in tests/cases/revision_graph") {
  int questions = 0;
  const std::filesystem::path folder =
      std::filesystem::path(LIMBECK_TESTS_FOLDER) / "cases" / "revision_graph";
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    for (const GraphCase& graph_case : read_graph_cases(file.path().string())) {
      for (const GraphQuestion& question : graph_case.questions) {
        check(graph_case, question);
        ++questions;
      }
    }
  }
  CHECK(questions > 100);
}

}  // namespace
}  // namespace limbeck
