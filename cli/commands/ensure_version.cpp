#include <algorithm>
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/run_command.h"
#include "run/version_table.h"

namespace limbeck::cli {
namespace {

// As wide as the ids that are there already ask for, as far as the revisions can be read: the
// script needs none of them.
int version_width(Session& session) {
  const int width = session.database_settings().version_width;
  try {
    return std::max(width, longest_id(session.chain().graph()));
  } catch (const Error& error) {
    if (error.code() != ExitCode::invalid_project) throw;
    session.say(printable(fmt::format(
        "The revisions cannot be read ({}), so the table has room for ids of {} characters",
        error.report().message, width)));
    return width;
  }
}

std::string script(Session& session) {
  const Dialect& dialect = dialect_named(session.url().dialect());
  const DatabaseSettings settings = session.database_settings();
  std::string sql;
  for (const std::string& statement :
       dialect.create_version_table(settings.version_table, version_width(session))) {
    sql += statement + ";\n";
  }
  return sql;
}

ExitCode run_ensure_version(Session& session, const Arguments& arguments) {
  if (arguments.has("--sql")) {
    print_sql(session, script(session));
    return ExitCode::ok;
  }
  const bool created = ensure_version_tables(session.run_context(DatabaseState{}));
  if (session.json()) {
    JsonWriter json;
    json.begin_object().member("created", created).end_object();
    Session::print(json.text() + "\n");
  } else {
    session.say(created ? "The version table and the journal were created"
                        : "The version table and the journal are there already");
  }
  return ExitCode::ok;
}

}  // namespace

CommandSpec ensure_version_command() {
  return {
      .name = "ensure_version",
      .summary = "Create the version table and the journal where they are missing",
      .options = {sql_option, lock_wait_option},
      .run = run_ensure_version,
      .alias = "ensure-version",
      .for_each_engine = true,
  };
}

}  // namespace limbeck::cli
