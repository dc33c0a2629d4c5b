#include "run/backup.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/counted.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "revision/walk.h"
#include "service/health_check.h"

namespace limbeck::cli {
namespace {

void write_members(JsonWriter& json, const BackupRecord& backup) {
  json.begin_object()
      .member("file", backup.file)
      .member("created_at", backup.created_at)
      .member("size", backup.size)
      .member("hash", backup.hash)
      .member("heads", backup.heads);
  json.key("tables");
  if (backup.is_part()) {
    json.begin_array();
    for (const QualifiedName& table : backup.tables)
      json.value(fmt::format("{}.{}", table.schema.name, table.object.name));
    json.end_array();
  } else {
    json.null();
  }
  json.end_object();
}

std::string line_of(const BackupRecord& backup) {
  const std::string heads = backup.heads.empty() ? std::string("<base>")
                                                 : fmt::format("{}", fmt::join(backup.heads, ", "));
  const std::string part =
      backup.is_part() ? ", " + counted(backup.tables.size(), "table") : std::string();
  return fmt::format("{}  at {}{}, {} bytes\n", printable(backup.file), printable(heads), part,
                     backup.size);
}

// Nothing connects: a list is wanted above all when the server, or the file, is gone.
ExitCode list(Session& session) {
  TargetDatabase database;
  database.url = session.url();
  database.dialect = &dialect_named(database.url.dialect());
  const auto backups = backups_of(database, backup_folder(database, session.run_settings().backup));
  if (session.json()) {
    JsonWriter json;
    json.begin_object().key("backups").begin_array();
    for (const BackupRecord& backup : backups) write_members(json, backup);
    json.end_array().end_object();
    Session::print(json.text() + "\n");
    return ExitCode::ok;
  }
  for (const BackupRecord& backup : backups) Session::print(line_of(backup));
  return ExitCode::ok;
}

// What an upgrade to the revision is going to run; each revision is kept in `plans`.
PlannedStatements statements_to(const RunContext& context, const std::string& target,
                                const DatabaseState& state, std::vector<PlannedRevision>& plans) {
  const Chain& chain = context.chain;
  const Dialect& dialect = *context.database.dialect;
  for (const RevisionStep& step : upgrade_steps(chain.graph(), target, state.current))
    plans.push_back(chain.plan(step.revision, step.direction, dialect));
  PlannedStatements planned;
  for (const PlannedRevision& plan : plans) {
    if (plan.live || plan.delegation) planned.all_known = false;
    for (const Step& step : plan.steps) {
      for (const sql::Statement& statement : step.statements)
        planned.statements.push_back(&statement);
    }
  }
  return planned;
}

ExitCode run_backup(Session& session, const Arguments& arguments) {
  if (arguments.has("--list")) return list(session);
  require_file(session.url());
  BackupOrder order{.output = arguments.value("--output")};
  const bool touched = arguments.has("--touched");
  const DatabaseState state = touched ? session.state_to_change() : DatabaseState{};
  const RunContext context = session.run_context(state);
  std::vector<PlannedRevision> plans;
  if (touched) order.touched = statements_to(context, arguments.value("--touched"), state, plans);
  const BackupRecord backup = back_up(context, order);
  if (session.json()) {
    JsonWriter json;
    write_members(json, backup);
    Session::print(json.text() + "\n");
  } else {
    Session::print(fmt::format("{}\n", printable(backup.file)));
  }
  return ExitCode::ok;
}

}  // namespace

CommandSpec backup_command() {
  return {
      .name = "backup",
      .summary = "Write a backup of the database into a file now",
      .description =
          "SQLite is copied by its own backup, PostgreSQL by pg_dump, consistently while others "
          "use the database. The backup is read back before it counts, and the file beside it, "
          "FILE.json, says what it is: its hash, the revisions that the database was at, the "
          "tables when it holds only some. The name of the backup is printed.",
      .options = {{.name = "--output",
                   .short_name = "-o",
                   .value = "FILE",
                   .help = "the file to write, instead of a new one in backup.folder",
                   .completion = Completion::file},
                  {.name = "--touched",
                   .value = "REV",
                   .help = "only the tables that an upgrade to REV touches (PostgreSQL)",
                   .completion = Completion::revision},
                  {.name = "--list", .help = "list the backups that are there; make none"},
                  lock_wait_option},
      .examples = {{"limbeck backup", "the whole database"},
                   {"limbeck backup --touched head", "what the next upgrade may change"},
                   {"limbeck backup --list", "which there are, the newest first"}},
      .run = run_backup,
  };
}

}  // namespace limbeck::cli
