// A schema interpreted in memory against the same one read from a server: tests/cases/elaboration,
// both sides of tests/cases/diff/postgresql, and those of the folder that LIMBECK_CORPUS names,
// when it is set.
//
// Where the two differ in a case of ours, or the interpreter says that it did not understand a
// statement, the case has a row with the reason in tests/cases/elaboration/known.txt; a row whose
// case agrees has to go. Of the folder's so many in a hundred must agree. A text that the
// interpreter says it is not certain of is no difference, and is counted.
#include <algorithm>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/file.h"
#include "dialect/postgres/memory/interpret.h"
#include "dialect/schema_dialect.h"
#include "diff/uncertain.h"
#include "schema/difference.h"
#include "sql/splitter.h"
#include "unit/dialect/scratch_database.h"

namespace limbeck {
namespace {

namespace fs = std::filesystem;

constexpr int corpus_agreement = 98;  // in a hundred, at least
constexpr int corpus_exact = 91;      // without an uncertain text

struct ElaborationCase {
  std::string name;
  std::string sql;
  std::vector<std::string> roles = {};
};

fs::path cases_folder() {
  return fs::path(LIMBECK_TESTS_FOLDER) / "cases";
}

std::vector<fs::path> files_in(const fs::path& folder, const std::string& extension) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == extension) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<ElaborationCase> own_cases() {
  std::vector<ElaborationCase> cases;
  for (const fs::path& file : files_in(cases_folder() / "elaboration", ".sql"))
    cases.push_back({file.stem().string(), read_file(file, 1 << 20)});
  return cases;
}

// The sections "---- old" and "---- new", under the name that stands in the line before "old".
std::vector<ElaborationCase> diff_cases() {
  std::vector<ElaborationCase> cases;
  for (const fs::path& file : files_in(cases_folder() / "diff" / "postgresql", ".case")) {
    std::ifstream lines(file);
    std::string title;
    std::string before;
    bool inside = false;
    for (std::string line; std::getline(lines, line);) {
      const bool section = line.rfind("---- ", 0) == 0;
      const std::string name = section ? line.substr(5) : "";
      if (name == "old") title = before;
      if (name == "old" || name == "new") {
        cases.push_back({file.stem().string() + "/" + title + ":" + name, ""});
        inside = true;
      } else if (section) {
        inside = false;
      } else if (inside) {
        cases.back().sql += line + "\n";
      }
      before = name;
    }
  }
  return cases;
}

// Of a folder of over a thousand schemas every fourth is enough for each day; LIMBECK_CORPUS_WHOLE
// takes them all.
std::size_t corpus_stride() {
  return std::getenv("LIMBECK_CORPUS_WHOLE") != nullptr ? 1 : 4;
}

// Both sides of each case, each once.
std::vector<ElaborationCase> corpus_cases(const fs::path& folder) {
  std::vector<ElaborationCase> cases;
  std::set<std::string> seen;
  for (const fs::path& file : files_in(folder, ".jsonl")) {
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);) {
      const auto json = nlohmann::json::parse(line);
      if (json.at("dialect") != "postgres") continue;
      const std::string name =
          json.at("corpus").get<std::string>() + "/" + json.at("case").get<std::string>();
      std::vector<std::string> roles;
      const auto& flags = json.at("flags");
      if (flags.contains("roles") && flags.at("roles").is_array())
        roles = flags.at("roles").get<std::vector<std::string>>();
      for (const char* side : {"old", "new"}) {
        const auto& sql = json.at(std::string(side) + "_sql");
        if (sql.is_string() && seen.insert(sql.get<std::string>()).second &&
            seen.size() % corpus_stride() == 0)
          cases.push_back({name + ":" + side, sql.get<std::string>(), roles});
      }
    }
  }
  return cases;
}

// Nothing: the server does not take the statements.
std::optional<Schema> by_server(const std::string& server, const ElaborationCase& one,
                                const std::vector<sql::Statement>& statements) {
  test::ScratchDatabase database(server);
  const auto connection = database.connect();
  for (const std::string& role : one.roles) {
    try {
      connection->run_alone("CREATE ROLE \"" + role + "\"");
    } catch (const DatabaseError&) {
      // It is there.
    }
  }
  try {
    for (const sql::Statement& statement : statements) connection->run_alone(statement.text);
  } catch (const DatabaseError&) {
    return std::nullopt;
  }
  return schema_dialect_named("postgresql").introspect(*database.connect(), {});
}

// What differs, a line for each object.
std::vector<std::string> differences(const Schema& server, const Schema& memory) {
  std::vector<std::string> lines;
  for (const auto& [id, object] : server.objects) {
    const Object* other = memory.find(id);
    if (other == nullptr) {
      lines.push_back("missing: " + to_string(id));
    } else if (!(*other == object)) {
      std::string line = "differs: " + to_string(id);
      for (const std::string_view field : differing_fields(*other, object))
        line += " " + std::string(field);
      lines.push_back(std::move(line));
    }
  }
  for (const auto& [id, object] : memory.objects)
    if (server.find(id) == nullptr) lines.push_back("only in memory: " + to_string(id));
  return lines;
}

