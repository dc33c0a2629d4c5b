#include "cli/run_command.h"

#include <fmt/format.h>
#include <utility>

#include "base/counted.h"
#include "base/json_writer.h"
#include "cli/findings.h"
#include "cli/print_source.h"
#include "report/findings.h"
#include "revision/selector_parts.h"
#include "revision/walk.h"
#include "run/offline.h"
#include "run/own_tables.h"
#include "source/rehearse.h"

namespace limbeck::cli {

void print_sql(Session& session, const std::string& sql, const std::vector<Finding>* findings) {
  if (!session.json()) return print_source(sql);
  JsonWriter json;
  json.begin_object().member("sql", sql);
  if (findings != nullptr) {
    json.key("findings");
    write_findings(json, *findings, lint_rules_page);
  }
  json.end_object();
  Session::print(json.text() + "\n");
}

std::string heads_text(const RunReport& report) {
  std::string where;
  for (const std::string& head : report.heads)
    where += (where.empty() ? "" : ", ") + printable(head);
  return where.empty() ? "<base>" : where;
}

void print_run(Session& session, const RunReport& report, const std::vector<Finding>* findings) {
  if (session.json()) return Session::print(run_report_json(report, findings));
  if (!report.revisions.empty()) return;
  session.say("Nothing to do: the database is at " + heads_text(report));
}

namespace {

// The left side of a range says where the database is, perhaps within a squash.
const Chain& chain_of_script(Session& session, const std::string& target) {
  std::vector<std::string> current;
  if (const auto range = split_range(target)) {
    for (const std::string_view id : split_commas(range->from)) current.emplace_back(id);
  }
  return session.chain_at(current);
}

// What only a run can do. Whoever wants no backup, or accepts what a run would ask about, may say
// so of a script, too.
void refuse_options_of_runs(const Arguments& arguments) {
  for (const char* option :
       {"--rehearse", "--backup", "--lock-wait", "--accept-changed", "--delegate"}) {
    if (!arguments.has(option)) continue;
    throw Error({.code = ExitCode::usage,
                 .message = fmt::format("{} means nothing with --sql: a script is written, and no "
                                        "database is asked or changed",
                                        option),
                 .hint = fmt::format("leave out {}", option)});
  }
}

void rehearse_run(Session& session, const RunContext& context, Direction direction,
                  const std::string& target, const DatabaseState& seen) {
  const auto steps =
      with_nothing_changed([&] { return run_steps(context.chain, direction, target, seen); });
  if (steps.empty()) return;
  rehearse(context.database, context.chain, steps, session.connect_options(Access::write));
  session.say("Rehearsed " + counted(steps.size(), "revision") +
              " in a scratch database: nothing fails");
}

// Owners of tables decide what their triggers, defaults and checks do, and a superuser's statement
// runs them.
void warn_of_superuser(Session& session, const TargetDatabase& database) {
  if (!session.project().superuser_warning || !database.connection->is_superuser()) return;
  session.say(fmt::format(
      "{} {} is a superuser: triggers and functions of whoever owns a table run with all rights. "
      "The owner of the tables is enough (superuser_warning = false in limbeck.toml: not said "
      "again)",
      session.log().paint()(Style::yellow, "warning:"),
      printable(database.connection->database_user())));
}

}  // namespace

ExitCode run_revisions(Session& session, const Arguments& arguments, Direction direction,
                       const std::string& target) {
  if (arguments.has("--sql")) {
    refuse_options_of_runs(arguments);
    const Dialect& dialect = dialect_named(session.url().dialect());
    const Chain& chain = chain_of_script(session, target);
    const std::string sql = offline_script(chain, dialect, session.database_settings(), direction,
                                           target, session.run_settings().single_transaction);
    LintReport told;
    const bool up = direction == Direction::upgrade;
    if (up) told = findings_of_script(session, chain, target);
    print_sql(session, sql, up ? &told.findings : nullptr);
    return ExitCode::ok;
  }
  // The file of an SQLite database is not made for nothing.
  if (session.is_database_missing() && with_nothing_changed([&] {
                                         return run_steps(session.chain(), direction, target,
                                                          DatabaseState{});
                                       }).empty()) {
    const std::vector<Finding> none;
    print_run(session, RunReport{}, direction == Direction::upgrade ? &none : nullptr);
    return ExitCode::ok;
  }
  DatabaseState seen = session.state_to_change();  // the files are read meanwhile
  RunContext context = session.run_context(seen);
  warn_of_superuser(session, context.database);
  LintReport told;
  const std::unique_ptr<RunReview> review = run_review(session, arguments, told);
  context.review = review.get();
  if (arguments.has("--rehearse")) rehearse_run(session, context, direction, target, seen);
  const RunReport report = direction == Direction::upgrade
                               ? upgrade(context, target, std::move(seen))
                               : downgrade(context, target, std::move(seen));
  print_run(session, report, direction == Direction::upgrade ? &told.findings : nullptr);
  return ExitCode::ok;
}

}  // namespace limbeck::cli
