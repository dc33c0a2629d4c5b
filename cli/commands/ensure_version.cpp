#include <algorithm>
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/run_command.h"
#include "run/version_table.h"

namespace limbeck::cli {
namespace {

// As wide as the ids that are there already ask for.
std::string script(const Dialect& dialect, const DatabaseSettings& settings, const Chain& chain) {
  const int width = std::max(settings.version_width, longest_id(chain.graph()));
  std::string sql;
  for (const std::string& statement : dialect.create_version_table(settings.version_table, width)) {
    sql += statement + ";\n";
  }
  return sql;
}

ExitCode run_ensure_version(Session& session, const Arguments& arguments) {
  if (arguments.has("--sql")) {
    print_sql(session, script(dialect_named(session.url().dialect()), session.database_settings(),
                              session.chain()));
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
