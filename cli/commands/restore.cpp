#include <fmt/format.h>
#include <fmt/ranges.h>

#include "limbeck/error.h"

#include "base/file.h"
#include "cli/commands.h"
#include "cli/confirm.h"
#include "cli/session.h"
#include "run/backup.h"
#include "run/own_tables.h"

namespace limbeck::cli {
namespace {

// A pipe would be waited for.
void require_backup(const std::string& file) {
  if (is_file(file)) return;
  throw Error({.code = ExitCode::failed_rolled_back,
               .message = fmt::format("there is no file {}", file),
               .state = "nothing was changed",
               .hint = "name a backup: \"limbeck backup --list\" lists them"});
}

void confirm(Session& session, const std::string& file) {
  const std::string question =
      fmt::format("Replace {} with {}?", printable(session.url().redacted()), printable(file));
  if (confirmed(question, "restore replaces the database", session.interrupt())) return;
  throw Error({.code = ExitCode::usage,
               .message = "not restored",
               .state = "nothing was changed",
               .hint = "\"limbeck backup --list\" lists the backups; answer y, or give --yes, to "
                       "restore one"});
}

void print(Session& session, const std::string& file, const RestoreReport& report) {
  if (session.json()) {
    JsonWriter json;
    json.begin_object()
        .member("restored", file)
        .member("heads", report.heads)
        .optional_member("backup_file", report.backup_of_before)
        .optional_member("damaged_file", report.damaged_file)
        .optional_member("kept_database", report.kept_database)
        .end_object();
    Session::print(json.text() + "\n");
    return;
  }
  session.say(fmt::format("Restored {}", printable(file)));
  if (!report.record) session.say("It has no record beside it: its hash was not checked");
  if (!report.backup_of_before.empty()) {
    session.say(fmt::format("What was there before is in {}", printable(report.backup_of_before)));
  }
  if (!report.damaged_file.empty()) {
    session.say(fmt::format(
        "What was there before is damaged, and is in {}. Programs that have it open see the new "
        "file when they are started again",
        printable(report.damaged_file)));
  }
  if (!report.kept_database.empty()) {
    session.say(
        fmt::format("What was there before is the database \"{}\": drop it when it is not "
                    "needed any more",
                    printable(report.kept_database)));
  }
}

ExitCode run_restore(Session& session, const Arguments& arguments) {
  RestoreOrder order{.file = arguments.value("FILE"),
                     .in_place = arguments.has("--in-place"),
                     .owners = !arguments.has("--no-owner")};
  const DatabaseUrl url = session.url();  // a project without a database is no place to ask
  require_backup(order.file);
  if (!arguments.has("--yes")) confirm(session, order.file);
  const Dialect& dialect = dialect_named(url.dialect());
  // The file of an SQLite database is not made for what is no backup.
  if (is_missing_file(url))
    with_nothing_changed([&] { dialect.check_backup(order.file); });
  else if (dialect.is_damaged(url))
    session.stand_in_for_damaged();
  print(session, order.file, restore_backup(session.run_context(DatabaseState{}), order));
  return ExitCode::ok;
}

}  // namespace

CommandSpec restore_command() {
  return {
      .name = "restore",
      .summary = "Bring a backup back in the place of the database",
      .description =
          "The backup is checked first, and what is there now is kept: an SQLite file is copied, a "
          "PostgreSQL database that is not empty gets another name, which is printed. The database "
          "is then at the revision that it had when the backup was made. A restore that fails "
          "leaves the database as it was. A backup of some tables replaces these tables alone, in "
          "a database at the revision that the backup was made at. Asks on a terminal before it "
          "does anything.",
      .positionals = {{.name = "FILE",
                       .help = "a file that backup or upgrade has written",
                       .completion = Completion::file}},
      .options = {{.name = "--yes", .short_name = "-y", .help = "do not ask"},
                  {.name = "--in-place",
                   .help = "PostgreSQL: replace what the backup holds within the database, in one "
                           "transaction; what it does not hold stays"},
                  {.name = "--no-owner",
                   .help = "PostgreSQL: everything belongs to the login, without the privileges of "
                           "others"},
                  lock_wait_option},
      .examples = {{"limbeck restore app.2026-11-21T10-00-00.000Z.backup", "back to then"},
                   {"limbeck restore app.backup --url postgresql:///copy --yes",
                    "into another database"}},
      .run = run_restore,
  };
}

}  // namespace limbeck::cli
