#include "cli/commands.h"
#include "cli/run_command.h"
#include "run/checks.h"
#include "run/offline.h"
#include "run/own_tables.h"

namespace limbeck::cli {
namespace {

ExitCode run_stamp(Session& session, const Arguments& arguments) {
  const std::vector<std::string> targets = arguments.values("REVS");
  if (arguments.has("--sql")) {
    const Dialect& dialect = dialect_named(session.url().dialect());
    print_sql(session, offline_stamp(session.chain(), dialect, session.database_settings(), targets,
                                     arguments.has("--purge")));
    return ExitCode::ok;
  }
  for (const std::string& target : targets) refuse_range(target);
  const RunReport report = stamp(session.run_context(), targets, arguments.has("--purge"));
  if (session.json()) {
    Session::print(run_report_json(report));
  } else if (!report.stamped) {
    session.say("Nothing to do: the database is at " + heads_text(report));
  }
  return ExitCode::ok;
}

}  // namespace

CommandSpec stamp_command() {
  return {
      .name = "stamp",
      .summary = "Record where the database is, without running anything",
      .description =
          "For a database that came to its state in another way. The journal says that it was "
          "stamped, "
          "and by whom.",
      .positionals = {{.name = "REVS",
                       .help = "the revisions that the database is at; base for none",
                       .most = many,
                       .completion = Completion::revision}},
      .options = {sql_option,
                  {.name = "--purge",
                   .help = "remove every row of the version table first, unknown ones too"},
                  lock_wait_option},
      .examples = {{"limbeck stamp head", "the database is up to date already"}},
      .run = run_stamp,
      .for_each_engine = true,
  };
}

}  // namespace limbeck::cli
