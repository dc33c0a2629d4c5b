// Every rule on its two examples, and the cases of tests/cases/lint.
#include <algorithm>
#include <cctype>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <set>
#include <sstream>

#include "base/file.h"
#include "lint/documentation.h"
#include "lint/lint.h"
#include "lint/range.h"
#include "lint/rule.h"
#include "unit/dialect/scratch_database.h"
#include "unit/temporary_folder.h"

namespace limbeck {
namespace {

constexpr std::string_view on_version = "-- on PostgreSQL ";
constexpr std::string_view beside_another = "-- beside another revision";

// A chain of two revisions: what is there, and what is judged.
class ExampleChain {
 public:
  ExampleChain(const std::string& before, const std::string& body) {
    write("1.sql", "-- Before\n-- limbeck:revision a1\n-- limbeck:upgrade\n" + before);
    if (body.starts_with(beside_another))
      write("1b.sql",
            "-- Beside\n-- limbeck:revision b1\n-- limbeck:revises a1\n-- limbeck:upgrade\n");
    const bool marked =
        body.find("-- limbeck:upgrade") == 0 || body.find("-- limbeck:backfill") == 0;
    write("2.sql", "-- Example\n-- limbeck:revision b2\n-- limbeck:revises a1\n" +
                       std::string(marked ? "" : "-- limbeck:upgrade\n") + body);
    const std::vector<std::filesystem::path> folders{folder_.path()};
    chain_ = Chain::load(folders, false);
  }

  const Chain& chain() const { return chain_; }

 private:
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_.path() / name) << text;
  }

  test::TemporaryFolder folder_;
  Chain chain_;
};

std::string dialect_of(const LintRule& rule) {
  return rule.dialect.empty() ? "postgresql" : std::string(rule.dialect);
}

// "-- on PostgreSQL 14.3" in front of an example.
int version_of(std::string& body) {
  if (!body.starts_with(on_version)) return 0;
  const std::string number = body.substr(on_version.size(), body.find('\n') - on_version.size());
  body.erase(0, body.find('\n') + 1);
  const std::size_t dot = number.find('.');
  return std::stoi(number) * 10000 + std::stoi(number.substr(dot + 1));
}

LintReport lint_example(const std::string& dialect, std::string body, LintSettings settings) {
  if (const int version = version_of(body); version != 0) {
    settings.live.emplace();
    settings.live->version = version;
  }
  const ExampleChain example(std::string(example_schema(dialect)), body);
  const LintRange range = named_range(example.chain().graph(), "b2");
  return lint(example.chain(), dialect_named(dialect), range.before, range.range, settings);
}

// Every rule is on, so that those that are off by themselves are seen.
LintSettings all_rules() {
  LintSettings settings;
  settings.names = read_naming_convention(example_names(), {});
  for (const LintRule& rule : rules())
    if (rule.severity == Severity::off)
      settings.severities[std::string(rule.name)] = Severity::notice;
  return settings;
}

std::set<std::string> names_of(const LintReport& report) {
  std::set<std::string> names;
  for (const Finding& finding : report.findings) names.insert(finding.rule);
  return names;
}

bool only_seen(const LintRule& rule) {
  return rule.name == "observed-work";
}

TEST_CASE("each rule finds its first example, and not its second") {
  for (const LintRule& rule : rules()) {
    if (only_seen(rule)) continue;
    const std::string dialect = dialect_of(rule);
    CAPTURE(rule.name);
    const auto fires = names_of(lint_example(dialect, std::string(rule.fires), all_rules()));
    CHECK_MESSAGE(fires.count(std::string(rule.name)) == 1, "not found");
    const LintReport quiet = lint_example(dialect, std::string(rule.quiet), all_rules());
    const auto names = names_of(quiet);
    CHECK_MESSAGE(names.count(std::string(rule.name)) == 0, "found where it is not");
    if (rule.name != "does-not-run" && rule.name != "transaction-control")
      CHECK_MESSAGE(names.count("does-not-run") == 0, "the second example does not run");
  }
}

TEST_CASE("a rule is a name, a sentence, and what to do") {
  std::set<std::string_view> names;
  for (const LintRule& rule : rules()) {
    CAPTURE(rule.name);
    CHECK(names.insert(rule.name).second);
    CHECK(std::all_of(rule.name.begin(), rule.name.end(), [](char c) {
      return std::islower(static_cast<unsigned char>(c)) != 0 || c == '-';
    }));
    CHECK_FALSE(rule.summary.ends_with('.'));
    CHECK(rule.why.ends_with('.'));
    CHECK_FALSE(rule.rewrite.empty());
    CHECK_FALSE(rule.fires.empty());
    CHECK_FALSE(rule.quiet.empty());
  }
}

TEST_CASE("docs/lint-rules.md is what the table of rules says") {
  std::ifstream file(std::string(LIMBECK_TESTS_FOLDER) + "/../docs/lint-rules.md");
  REQUIRE(file);
  const std::string page(std::istreambuf_iterator<char>(file), {});
  CHECK_MESSAGE(page.ends_with("-->\n\n" + rules_markdown()),
                "write it anew from \"limbeck lint --rules --format markdown\"");
}