std::vector<std::string> edge_differences(const Schema& server, const Schema& memory) {
  std::vector<std::string> lines;
  const auto shown = [](const Dependency& edge) {
    return to_string(edge.dependent) + " -> " + to_string(edge.on);
  };
  for (const Dependency& edge : server.dependencies)
    if (memory.dependencies.count(edge) == 0) lines.push_back("missing edge: " + shown(edge));
  for (const Dependency& edge : memory.dependencies)
    if (server.dependencies.count(edge) == 0)
      lines.push_back("edge only in memory: " + shown(edge));
  return lines;
}

struct Counts {
  int equal = 0;
  int uncertain = 0;
  int not_interpreted = 0;
  int different = 0;
  int edges = 0;
  int refused = 0;  // by the server

  int all() const { return equal + uncertain + not_interpreted + different; }
};

// "case name: reason"
std::map<std::string, std::string> known_differences() {
  std::map<std::string, std::string> known;
  std::ifstream lines(cases_folder() / "elaboration" / "known.txt");
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.rfind(": ");
    if (!line.empty() && line[0] != '#' && colon != std::string::npos)
      known[line.substr(0, colon)] = line.substr(colon + 2);
  }
  return known;
}

struct Compared {
  bool refused = false;  // by the server
  bool uncertain = false;
  bool not_interpreted = false;
  std::string difference = {};
  std::string edges = {};
};

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\n  " + line;
  return text;
}

Compared compare(const std::string& server, const ElaborationCase& one) {
  std::vector<sql::Statement> statements;
  try {
    statements = sql::split(one.sql, test::ScratchDatabase::dialect().lexical_rules(), {});
  } catch (const Error&) {
    return {.refused = true};
  }
  std::optional<Schema> expected = by_server(server, one, statements);
  if (!expected) return {.refused = true};
  Compared result;
  Interpreted found;
  try {
    found = postgres::interpret(statements);
  } catch (const Error& error) {
    result.difference = error.what();
    return result;
  }
  UncertainTexts none;
  result.uncertain = !set_uncertain_equal(*expected, none, found.schema, found.uncertain).empty();
  result.not_interpreted = !found.not_interpreted.empty();
  result.difference = joined(differences(*expected, found.schema));
  if (result.difference.empty()) result.edges = joined(edge_differences(*expected, found.schema));
  return result;
}

Counts count(const std::string& server, const std::vector<ElaborationCase>& cases, bool strict) {
  Counts counts;
  const auto known = known_differences();
  for (const ElaborationCase& one : cases) {
    CAPTURE(one.name);
    const Compared compared = compare(server, one);
    if (compared.refused) {
      ++counts.refused;
      continue;
    }
    if (compared.not_interpreted)
      ++counts.not_interpreted;
    else if (!compared.difference.empty())
      ++counts.different;
    else
      ++(compared.uncertain ? counts.uncertain : counts.equal);
    if (!compared.edges.empty()) ++counts.edges;
    const std::string found = compared.difference + compared.edges;
    const bool agrees = found.empty() && !compared.not_interpreted;
    if (strict) {
      CAPTURE(found);
      CHECK(agrees == (known.count(one.name) == 0));
    } else if (compared.not_interpreted || !compared.difference.empty()) {
      MESSAGE(one.name, std::string(compared.not_interpreted ? ": not interpreted" : ": different"),
              found);
    }
  }
  MESSAGE(counts.equal, " equal, ", counts.uncertain, " equal but for uncertain texts, ",
          counts.not_interpreted, " with statements that were not interpreted, ", counts.different,
          " different; ", counts.edges, " with other dependencies; ", counts.refused,
          " not taken by the server");
  return counts;
}

TEST_CASE("what is interpreted in memory is what a server makes of it") {
  const auto server = test::server_url();
  if (!server) return;
  const Counts counts = count(*server, own_cases(), true);
  CHECK(counts.refused == 0);
}

TEST_CASE("both sides of the cases of a diff are interpreted as a server does") {
  const auto server = test::server_url();
  if (!server) return;
  const Counts counts = count(*server, diff_cases(), true);
  CHECK(counts.refused == 0);
}

TEST_CASE("every row of the known differences is that of a case") {
  std::set<std::string> names;
  for (const ElaborationCase& one : own_cases()) names.insert(one.name);
  for (const ElaborationCase& one : diff_cases()) names.insert(one.name);
  for (const auto& difference : known_differences()) {
    const std::string& name = difference.first;
    CAPTURE(name);
    CHECK(names.count(name) == 1);
  }
}

