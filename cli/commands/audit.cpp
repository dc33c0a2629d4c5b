#include "audit/audit.h"

#include <fmt/format.h>

#include "audit/documentation.h"
#include "audit/gather.h"
#include "cli/commands.h"
#include "cli/print_rules.h"
#include "cli/sources.h"
#include "report/audit.h"
#include "report/findings.h"

namespace limbeck::cli {
namespace {

void write_audit_rule(const AuditRule& rule, JsonWriter& json) {
  json.begin_object().member("name", rule.name).member("severity", to_string(rule.severity));
  json.member("summary", rule.summary).member("why", rule.why);
  json.member("instead", rule.instead).optional_member("dialect", rule.dialect);
  json.member("found_in", rule.fires).member("not_in", rule.quiet).end_object();
}

RuleForms<AuditRule> audit_rule_forms() {
  return {.command = "audit",
          .all = audit_rules(),
          .find = find_audit_rule,
          .markdown = audit_rule_markdown,
          .text = audit_rule_text,
          .write = write_audit_rule,
          .all_markdown = audit_rules_markdown,
          .all_text = audit_rules_list};
}

DatabaseUse use_of(const Arguments& arguments) {
  if (arguments.has("--database") && arguments.has("--no-database"))
    throw Error({.code = ExitCode::usage,
                 .message = "--database and --no-database contradict each other",
                 .hint =
                     "leave out one of them; without either the database is read when it can be "
                     "reached"});
  if (arguments.has("--no-database")) return DatabaseUse::never;
  return arguments.has("--database") ? DatabaseUse::required : DatabaseUse::when_there;
}

void print_report(Session& session, const std::string& format, const AuditFacts& facts,
                  const AuditReport& report) {
  const std::string folder = session.project().folder.string();
  if (format == "json") return Session::print(audit_json(facts, report));
  if (format == "github") return Session::print(findings_github(report.findings, folder));
  if (format == "text")
    return Session::print(audit_text(facts, report, session.paint(), session.verbose()));
  std::vector<FindingRule> all;
  for (const AuditRule& rule : audit_rules())
    all.push_back({rule.name, rule.summary, rule.why, rule.severity, audit_rule_markdown(rule)});
  Session::print(findings_sarif(report.findings, all, folder));
}

// Where the database is, and how to reach it.
void add_database(Session& session, AuditInput& input) {
  const std::optional<DatabaseUrl> url = session.url_if_any();
  if (url && url->dialect() == input.dialect) {
    input.url = url->redacted();
    input.connect = [&session]() -> TargetDatabase& { return session.database(Access::read); };
    if (input.use != DatabaseUse::never) input.context.server = url;
  } else if (input.use == DatabaseUse::required) {
    throw Error({.code = ExitCode::usage,
                 .message = fmt::format("there is no database of {} to ask", input.dialect),
                 .hint = "say with --url where it is"});
  }
}

AuditFacts facts_of(Session& session, const Arguments& arguments) {
  const std::optional<ScriptFormat> scripts = session.script_format();
  const std::string dialect = arguments.has("--dialect")
                                  ? std::string(dialect_named(arguments.value("--dialect")).name())
                                  : std::string(session.url().dialect());
  AuditInput input{.project = &session.project(),
                   .dialect = dialect,
                   .folders = session.revision_folders(),
                   .script_format = scripts ? &*scripts : nullptr,
                   .scripts = session.scripts(),
                   .use = use_of(arguments),
                   .declared = declared_sources(session, arguments, dialect),
                   .context = project_load_context(session, arguments)};
  add_database(session, input);
  return gather_facts(input);
}

ExitCode run_audit(Session& session, const Arguments& arguments) {
  if (arguments.has("--rules") || arguments.has("--explain")) {
    print_rules(session, arguments, audit_rule_forms());
    return ExitCode::ok;
  }
  const std::string format = output_format(session, arguments, {"text", "json", "sarif", "github"});
  const AuditFacts facts = facts_of(session, arguments);
  const AuditReport report = audit(facts);
  print_report(session, format, facts, report);
  const bool fails = report.verdict == Verdict::unsound ||
                     (arguments.has("--strict") && report.verdict == Verdict::flawed);
  return fails ? ExitCode::findings : ExitCode::ok;
}

}  // namespace

CommandSpec audit_command() {
  return {
      .name = "audit",
      .summary = "Say what is wrong, and what is good, about a project and its database",
      .description =
          "Looks at the graph of the revisions, at each of them, at what they build together, at "
          "the declared schema or models, and at the database, and holds them against each other. "
          "All faults are listed at once, where other commands stop at the first. Ends with a "
          "verdict and with what to do, in order. Nothing is changed, and no database is needed: "
          "what could not be looked at is said.\n\n"
          "Exits with 4 when there is an error; with --strict, when there is a warning.",
      .options = {{.name = "--database", .help = "it is an error that it cannot be reached"},
                  {.name = "--no-database", .help = "look at the project alone"},
                  {.name = "--strict", .help = "exit with 4 for a warning, too"},
                  {.name = "--format",
                   .value = "FORMAT",
                   .help = "text (the default), json, sarif or github"},
                  {.name = "--rules", .help = "list the rules"},
                  {.name = "--explain", .value = "RULE", .help = "say what a rule is about"},
                  declared_option,
                  dialect_option,
                  program_timeout_option},
      .examples = {{"limbeck audit", "the whole report"},
                   {"limbeck audit --no-database --strict --format github", "in a pipeline"},
                   {"limbeck audit --explain merge-of-related", "what a finding means"}},
      .run = run_audit,
  };
}

}  // namespace limbeck::cli
