#include "report/status.h"

#include "cli/commands.h"
#include "cli/session.h"

namespace limbeck::cli {
namespace {

ExitCode run_status(Session& session, const Arguments&) {
  const Chain* chain = &session.chain();
  Status status = project_status(session.project(), *chain, session.url());
  try {
    TargetDatabase& database = session.database(Access::read);
    chain = &session.chain_of(database);
    status = project_status(session.project(), *chain, session.url());
    read_database_status(*chain, database, status);
  } catch (const Error& error) {
    const bool is_locked = error.code() == ExitCode::lock_not_acquired;
    if (error.code() != ExitCode::cannot_connect && !is_locked) throw;
    status.unreachable = error.report();
  }
  Session::print(session.json() ? status_json(status, *chain)
                                : status_text(status, *chain, session.paint(), session.verbose()));
  return exit_code_of(status);
}

}  // namespace

CommandSpec status_command() {
  return {
      .name = "status",
      .summary = "Print where the database is, what is pending and what is wrong",
      .description =
          "Exits with 0 when the database is up to date, 3 when revisions are pending or a run is "
          "at work, 4 when something is wrong, 5 when another program keeps it from being read "
          "and 9 when the database cannot be reached. With -v, all pending revisions are "
          "listed.\n\n"
          "Bare \"limbeck\" inside of a project does the same.",
      .run = run_status,
      .for_each_engine = true,
  };
}

}  // namespace limbeck::cli