// ---- the cases ----

struct RuleCase {
  std::string name = {};
  std::set<std::string> finds = {};
  std::string body = {};
  bool by_line = false;
};

// Each line of the body as a case.
std::vector<RuleCase> lines_of(const RuleCase& whole) {
  std::vector<RuleCase> cases;
  std::istringstream lines(whole.body);
  for (std::string line; std::getline(lines, line);)
    if (!line.empty())
      cases.push_back({.name = whole.name + ": " + line, .finds = whole.finds, .body = line});
  return cases;
}

// "==== name", "finds: rule, rule" (warnings and errors), and the body of a revision; "each finds:"
// where each of its lines is one.
std::vector<RuleCase> cases_in(const std::string& file) {
  std::vector<RuleCase> cases;
  std::ifstream stream(std::string(LIMBECK_TESTS_FOLDER) + "/cases/lint/" + file);
  REQUIRE(stream);
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("==== ")) {
      cases.push_back({.name = line.substr(5)});
    } else if (cases.empty()) {
      continue;
    } else if (line.starts_with("finds: ") || line.starts_with("each finds: ")) {
      cases.back().by_line = line.starts_with("each");
      std::istringstream names(line.substr(line.find(':') + 1));
      for (std::string name; names >> name;) {
        std::erase(name, ',');
        if (name != "nothing") cases.back().finds.insert(name);
      }
    } else {
      cases.back().body += line + "\n";
    }
  }
  std::vector<RuleCase> all;
  for (RuleCase& each : cases) {
    std::vector<RuleCase> lines = each.by_line ? lines_of(each) : std::vector{std::move(each)};
    std::move(lines.begin(), lines.end(), std::back_inserter(all));
  }
  return all;
}

void check_cases(const std::string& dialect) {
  for (const RuleCase& each : cases_in(dialect + ".txt")) {
    CAPTURE(each.name);
    std::set<std::string> found;
    for (const Finding& finding : lint_example(dialect, each.body, {}).findings)
      if (finding.severity >= Severity::warning) found.insert(finding.rule);
    const auto list = [](const std::set<std::string>& names) {
      std::string text;
      for (const std::string& name : names) text += name + " ";
      return text;
    };
    CHECK(list(found) == list(each.finds));
  }
}

TEST_CASE("cases of PostgreSQL") {
  check_cases("postgresql");
}

TEST_CASE("cases of SQLite") {
  check_cases("sqlite");
}

// ---- against a server ----

std::string text_of(const Impacts& impacts) {
  std::string text;
  for (auto [table, it] : impacts) {
    if (it.rewrite) it.scan = it.index_build = false;
    if (it.lock <= LockLevel::access_share && !it.is_long()) continue;
    text += fmt::format("{}: {}{}{}{}{}; ", table.name, to_string(it.lock), it.scan ? " scan" : "",
                        it.foreign_key_scan ? " foreign-key-scan" : "",
                        it.index_build ? " index-build" : "", it.rewrite ? " rewrite" : "");
  }
  return text;
}

// What is not said before it runs, and what a run in a transaction does not show.
bool is_compared(const StatementEffects& effects) {
  return std::none_of(effects.effects.begin(), effects.effects.end(), [](const Effect& it) {
    return it.kind == EffectKind::code || it.kind == EffectKind::alter_domain ||
           (it.kind == EffectKind::drop_object && it.object == "schema");
  });
}

void compare_with_server(Tracer& tracer, const std::string& example) {
  std::string body = example;
  version_of(body);
  const ExampleChain revisions(std::string(example_schema("postgresql")), body);
  Connection& connection = tracer.scratch().connection();
  connection.run_alone("DROP SCHEMA IF EXISTS public CASCADE");
  connection.run_alone("CREATE SCHEMA public");
  const auto reader = make_effect_reader("postgresql", {});
  for (const RevisionStep& step : upgrade_steps(revisions.chain().graph(), "heads", {})) {
    PlannedRevision planned;
    try {
      planned =
          revisions.chain().plan(step.revision, Direction::upgrade, dialect_named("postgresql"));
    } catch (const Error&) {
      return;  // the rules about what Limbeck refuses to run
    }
    for (const Step& part : planned.steps)
      for (const sql::Statement& statement : part.statements) {
        const StatementEffects effects = reader->effects(statement);
        const bool alone = part.kind == StepKind::outside || part.kind == StepKind::setting;
        Impacts observed;
        try {
          observed = tracer.observe(statement, alone);
        } catch (const DatabaseError&) {
          connection.rollback();
          return;
        }
        CAPTURE(statement.text);
        if (!alone && is_compared(effects)) CHECK(text_of(effects.impacts) == text_of(observed));
        try {
          reader->apply(statement);
        } catch (const Error&) {
          return;
        }
      }
  }
}

TEST_CASE("what is said of the examples is what a server does") {
  const auto server = test::server_url();
  if (!server) return;
  const auto tracer = make_tracer("postgresql", DatabaseUrl::parse(*server), {});
  REQUIRE(tracer);
  for (const LintRule& rule : rules()) {
    if (rule.dialect == "sqlite") continue;
    CAPTURE(rule.name);
    compare_with_server(*tracer, std::string(rule.fires));
    compare_with_server(*tracer, std::string(rule.quiet));
  }
}

