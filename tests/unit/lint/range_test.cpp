// Which revisions lint looks at, and what it begins with.
#include "lint/range.h"

#include <doctest/doctest.h>
#include <fstream>

#include "lint/lint.h"
#include "unit/dialect/scratch_database.h"
#include "unit/temporary_folder.h"

namespace limbeck {
namespace {

// Three revisions, one after the other; the second changes a table that none of them makes.
class OlderDatabaseChain {
 public:
  OlderDatabaseChain() {
    write("1.sql", "aaa111", "", "CREATE TABLE parcels (id bigint PRIMARY KEY);\n");
    write("2.sql", "bbb222", "aaa111",
          "ALTER TABLE older ALTER COLUMN name SET NOT NULL;\n"
          "ALTER TABLE older ALTER COLUMN code SET NOT NULL;\n"
          "ALTER TABLE oldre ADD COLUMN note text;\n");
    write("3.sql", "ccc333", "bbb222", "ALTER TABLE parcels ADD COLUMN note text;\n");
    const std::vector<std::filesystem::path> folders{folder_.path()};
    chain_ = Chain::load(folders, false);
  }

  const Chain& chain() const { return chain_; }

 private:
  void write(const std::string& name, const std::string& id, const std::string& revises,
             const std::string& body) {
    std::ofstream(folder_.path() / name)
        << "-- Example\n-- limbeck:revision " << id << "\n"
        << (revises.empty() ? "" : "-- limbeck:revises " + revises + "\n") << "-- limbeck:upgrade\n"
        << body;
  }

  test::TemporaryFolder folder_;
  Chain chain_;
};

TEST_CASE("a range that leads backwards is refused") {
  const OlderDatabaseChain example;
  const RevisionGraph& graph = example.chain().graph();
  CHECK(named_range(graph, "aaa111:ccc333").range.size() == 2);
  CHECK(named_range(graph, "ccc333:ccc333").range.empty());
  try {
    named_range(graph, "ccc333:aaa111");
    FAIL("not refused");
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::usage);
  }
}

TEST_CASE("a database stands where a range begins") {
  const OlderDatabaseChain example;
  const RevisionGraph& graph = example.chain().graph();
  const std::vector<std::string> at{"aaa111"};
  CHECK(is_at(graph, at, pending_range(graph, at)));
  CHECK(is_at(graph, at, named_range(graph, "bbb222")));
  CHECK_FALSE(is_at(graph, at, named_range(graph, "ccc333")));
  CHECK_FALSE(is_at(graph, at, named_range(graph, "aaa111")));
}

std::string told(const LintReport& report) {
  std::string text;
  for (const Finding& it : report.findings)
    text += it.rule + " " + std::string(to_string(it.certainty)) + " " + it.message + "\n";
  return text;
}

TEST_CASE("what no revision makes is taken to be there") {
  const OlderDatabaseChain example;
  const LintRange range = named_range(example.chain().graph(), "bbb222");
  const LintReport report =
      lint(example.chain(), dialect_named("postgresql"), range.before, range.range, {});
  CHECK(told(report) ==
        "made-by-no-revision text no revision makes the table older: it is taken to be there\n"
        "set-not-null-scans text all rows of older are read for a NULL in name while nothing else "
        "can use it\n"
        "set-not-null-scans text all rows of older are read for a NULL in code while nothing else "
        "can use it\n"
        "made-by-no-revision text no revision makes the table oldre: it is taken to be "
        "there\n");
}

TEST_CASE("what no revision makes is read from the database") {
  const auto server = test::server_url();
  if (!server) return;
  const test::ScratchDatabase database(*server);
  const auto connection = database.connect();
  connection->run_alone("CREATE TABLE parcels (id bigint PRIMARY KEY)");
  connection->run_alone("CREATE TABLE older (name text, code text CHECK (code IS NOT NULL))");
  const OlderDatabaseChain example;
  const LintRange range = named_range(example.chain().graph(), "bbb222");
  LintSettings settings;
  settings.database = connection.get();
  const LintReport report =
      lint(example.chain(), dialect_named("postgresql"), range.before, range.range, settings);
  CHECK(told(report) ==
        "set-not-null-scans inferred all rows of older are read for a NULL in name while nothing "
        "else can use it\n"
        "does-not-run inferred there is no relation oldre\n");
}

}  // namespace
}  // namespace limbeck
