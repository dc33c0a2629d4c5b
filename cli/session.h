// One run of the program: what the commands share. Everything is loaded when it is first asked for.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/concurrent.h"
#include "base/terminal.h"
#include "cli/arguments.h"
#include "cli/signals.h"
#include "project/project.h"
#include "report/history.h"
#include "report/line_printer.h"
#include "report/run_log.h"
#include "revision/script_format.h"
#include "run/retry.h"
#include "run/runner.h"
#include "run/state.h"

namespace limbeck::cli {

// Whether the selector asks where the database is.
bool needs_current(std::string_view selector);

enum class Access { read, write };

// The value of an option that takes a duration, in milliseconds. Throws Error (ExitCode::usage).
int duration_option(const Arguments& arguments, std::string_view option);

class Session {
 public:
  // interrupt: set by a signal handler; must outlive the session. engine: as --engine has
  // it, where the arguments name none. Throws Error (ExitCode::usage) for a wrong --color.
  Session(const Arguments& arguments, Signals& signals, std::optional<std::string> engine = {});

  bool json() const { return json_; }
  // Set when the user has asked to stop.
  const std::atomic<bool>& interrupt() const { return signals_.interrupted; }
  bool quiet() const { return quiet_; }
  bool verbose() const { return verbose_; }
  const Painter& paint() const { return paint_; }  // of standard output
  LinePrinter& log() { return log_; }              // standard error

  // The file named by --config or LIMBECK_CONFIG, or the nearest one; nothing when there is none.
  std::optional<std::filesystem::path> project_file() const;
  // Throws Error (ExitCode::invalid_project) when there is no project or it is wrong.
  const Project& project();
  // nullptr when there is none.
  const Project* project_if_any();
  // For commands that need no revisions: with --url and without a project, the defaults hold in the
  // working directory.
  void make_project_optional();
  const Chain& chain();
  // The folders of the revisions, as to be shown; and which scripts in them count as revisions.
  std::vector<std::filesystem::path> revision_folders();
  std::optional<ScriptFormat> script_format();
  // Once more, as the files are now.
  Chain read_chain();
  // What runs the scripts of an Alembic project; nullptr in any other.
  const std::shared_ptr<Scripts>& scripts();
  // The chain as a database in this state sees it: with the parts of a squash in which it stands.
  const Chain& chain_at(const DatabaseState& state);
  const Chain& chain_at(const std::vector<std::string>& current);
  const Chain& chain_of(TargetDatabase& database);
  DatabaseUrl url();
  // The project's, as the database of the url has them: a file has no schemas.
  DatabaseSettings database_settings();
  // Of --url or the project; nothing without both.
  std::optional<DatabaseUrl> url_if_any();
  ConnectOptions connect_options(Access access);
  // Connected with the access of the first call.
  TargetDatabase& database(Access access);
  // The version table's rows.
  std::vector<std::string> current();

  // For what changes the database: the project's settings with the options of the command over
  // them.
  RunSettings run_settings();
  // Whether it is an SQLite file that is not there; a run would make it.
  bool is_database_missing();
  // The database of a run, while the files may still be read.
  TargetDatabase& run_database();
  // For a file that cannot be read, which a restore replaces.
  void stand_in_for_damaged();
  // Its state, waiting for whoever keeps it from being read as for another run.
  DatabaseState state_to_change();
  RunContext run_context();
  // The same for a database whose state has been read already.
  RunContext run_context(const DatabaseState& seen);
  // The same without the project's revisions. chain must outlive the result.
  RunContext run_context(const Chain& chain);

  // To standard output, in one piece. Throws Error when it cannot be written.
  static void print(std::string_view text);
  // Of revisions that the database is at and no file has, whether or not --quiet is given.
  void warn_of_unknown(const std::vector<std::string>& ids);
  // A sentence to standard error that --quiet takes away.
  void say(std::string_view text);

 private:
  std::optional<std::filesystem::path> named_project_file() const;
  // Where there is no folder, nothing stands in for the file: no command can make it.
  void require_folder(const DatabaseUrl& url, Access access);
  std::function<Chain()> chain_loader();
  // Of a command that changes the database, before it has the run lock.
  Patience patience() const;
  template <class Work>
  decltype(auto) patiently(const Work& work) const {
    return with_patience(patience(), work);
  }
  const Chain& keep(std::optional<Chain> seen);

  const Arguments& arguments_;
  Signals& signals_;
  std::optional<std::string> engine_;
  bool json_;
  bool quiet_;
  bool verbose_;
  Painter paint_;
  LinePrinter log_;
  RunLog run_log_;
  EventSink tell_;  // empty when quiet
  std::optional<Project> project_;
  std::unique_ptr<Concurrent<Chain>> loading_;  // begun, and not yet asked for
  std::optional<Chain> chain_;
  std::optional<Chain> unsquashed_;
  std::shared_ptr<Scripts> scripts_;
  std::optional<TargetDatabase> database_;
};

}  // namespace limbeck::cli