TEST_CASE("a trace proves what is long, and finds what nothing foresaw") {
  const auto server = test::server_url();
  if (!server) return;
  for (const LintRule& rule : rules()) {
    const bool looked_at = only_seen(rule) || rule.name == "type-change-rewrites" ||
                           rule.name == "set-not-null-scans" || rule.name == "check-scans" ||
                           rule.name == "foreign-key-scans" || rule.name == "unique-blocks";
    if (!looked_at) continue;
    CAPTURE(rule.name);
    const auto run = [&](std::string_view body) {
      const auto tracer = make_tracer("postgresql", DatabaseUrl::parse(*server), {});
      LintSettings settings = all_rules();
      settings.tracer = tracer.get();
      return lint_example("postgresql", std::string(body), settings);
    };
    bool proved = false;
    for (const Finding& finding : run(rule.fires).findings)
      proved = proved || (finding.rule == rule.name && finding.certainty == Certainty::proved);
    CHECK(proved);
    CHECK(names_of(run(rule.quiet)).count(std::string(rule.name)) == 0);
  }
}

TEST_CASE("what no revision makes ends a trace, and no revision is blamed for it") {
  const auto server = test::server_url();
  if (!server) return;
  struct Row {
    std::string before;
    std::string body;
    bool traced;
    std::string found;
  };
  const std::vector<Row> rows{
      {"", "ALTER TABLE older ADD COLUMN a text;\nCREATE INDEX older_a ON older (a);", false,
       "index-blocks-writes made-by-no-revision"},
      {"ALTER TABLE older ADD COLUMN a text;", "CREATE INDEX older_a ON older (a);", false,
       "index-blocks-writes"},
      {"CREATE TABLE newer (id bigint PRIMARY KEY);", "ALTER TABLE newer ADD COLUMN a text;", true,
       ""},
      {"CREATE TABLE newer (id bigint PRIMARY KEY);", "ALTER TABLE newer DROP COLUMN a;", true,
       "does-not-run"},
      // behind the end of the trace, what cannot be is still found
      {"CREATE TABLE newer (id bigint PRIMARY KEY);",
       "ALTER TABLE older ADD COLUMN a text;\nDROP TABLE newer;\nALTER TABLE newer ADD b text;",
       false, "does-not-run drop-table made-by-no-revision"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.body);
    const auto tracer = make_tracer("postgresql", DatabaseUrl::parse(*server), {});
    const ExampleChain example(row.before, row.body);
    const LintRange range = named_range(example.chain().graph(), "b2");
    LintSettings settings;
    settings.tracer = tracer.get();
    const LintReport report =
        lint(example.chain(), dialect_named("postgresql"), range.before, range.range, settings);
    CHECK(report.not_traced.has_value() != row.traced);
    CHECK(fmt::format("{}", fmt::join(names_of(report), " ")) == row.found);
  }
}

TEST_CASE("what holds until the commit holds for the statements of a trace") {
  const auto server = test::server_url();
  if (!server) return;
  const std::string before =
      "CREATE SCHEMA app;\nCREATE TABLE app.t (id bigint PRIMARY KEY, a text);";
  for (const std::string body :
       {"SET LOCAL search_path = app;\nALTER TABLE t ADD COLUMN b text;",
        "CREATE TEMPORARY TABLE ids (id bigint) ON COMMIT DROP;\nINSERT INTO ids SELECT id FROM "
        "app.t;\nUPDATE app.t SET a = 'x' WHERE id IN (SELECT id FROM ids);",
        "CREATE TEMP TABLE ids ON COMMIT DROP AS SELECT id FROM app.t;\nDROP TABLE app.t;\nCREATE "
        "TABLE app.t (n integer);\nALTER TABLE app.t ADD COLUMN m integer;",
        "DECLARE c CURSOR FOR SELECT 1;\nFETCH c;"}) {
    CAPTURE(body);
    const auto tracer = make_tracer("postgresql", DatabaseUrl::parse(*server), {});
    const ExampleChain example(before, body);
    const LintRange range = named_range(example.chain().graph(), "b2");
    LintSettings settings;
    settings.tracer = tracer.get();
    const LintReport report =
        lint(example.chain(), dialect_named("postgresql"), range.before, range.range, settings);
    CHECK_FALSE(report.not_traced.has_value());
    CHECK(names_of(report).count("does-not-run") == 0);
  }
  // ... and no longer.
  const auto tracer = make_tracer("postgresql", DatabaseUrl::parse(*server), {});
  const ExampleChain example(before + "\nSET LOCAL search_path = app;",
                             "ALTER TABLE t ADD COLUMN b text;");
  const LintRange range = named_range(example.chain().graph(), "b2");
  LintSettings settings;
  settings.tracer = tracer.get();
  CHECK(lint(example.chain(), dialect_named("postgresql"), range.before, range.range, settings)
            .not_traced.has_value());
}

}  // namespace
}  // namespace limbeck
