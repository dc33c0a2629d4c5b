// The cases in tests/cases/diff/sqlite: an old and a new schema, rows, and the expected plan.
//
// A file holds cases one after another. A line "---- NAME" begins a case; "---- old", "---- rows",
// "---- new", "---- renames", "---- plan" (descriptions of the operations, one a line; may be left
// out), "---- never" (what the end-to-end test looks for) and
// "---- ask" (a query a line, " => " and its rows, columns apart by "|", rows by ";") its sections.
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "dialect/sqlite/schema_dialect.h"
#include "diff/diff.h"
#include "sql/lexical_rules.h"
#include "unit/dialect/scratch_folder.h"

namespace limbeck::test {
namespace {

struct Case {
  std::string name;
  std::map<std::string, std::string> sections;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

std::vector<Case> cases_in(const std::filesystem::path& file) {
  const std::vector<std::string> sections{"old", "rows", "new", "renames", "plan", "never", "ask"};
  std::ifstream stream(file);
  std::vector<Case> cases;
  std::string* section = nullptr;
  for (std::string line; std::getline(stream, line);) {
    if (!line.starts_with("---- ")) {
      if (section != nullptr) *section += line + '\n';
      continue;
    }
    const std::string word = line.substr(5);
    if (std::find(sections.begin(), sections.end(), word) != sections.end()) {
      REQUIRE_FALSE(cases.empty());
      section = &cases.back().sections[word];
    } else {
      cases.push_back({word, {}});
      section = nullptr;
    }
  }
  return cases;
}

void load(Connection& connection, const std::string& text) {
  for (const sql::Statement& statement : sql::split(text, sql::sqlite_rules, {}))
    connection.run_alone(std::string(statement.text));
}

Schema schema_of(Connection& connection) {
  return sqlite::schema_dialect().introspect(connection, {});
}

Schema declared(const std::string& text) {
  const auto connection = dialect_named("sqlite").connect(DatabaseUrl::parse("sqlite://"), {});
  load(*connection, text);
  return schema_of(*connection);
}

std::vector<RenameRequest> renames_of(const std::string& text) {
  std::vector<RenameRequest> renames;
  for (const std::string& line : lines_of(text)) renames.push_back(parse_rename(line));
  return renames;
}

std::vector<Operation> plan(const Schema& from, const Schema& to,
                            const std::vector<RenameRequest>& renames = {}) {
  const DiffOptions options{.renames = renames, .rules = sql::sqlite_rules};
  return diff(from, to, sqlite::schema_dialect(), options);
}

void apply(Connection& connection, const std::vector<Operation>& operations, const Schema& from,
           const Schema& to) {
  const SchemaDialect& dialect = sqlite::schema_dialect();
  const PlanFrame frame = dialect.frame(operations, from, to);
  for (const SqlStatement& statement : frame.before) connection.run_alone(statement.sql);
  connection.begin();
  for (const Operation& operation : operations) {
    for (const SqlStatement& statement : dialect.render(operation, from, to)) {
      CAPTURE(statement.sql);
      CHECK_FALSE(statement.outside_transaction);
      CHECK_NOTHROW(connection.query({.sql = statement.sql}));
    }
  }
  for (const SqlStatement& statement : frame.after) connection.query({.sql = statement.sql});
  connection.commit();
  connection.run_alone("PRAGMA foreign_keys = ON");
}

std::string rows_of(Connection& connection, const std::string& query) {
  std::string text;
  for (const Row& row : connection.query({.sql = query}).rows) {
    if (!text.empty()) text += ';';
    for (std::size_t i = 0; i < row.size(); ++i) text += (i > 0 ? "|" : "") + text_of(row[i]);
  }
  return text;
}

std::string described(const std::vector<Operation>& operations) {
  std::string text;
  for (const Operation& operation : operations) text += describe(operation) + '\n';
  return text;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

void check_case(const Case& test) {
  CAPTURE(test.name);
  auto sections = test.sections;  // [] gives "" for what is left out
  const ScratchFolder folder;
  const auto connection = folder.connect();
  connection->run_alone("PRAGMA foreign_keys = ON");
  load(*connection, sections["old"]);
  load(*connection, sections["rows"]);
  const Schema old_schema = schema_of(*connection);
  const Schema new_schema = declared(sections["new"]);

  const std::vector<RenameRequest> renames = renames_of(sections["renames"]);
  const std::vector<Operation> operations = plan(old_schema, new_schema, renames);
  if (sections.contains("plan")) CHECK(described(operations) == joined(lines_of(sections["plan"])));
  apply(*connection, operations, old_schema, new_schema);
  CHECK(described(plan(schema_of(*connection), new_schema)).empty());
  CHECK(rows_of(*connection, "PRAGMA integrity_check") == "ok");
  for (const std::string& line : lines_of(sections["ask"])) {
    const std::size_t arrow = line.find(" => ");
    REQUIRE(arrow != std::string::npos);
    CAPTURE(line);
    CHECK(rows_of(*connection, line.substr(0, arrow)) == line.substr(arrow + 4));
  }

  const Schema reached = schema_of(*connection);
  const std::vector<Operation> back = plan(reached, old_schema, reversed(renames));
  apply(*connection, back, reached, old_schema);
  CHECK(described(plan(schema_of(*connection), old_schema)).empty());
}

}  // namespace

TEST_CASE("SQLite schemas become others, and nothing is lost") {
  const std::filesystem::path folder =
      std::filesystem::path(LIMBECK_TESTS_FOLDER) / "cases/diff/sqlite";
  std::size_t found = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    for (const Case& test : cases_in(entry.path())) {
      check_case(test);
      ++found;
    }
  }
  CHECK(found >= 30);
}

TEST_CASE("a copy that fails leaves the table as it was, whatever the client does next") {
  const ScratchFolder folder;
  const auto connection = folder.connect();
  load(*connection, "CREATE TABLE t (a, b); INSERT INTO t VALUES (1, NULL);");
  const Schema from = schema_of(*connection);
  const Schema to = declared("CREATE TABLE t (a, b NOT NULL);");
  const std::vector<Operation> operations = plan(from, to);
  REQUIRE(operations.size() == 1);
  connection->query({.sql = "BEGIN"});
  int failures = 0;
  for (const SqlStatement& statement : sqlite::schema_dialect().render(operations[0], from, to)) {
    try {
      connection->query({.sql = statement.sql});
    } catch (const DatabaseError&) {
      ++failures;
    }
  }
  CHECK(failures == 2);  // the copy, and the DROP of the table that stepped aside
  CHECK(rows_of(*connection, "SELECT a FROM t") == "1");
  CHECK(described(plan(schema_of(*connection), from)).empty());
}

TEST_CASE("rows that a new foreign key forbids stop the plan") {
  const ScratchFolder folder;
  const auto connection = folder.connect();
  load(*connection,
       "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p); INSERT INTO c VALUES (7);");
  const Schema from = schema_of(*connection);
  const Schema to =
      declared("CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p);");
  CHECK_THROWS_WITH_AS(apply(*connection, plan(from, to), from, to),
                       doctest::Contains("rows that a new foreign key forbids"), DatabaseError);
}

TEST_CASE("what SQLite's virtual tables hold is named, and their own tables are no objects") {
  const ScratchFolder folder;
  const auto connection = folder.connect();
  load(*connection, "CREATE VIRTUAL TABLE docs USING fts5(title, body);");
  const Schema schema = schema_of(*connection);
  REQUIRE(schema.objects.size() == 1);
  CHECK(schema.objects.begin()->first == ObjectId{Kind::opaque, "", "docs", "virtual table"});
  REQUIRE(schema.unmodelled.size() == 1);
  CHECK(schema.unmodelled.begin()->what == "the contents of virtual table docs");
}

TEST_CASE("tables of the version and the journal are left out") {
  const ScratchFolder folder;
  const auto connection = folder.connect();
  load(*connection,
       "CREATE TABLE limbeck_version (v UNIQUE); CREATE INDEX i ON limbeck_version (v);");
  CHECK(sqlite::schema_dialect()
            .introspect(*connection, {.without = {{"", "Limbeck_Version"}}})
            .objects.empty());
}

}  // namespace limbeck::test
