#include "lint/lint.h"

#include <filesystem>
#include <fmt/format.h>

#include "base/counted.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/print_rules.h"
#include "cli/sources.h"
#include "lint/baseline.h"
#include "lint/documentation.h"
#include "lint/range.h"
#include "report/findings.h"
#include "run/state.h"

namespace limbeck::cli {
namespace {

namespace fs = std::filesystem;

void write_lint_rule(const LintRule& rule, JsonWriter& json) {
  json.begin_object().member("name", rule.name).member("severity", to_string(rule.severity));
  json.optional_member("dialect", rule.dialect).member("summary", rule.summary);
  json.member("why", rule.why).member("instead", rule.rewrite).end_object();
}

RuleForms<LintRule> lint_rule_forms() {
  return {.command = "lint",
          .all = rules(),
          .find = find_rule,
          .markdown = rule_markdown,
          .text = rule_text,
          .write = write_lint_rule,
          .all_markdown = rules_markdown,
          .all_text = rules_list};
}

Severity fail_on(const Arguments& arguments, const LintConfiguration& configured) {
  const std::string name =
      arguments.has("--fail-on") ? arguments.value("--fail-on") : configured.fail_on;
  if (name.empty()) return Severity::warning;
  if (const auto severity = severity_named(name)) return *severity;
  ErrorReport report{.code = ExitCode::usage,
                     .message = fmt::format("there is no severity {}", printable(name)),
                     .hint = "one of notice, warning, error; off: never fail"};
  if (!arguments.has("--fail-on")) report.place = configured.place;
  throw Error(std::move(report));
}

// The file of the baseline: of the command line, from here; of the project, from its folder.
fs::path baseline_file(const Arguments& arguments, const LintConfiguration& configured) {
  return arguments.has("--baseline") ? fs::absolute(arguments.value("--baseline"))
                                     : configured.baseline;
}

void update_baseline(Session& session, const LintReport& report, const fs::path& file) {
  if (file.empty())
    throw Error({.code = ExitCode::usage,
                 .message = "no baseline file is named",
                 .hint = "--baseline FILE, or baseline = \"FILE\" in the table [lint] of "
                         "limbeck.toml"});
  // Whole or not at all: the old one stays until the new one is there.
  const fs::path beside = file.string() + ".new";
  fs::remove(beside);
  write_new_file(beside, baseline_text(report, file.parent_path()));
  fs::rename(beside, file);
  session.say(fmt::format("{} findings are known now: {}", report.findings.size(),
                          printable(file.string())));
}

std::string report_json(const LintReport& report) {
  JsonWriter json;
  json.begin_object().key("findings");
  write_findings(json, report.findings, lint_rules_page);
  json.key("not_linted").begin_array();
  for (const NotLinted& it : report.not_linted)
    json.begin_object().member("revision", it.revision).member("why", it.why).end_object();
  json.end_array();
  if (const auto& it = report.not_traced)
    json.key("not_traced")
        .begin_object()
        .member("from", it->revision)
        .member("why", it->why)
        .end_object();
  json.member("revisions", report.revisions).member("statements", report.statements);
  json.member("allowed", report.allowed).member("known", report.known);
  json.member("stale", report.stale);
  json.end_object();
  return json.text() + "\n";
}

void print_report(Session& session, const Arguments& arguments, const LintReport& report) {
  const std::string format = output_format(session, arguments, {"text", "json", "sarif", "github"});
  const std::string folder = session.project().folder.string();
  if (format == "json") return Session::print(report_json(report));
  if (format == "github") return Session::print(findings_github(report.findings, folder));
  if (format == "sarif") {
    std::vector<FindingRule> all;
    for (const LintRule& rule : rules())
      all.push_back({rule.name, rule.summary, rule.why, rule.severity, rule_markdown(rule)});
    return Session::print(findings_sarif(report.findings, all, folder));
  }
  Session::print(findings_text(report.findings, session.paint()));
}

void say_summary(Session& session, const LintReport& report, std::string_view which) {
  for (const NotLinted& it : report.not_linted)
    session.log().line(
        fmt::format("not linted: revision {}: {}", printable(it.revision), printable(it.why)));
  if (const auto& it = report.not_traced)
    session.log().line(fmt::format("not traced from revision {} on: {}", printable(it->revision),
                                   printable(it->why)));
  std::string text = fmt::format(
      "Looked at {} ({}, {}): {}", which,
      counted(static_cast<std::size_t>(report.revisions), "revision"),
      counted(static_cast<std::size_t>(report.statements), "statement"),
      report.findings.empty() ? "nothing found" : counted(report.findings.size(), "finding"));
  if (report.allowed > 0) text += fmt::format(", {} allowed", report.allowed);
  if (report.known > 0) text += fmt::format(", {} known", report.known);
  session.say(text);
  if (report.stale > 0)
    session.say(fmt::format(
        "{} of the baseline match{} nothing any more: --update-baseline writes "
        "it anew",
        counted(static_cast<std::size_t>(report.stale), "line"), report.stale == 1 ? "es" : ""));
}

ExitCode run_lint(Session& session, const Arguments& arguments) {
  if (arguments.has("--rules") || arguments.has("--explain")) {
    print_rules(session, arguments, lint_rule_forms());
    return ExitCode::ok;
  }
  const LintConfiguration& configured = session.project().lint;
  const Severity threshold = fail_on(arguments, configured);
  LintSettings settings;
  settings.severities = read_severities(configured.severities, configured.place);
  settings.names = read_naming_convention(configured.names, configured.place);
  const bool live = arguments.has("--database");
  const std::string dialect = arguments.has("--dialect") ? arguments.value("--dialect")
                                                         : std::string(session.url().dialect());
  std::vector<std::string> current;
  if (live) {
    TargetDatabase& database = session.database(Access::read);
    current = known_current(session.chain(), read_state(database));
    settings.live = read_live_facts(dialect, *database.connection);
    settings.server.time_zone = settings.live->time_zone;
    if (settings.live->version != 0) settings.server.version = settings.live->version;
  }
  std::unique_ptr<Tracer> tracer;
  if (arguments.has("--trace")) {
    tracer = make_tracer(dialect, session.url_if_any(), session.connect_options(Access::write));
    if (!tracer)
      throw Error({.code = ExitCode::usage,
                   .message = fmt::format("{} does not say what a statement does", dialect),
                   .hint = "leave --trace away"});
    settings.tracer = tracer.get();
  }
  const Chain& chain = session.chain_at(current);
  const std::string selector = arguments.value("REVISIONS");
  if (arguments.has("--update-baseline") && (live || !selector.empty()))
    throw Error({.code = ExitCode::usage,
                 .message = "a baseline is written of the whole chain",
                 .hint = "leave --database and the revisions away"});
  const LintRange range = selector.empty() ? pending_range(chain.graph(), current)
                                           : named_range(chain.graph(), selector);
  if (live && is_at(chain.graph(), current, range))
    settings.database = session.database(Access::read).connection.get();
  LintReport report = lint(chain, dialect_named(dialect), range.before, range.range, settings);
  const fs::path baseline = baseline_file(arguments, configured);
  if (arguments.has("--update-baseline")) {
    update_baseline(session, report, baseline);
    return ExitCode::ok;
  }
  if (!baseline.empty()) leave_out_known(report, baseline);
  if (!selector.empty() || live) report.stale = 0;  // the others were not looked at
  print_report(session, arguments, report);
  say_summary(session, report,
              !selector.empty() ? "what was named"
              : live            ? "what is pending"
                                : "the whole chain");
  const bool fails = threshold != Severity::off && worst(report) >= threshold;
  return fails ? ExitCode::findings : ExitCode::ok;
}

}  // namespace

CommandSpec lint_command() {
  return {
      .name = "lint",
      .summary = "Say what revisions would do to a database that is in use",
      .description =
          "Judges each statement of the upgrades on the schema as it stands before it: which locks "
          "it takes, what they block and for how long, what may fail or be lost, and what to write "
          "in its place. Nothing is run and no database is needed: the chain is replayed in "
          "memory.\n\n"
          "Without REVISIONS the whole chain is looked at; with --database what is pending there. "
          "Exits with 4 when a finding is as severe as --fail-on says.",
      .positionals = {{.name = "REVISIONS",
                       .help = "a revision, or FROM:TO",
                       .least = 0,
                       .completion = Completion::revision}},
      .options = {{.name = "--database",
                   .help = "ask the database what is pending, its version, and how large its "
                           "tables are"},
                  {.name = "--trace",
                   .help = "run the revisions on a scratch database and see what they do"},
                  {.name = "--fail-on",
                   .value = "SEVERITY",
                   .help = "exit with 4 from there on: notice, warning (the default), error, off"},
                  {.name = "--format",
                   .value = "FORMAT",
                   .help = "text (the default), json, sarif or github"},
                  {.name = "--baseline",
                   .value = "FILE",
                   .help = "leave out the findings that the file holds",
                   .completion = Completion::file},
                  {.name = "--update-baseline", .help = "write all findings into the baseline"},
                  {.name = "--rules", .help = "list the rules"},
                  {.name = "--explain", .value = "RULE", .help = "say what a rule is about"},
                  dialect_option},
      .examples = {{"limbeck lint", "all revisions"},
                   {"limbeck lint --database --trace", "what is pending, proved on a scratch"},
                   {"limbeck lint 5b1d:head --format github", "in a pipeline"},
                   {"limbeck lint --explain set-not-null-scans", "what a finding means"}},
      .run = run_lint,
  };
}

}  // namespace limbeck::cli