TEST_CASE("the same for the cases of a folder") {
  const char* folder = std::getenv("LIMBECK_CORPUS");
  if (folder == nullptr || !fs::exists(fs::path(folder) / "diff")) {
    MESSAGE("skipped: LIMBECK_CORPUS is not set");
    return;
  }
  const auto server = test::server_url();
  if (!server) return;
  const Counts counts = count(*server, corpus_cases(fs::path(folder) / "diff"), false);
  CHECK(100 * (counts.equal + counts.uncertain) >= corpus_agreement * counts.all());
  CHECK(100 * counts.equal >= corpus_exact * counts.all());
}

// ---- without a server ----

std::vector<sql::Statement> statements_of(const std::string& text) {
  return sql::split(text, test::ScratchDatabase::dialect().lexical_rules(), {.file = "a.sql"});
}

Error failure(const std::string& text) {
  try {
    postgres::interpret(statements_of(text));
  } catch (const Error& error) {
    return error;
  }
  FAIL("nothing was thrown");
  throw std::logic_error("not reached");
}

TEST_CASE("what does not parse is an error at the word that does not belong there") {
  const Error error = failure(
      "CREATE TABLE a (i int);\nCREATE TABLE \"\xC3\xA4\" (\n  \"\xC3\xB6\" int,, b int);\n");
  CHECK(std::string(error.what()) == "syntax error at or near \",\"");
  REQUIRE(error.report().place.has_value());
  CHECK(to_string(*error.report().place) == "a.sql:3:11");
}

TEST_CASE("what names something that is not there is an error, and leaves nothing behind") {
  const auto interpreter = make_interpreter("postgresql");
  const auto statements =
      statements_of("CREATE TABLE a (i int PRIMARY KEY, j int REFERENCES b, k serial);");
  const Schema before = interpreter->state().schema;
  CHECK_THROWS_AS(interpreter->apply(statements[0]), Error);
  CHECK(interpreter->state().schema == before);
}

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

// Either it is interpreted, or it is an error; never the end of the program.
void try_nesting(const std::string& before, const std::string& open, const std::string& middle,
                 const std::string& close, const std::string& after) {
  for (const int depth : {500, 990, 1990, 5'000, 200'000}) {
    CAPTURE(open);
    CAPTURE(depth);
    try {
      const Interpreted found = postgres::interpret(
          statements_of(before + repeated(open, depth) + middle + repeated(close, depth) + after));
      CHECK(found.schema.objects.size() >= 2);
    } catch (const Error& error) {
      const std::string what = error.what();
      CHECK((what == "the statement nests too deep" ||
             what.find("memory exhausted") != std::string::npos));
      CHECK(depth > 500);
    }
  }
}

TEST_CASE("a text that nests deeper than the stack is an error") {
  try_nesting("CREATE TABLE t (a int CHECK (", "1 + ", "a", "", " > 0));");
  try_nesting("CREATE TABLE t (a int CHECK (", "(", "a", ")", " > 0));");
  try_nesting("CREATE TABLE t (a int CHECK (", "NOT ", "a > 0", "", "));");
  try_nesting("CREATE TABLE t (a int CHECK (", "abs(", "a", ")", " > 0));");
  try_nesting("CREATE TABLE t (a int DEFAULT 1", "::int", "", "", ");");
  try_nesting("CREATE TABLE t (a text CHECK (a ", "COLLATE \"C\" ", "", "", "> ''));");
  try_nesting("CREATE TABLE t (a bool CHECK (a ", "IS NULL ", "", "", "));");
  try_nesting("CREATE TABLE t (a bool CHECK (", "CASE WHEN a THEN true ELSE ", "a", " END", "));");
  try_nesting("CREATE TABLE t (a bool CHECK (", "(a, ", "a", ")", " IS NULL));");
  try_nesting("CREATE TABLE t (a int[] DEFAULT ARRAY", "[", "1", "]", ");");
  try_nesting("CREATE VIEW v AS SELECT 1", " UNION ALL SELECT 1", "", "", ";");
  try_nesting("CREATE VIEW v AS SELECT 1 FROM pg_class", " NATURAL JOIN pg_class", "", "", ";");
  try_nesting("CREATE VIEW v AS ", "SELECT * FROM (", "SELECT 1", ") x", ";");
}

TEST_CASE("what is written twice at each level does not grow without bounds") {
  std::string condition = "a";
  for (int i = 0; i < 60; ++i) condition = "(" + condition + ") BETWEEN 1 AND 2 = true";
  for (int i = 0; i < 60; ++i) condition = "(" + condition + ") BETWEEN false AND true";
  const Interpreted found =
      postgres::interpret(statements_of("CREATE TABLE t (a int CHECK (" + condition + "));"));
  CHECK(found.uncertain.size() == 1);
}

}  // namespace
}  // namespace limbeck
