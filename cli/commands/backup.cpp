#include "run/backup.h"

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/session.h"

namespace limbeck::cli {
namespace {

ExitCode run(Session& session, const Arguments&) {
  const std::string file = back_up(session.run_context(DatabaseState{}));
  if (session.json()) {
    JsonWriter json;
    json.begin_object().member("file", file).end_object();
    Session::print(json.text() + "\n");
  } else {
    Session::print(fmt::format("{}\n", printable(file)));
  }
  return ExitCode::ok;
}

}  // namespace

CommandSpec backup_command() {
  return {
      .name = "backup",
      .summary = "Copy the SQLite database into a file now",
      .description = "The copy is consistent while others use the database. Its name is printed.",
      .run = run,
  };
}

}  // namespace limbeck::cli
