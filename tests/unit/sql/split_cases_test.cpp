// Runs every case of tests/cases/split/{postgres,sqlite}/*.case. A case without C++:
//
//   === name of the case                 (with the word "escapes": \r \n \t \0 \\ \xNN in it are
//   those bytes) the input, without a final line end
//   => statement 2:1                     its line and column; the lines below are its text
//   => data                              the rows of the COPY before it
//   => words CREATE TABLE                the first words of the statement before it
//   => error 2:8 a part of the message   instead of statements
//   => line the text of the line         the source line of the error before it
#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "sql/lexical_rules.h"
#include "sql/splitter.h"

namespace {

using limbeck::Error;
using limbeck::sql::Statement;

struct Case {
  std::string name;
  std::string input;
  std::vector<std::string> expected;  // "=> " lines with the lines below them
};

std::string unescaped(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = text[i] == '\\' && i + 1 < text.size() ? text[i + 1] : ' ';
    const std::size_t known = std::string("rnt0\\").find(next);
    if (text[i] == '\\' && known != std::string::npos) {
      result += std::string("\r\n\t\0\\", 5)[known];
      ++i;
    } else if (text[i] == '\\' && next == 'x') {
      result += static_cast<char>(std::stoi(text.substr(i + 2, 2), nullptr, 16));
      i += 3;
    } else {
      result += text[i];
    }
  }
  return result;
}

std::vector<Case> read_cases(const std::filesystem::path& path) {
  std::ifstream stream(path);
  std::vector<Case> cases;
  std::vector<bool> escapes;
  bool first = true;
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("=== ")) {
      cases.push_back({line.substr(4), {}, {}});
      escapes.push_back(line.find("escapes") != std::string::npos);
      first = true;
    } else if (cases.empty()) {
      continue;  // what the file is about
    } else if (line.starts_with("=> ")) {
      cases.back().expected.push_back(line.substr(3));
    } else if (cases.back().expected.empty()) {
      cases.back().input += (first ? "" : "\n") + line;
      first = false;
    } else {
      cases.back().expected.back() += "\n" + line;
    }
  }
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (!escapes[i]) continue;
    cases[i].input = unescaped(cases[i].input);
    for (std::string& expected : cases[i].expected) expected = unescaped(expected);
  }
  return cases;
}

std::string place(const limbeck::Place& at) {
  return std::to_string(at.line) + ":" + std::to_string(at.column);
}

// What was expected, written from what came out; as much of it as the case asks for.
std::vector<std::string> actual(const Case& one, const limbeck::sql::LexicalRules& rules) {
  std::vector<std::string> result;
  const auto asks = [&](const std::string& what) {
    return result.size() < one.expected.size() && one.expected[result.size()].starts_with(what);
  };
  try {
    for (const Statement& statement : split(one.input, rules, {.file = "case.sql", .line = 1})) {
      result.push_back("statement " + place(statement.place) + "\n" + statement.text);
      if (statement.copy_data) result.push_back("data\n" + *statement.copy_data);
      if (!asks("words")) continue;
      std::string words = "words";
      for (const std::string& word : statement.words) words += " " + word;
      result.push_back(words);
    }
  } catch (const Error& error) {
    CHECK(error.code() == limbeck::ExitCode::invalid_project);
    CHECK_FALSE(error.report().hint.empty());
    REQUIRE(error.report().place);
    CHECK(error.report().place->file == "case.sql");
    const std::string where = "error " + place(*error.report().place) + " ";
    const bool part =
        asks(where) &&
        std::string(error.what()).find(one.expected[result.size()].substr(where.size())) !=
            std::string::npos;
    result.push_back(part ? one.expected[result.size()] : where + error.what());
    if (asks("line")) result.push_back("line " + error.report().place->source_line);
  }
  return result;
}

std::size_t run(const std::string& folder, const limbeck::sql::LexicalRules& rules) {
  std::vector<std::filesystem::path> files;
  const std::filesystem::path root = std::filesystem::path(LIMBECK_TESTS_FOLDER) / "cases/split";
  for (const auto& entry : std::filesystem::directory_iterator(root / folder)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::size_t count = 0;
  for (const std::filesystem::path& file : files) {
    for (const Case& one : read_cases(file)) {
      INFO(file.filename().string(), ": ", one.name);
      std::string expected;
      std::string got;
      for (const std::string& part : one.expected) expected += "=> " + part + "\n";
      for (const std::string& part : actual(one, rules)) got += "=> " + part + "\n";
      CHECK(got == expected);
      ++count;
    }
  }
  return count;
}

TEST_CASE("the splitting cases for PostgreSQL") {
  CHECK(run("postgres", limbeck::sql::postgres_rules) >= 60);
}

TEST_CASE("the splitting cases for SQLite") {
  CHECK(run("sqlite", limbeck::sql::sqlite_rules) >= 25);
}

}  // namespace
