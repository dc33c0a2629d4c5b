#include "unit/revision/graph_cases.h"

#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace limbeck {
namespace {

std::vector<std::string> words_of(std::string text) {
  for (char& c : text) {
    if (c == ',') c = ' ';
  }
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

Revision read_revision(const std::string& line) {
  Revision revision;
  std::vector<std::string>* list = nullptr;
  for (const std::string& word : words_of(line)) {
    if (word == "<-") {
      list = &revision.down_revisions;
    } else if (word == "needs") {
      list = &revision.depends_on;
    } else if (word == "labels") {
      list = &revision.labels;
    } else if (list != nullptr) {
      list->push_back(word);
    } else if (revision.id.empty()) {
      revision.id = word;
    } else {
      throw std::runtime_error("not a revision: " + line);
    }
  }
  revision.place = Place{revision.id + ".sql", 3, 0, {}};
  return revision;
}

}  // namespace

std::vector<GraphCase> read_graph_cases(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<GraphCase> cases;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    line.erase(std::min(line.find('#'), line.size()));
    while (!line.empty() && line.back() == ' ') line.pop_back();
    if (line.empty()) continue;
    if (line.rfind("graph ", 0) == 0) {
      cases.push_back({line.substr(6), {}, {}});
    } else if (cases.empty()) {
      throw std::runtime_error("no graph before: " + line);
    } else if (line.rfind("> ", 0) == 0) {
      cases.back().questions.push_back({fmt::format("{}:{}", path, number), line.substr(2), {}});
    } else if (cases.back().questions.empty()) {
      cases.back().revisions.push_back(read_revision(line));
    } else {
      cases.back().questions.back().answer.push_back(line);
    }
  }
  return cases;
}

}  // namespace limbeck
