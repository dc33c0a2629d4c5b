#include <fmt/format.h>

#include "limbeck/error.h"

#include "cli/commands.h"
#include "cli/confirm.h"
#include "cli/session.h"
#include "run/backup.h"

namespace limbeck::cli {
namespace {

void confirm(Session& session, const std::string& file) {
  const std::string question =
      fmt::format("Replace {} with {}?", printable(session.url().redacted()), printable(file));
  if (confirmed(question, "restore replaces the database")) return;
  throw Error({.code = ExitCode::usage, .message = "not restored", .state = "nothing was changed"});
}

ExitCode run(Session& session, const Arguments& arguments) {
  const std::string file = arguments.value("FILE");
  session.url();  // a project without a database is no place to ask
  if (!arguments.has("--yes")) confirm(session, file);
  const std::string copy = restore_backup(session.run_context(DatabaseState{}), file);
  if (session.json()) {
    JsonWriter json;
    json.begin_object().member("restored", file).optional_member("backup_file", copy).end_object();
    Session::print(json.text() + "\n");
    return ExitCode::ok;
  }
  session.say(fmt::format("Restored {}", printable(file)));
  if (!copy.empty()) session.say(fmt::format("What was there before is in {}", printable(copy)));
  return ExitCode::ok;
}

}  // namespace

CommandSpec restore_command() {
  return {
      .name = "restore",
      .summary = "Put a copy in the place of the SQLite database",
      .description =
          "What is there now is copied first. Asks on a terminal before it does anything.",
      .positionals = {{.name = "FILE",
                       .help = "a file that backup or upgrade has written",
                       .completion = Completion::file}},
      .options = {{.name = "--yes", .short_name = "-y", .help = "do not ask"}, lock_wait_option},
      .run = run,
  };
}

}  // namespace limbeck::cli
