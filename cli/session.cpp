#include "cli/session.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <unistd.h>
#include <utility>

#include "limbeck/error.h"

#include "alembic/env_script.h"
#include "base/user_cache.h"
#include "cli/scripts.h"
#include "project/engine.h"
#include "project/env_settings.h"
#include "run/own_tables.h"
#include "run/state.h"
#include "run/unsquash.h"

namespace limbeck::cli {
namespace {

namespace fs = std::filesystem;

Painter painter(const Arguments& arguments, int descriptor) {
  if (!arguments.has("--color")) return Painter(use_color(ColorChoice::automatic, descriptor));
  const auto choice = parse_color_choice(arguments.value("--color"));
  if (!choice) {
    throw Error({.code = ExitCode::usage,
                 .message = fmt::format("--color takes auto, always or never, not \"{}\"",
                                        arguments.value("--color")),
                 .hint = "auto colors what a terminal shows, and nothing in a file or a pipe"});
  }
  return Painter(use_color(*choice, descriptor));
}

// Short where the file is below the working directory, and right in any case.
fs::path shown(const fs::path& path) {
  std::error_code error;
  fs::path relative = fs::relative(path, error);
  return error || relative.empty() || *relative.begin() == ".." ? path : relative;
}

// What env.py does with it is not done here: mostly it chooses the database, or a schema of it.
void refuse_x_of_env(const Project& project, const Arguments& arguments) {
  if (!project.alembic) return;
  for (const std::string& given : arguments.values("-x")) {
    const std::string name = given.substr(0, given.find('='));
    const int line = env_line_of_x_argument(*project.alembic, name);
    if (line == 0) continue;
    throw Error(
        {.code = ExitCode::usage,
         .message = fmt::format("env.py reads -x {}, and Limbeck does not run env.py", name),
         .place = Place{(project.alembic->script_location / "env.py").string(), line, 0, {}},
         .hint = "say what it decides: the database with --url (its schema as "
                 "?options=-csearch_path%3Dname); the version table in a limbeck.toml for each, "
                 "that --config names. With --url, -x is for the scripts alone"});
  }
}

}  // namespace

int duration_option(const Arguments& arguments, std::string_view option) {
  const std::string text = arguments.value(option);
  if (const auto duration = parse_duration(text)) return *duration;
  throw Error({.code = ExitCode::usage,
               .message = fmt::format("{} takes a duration, not \"{}\"", option, text),
               .hint = "a duration is written 250ms, 2s, 10m, 1h or 0"});
}

bool needs_current(std::string_view selector) {
  return selector.find("current") != std::string_view::npos || selector.starts_with('-') ||
         selector.starts_with('+') || selector.find("@-") != std::string_view::npos ||
         selector.find("@+") != std::string_view::npos;
}

Session::Session(const Arguments& arguments, Signals& signals, std::optional<std::string> engine)
    : arguments_(arguments),
      signals_(signals),
      engine_(arguments.has("--engine") ? arguments.value("--engine") : std::move(engine)),
      json_(arguments.has("--json")),
      quiet_(arguments.has("--quiet")),
      verbose_(arguments.has("--verbose")),
      paint_(painter(arguments, STDOUT_FILENO)),
      log_(STDERR_FILENO, is_terminal(STDERR_FILENO), painter(arguments, STDERR_FILENO)),
      run_log_(log_) {
  if (verbose_) run_log_.show_statements();
  if (!quiet_) tell_ = [this](const Event& event) { run_log_.show(event); };
}

std::optional<fs::path> Session::named_project_file() const {
  if (arguments_.has("--config")) return arguments_.value("--config");
  for (const char* variable : {"LIMBECK_CONFIG", "ALEMBIC_CONFIG"}) {
    const char* configured = std::getenv(variable);
    if (configured != nullptr && *configured != '\0') return configured;
  }
  return std::nullopt;
}

std::optional<fs::path> Session::project_file() const {
  const auto named = named_project_file();
  return named ? named : find_project_file(fs::current_path());
}

const Project& Session::project() {
  if (!project_) {
    const auto file = project_file();
    if (!file) {
      throw Error({.code = ExitCode::invalid_project,
                   .message = "there is no limbeck.toml or alembic.ini here or in a folder above",
                   .hint = "\"limbeck init\" makes a project here; --config FILE names one that is "
                           "elsewhere"});
    }
    // One that was found is that of a project which Alembic is run in.
    const fs::path run_from = named_project_file() ? fs::current_path() : fs::path();
    Project loaded = load_project(*file, arguments_.value("--name"), run_from);
    if (engine_) choose_engine(loaded, *engine_);
    project_ = std::move(loaded);
  }
  return *project_;
}

const Project* Session::project_if_any() {
  return project_ || project_file() ? &project() : nullptr;
}

void Session::make_project_optional() {
  if (project_ || project_file() || !arguments_.has("--url")) return;
  project_ = Project{};
  project_->folder = fs::current_path();
  if (engine_) choose_engine(*project_, *engine_);
}

const Chain& Session::chain() {
  if (!chain_) {
    if (loading_) {
      const auto loading = std::exchange(loading_, nullptr);
      chain_ = loading->get();
    } else {
      chain_ = chain_loader()();
    }
    chain_->set_scripts(scripts());
  }
  return *chain_;
}

Chain Session::read_chain() {
  Chain chain = chain_loader()();
  chain.set_scripts(scripts());
  return chain;
}

const std::shared_ptr<Scripts>& Session::scripts() {
  if (!scripts_) scripts_ = scripts_of(project(), arguments_, interrupt());
  return scripts_;
}

const Chain& Session::chain_at(const DatabaseState& state) {
  return keep(unsquashed(chain(), state));
}

const Chain& Session::chain_at(const std::vector<std::string>& current) {
  DatabaseState state;
  state.current = current;
  return chain_at(state);
}

const Chain& Session::chain_of(TargetDatabase& database) {
  return keep(unsquashed(chain(), database));
}

const Chain& Session::keep(std::optional<Chain> seen) {
  unsquashed_ = std::move(seen);
  if (unsquashed_) unsquashed_->set_scripts(scripts());
  return unsquashed_ ? *unsquashed_ : chain();
}

std::vector<fs::path> Session::revision_folders() {
  std::vector<fs::path> folders;
  for (const fs::path& folder : project().migrations) folders.push_back(shown(folder));
  return folders;
}

std::optional<ScriptFormat> Session::script_format() {
  return script_format_of(project(), arguments_, interrupt());
}

std::function<Chain()> Session::chain_loader() {
  return
      [folders = revision_folders(), recursive = project().recursive, scripts = script_format()] {
        return Chain::load(folders, recursive, scripts ? &*scripts : nullptr, user_cache_folder());
      };
}

DatabaseUrl Session::url() {
  if (!arguments_.has("--url")) refuse_x_of_env(project(), arguments_);
  const DatabaseUrl where = database_url(project(), arguments_.value("--url"));
  // A script for later is no session.
  const bool is_of_env = project().alembic && !arguments_.has("--sql");
  return is_of_env ? with_env_settings(where, *project().alembic) : where;
}

DatabaseSettings Session::database_settings() {
  DatabaseSettings settings = project().database;
  if (dialect_named(url().dialect()).is_file()) settings.version_table.schema = {};
  return settings;
}

std::optional<DatabaseUrl> Session::url_if_any() {
  const Project* known = project_if_any();
  if (known != nullptr && (!arguments_.has("--url") && !has_database(*known))) return std::nullopt;
  if (known != nullptr) return url();
  if (arguments_.has("--url")) return DatabaseUrl::parse(arguments_.value("--url"));
  return std::nullopt;
}

ConnectOptions Session::connect_options(Access access) {
  ConnectOptions options;
  options.application_name = application_name();
  options.interrupt = &interrupt();
  options.read_only = access == Access::read;
  const RunSettings settings = project_ ? project_->run : RunSettings{};
  options.lock_ms = settings.lock_timeout_ms;
  if (!quiet_) {
    options.notice = [this](const std::string& text) { run_log_.show(Event{ServerNotice{text}}); };
  }
  return options;
}

void Session::require_folder(const DatabaseUrl& url, Access access) {
  const fs::path folder = fs::path(url.target()).parent_path();
  std::error_code ignored;
  if (folder.empty() || fs::is_directory(folder, ignored)) return;
  // To open it says so.
  const auto open = [&] {
    dialect_named(url.dialect()).connect(url, connect_options(Access::read));
  };
  if (access == Access::read) return open();
  with_nothing_changed(open);
}

TargetDatabase& Session::database(Access access) {
  if (!database_) {
    const ConnectOptions options = connect_options(access);
    DatabaseUrl where = url();
    // Reading must not create the file; in its place stands an empty database.
    const bool is_missing = is_missing_file(where);
    if (is_missing) {
      require_folder(where, access);
      if (access == Access::read) where = DatabaseUrl::parse("sqlite://");
    } else if (!chain_ && !loading_) {
      // Whoever asks the database asks the revisions next.
      dialect_named(where.dialect()).load_client();
      loading_ = std::make_unique<Concurrent<Chain>>(chain_loader());
    }
    if (access == Access::read) {
      database_ = open_database(where, database_settings(), options);
    } else {
      const auto open = is_missing ? stand_in_for : open_database;
      if (where.is_in_memory()) {
        say(
            fmt::format("{} {} is a database in memory, which is gone when this command ends; "
                        "sqlite:///name.db names a file",
                        log_.paint()(Style::yellow, "warning:"), where.redacted()));
      }
      database_ = with_nothing_changed(
          [&] { return patiently([&] { return open(where, database_settings(), options); }); });
    }
  }
  return *database_;
}

std::vector<std::string> Session::current() {
  return read_current(database(Access::read));
}

RunSettings Session::run_settings() {
  RunSettings settings = project().run;
  if (arguments_.has("--lock-wait")) {
    settings.runner_lock_wait_ms = duration_option(arguments_, "--lock-wait");
  }
  if (arguments_.has("--single-transaction")) settings.single_transaction = true;
  if (arguments_.has("--accept-changed")) settings.accept_changed = true;
  if (arguments_.has("--backup")) {
    const std::string value = arguments_.value("--backup");
    const auto scope = value == "true" ? BackupScope::full : backup_scope_named(value);
    if (!scope) {
      throw Error({.code = ExitCode::usage,
                   .message = fmt::format("--backup takes full, touched or off, not \"{}\"", value),
                   .hint = "--backup alone is --backup=full"});
    }
    settings.backup.sqlite = settings.backup.postgresql = *scope;
  }
  if (arguments_.has("--no-backup"))
    settings.backup.sqlite = settings.backup.postgresql = BackupScope::off;
  if (const auto& alembic = project().alembic; alembic && alembic->engine)
    settings.backup.engine = shown_engine(*alembic->engine);
  if (settings.backup.folder.empty() && url().dialect() != "sqlite")
    settings.backup.folder = project().folder / "backups";
  return settings;
}

bool Session::is_database_missing() {
  run_settings();  // before anything is looked at: a wrong option is found first
  return is_missing_file(url());
}

Patience Session::patience() const {
  const RunSettings settings = project_ ? project_->run : RunSettings{};
  return {.total_ms = arguments_.has("--lock-wait") ? duration_option(arguments_, "--lock-wait")
                                                    : settings.runner_lock_wait_ms,
          .tell = tell_,
          .interrupt = &interrupt()};
}

TargetDatabase& Session::run_database() {
  // A file is not made for revisions that are wrong.
  if (is_database_missing()) with_nothing_changed([&] { chain(); });
  return database(Access::write);
}

void Session::stand_in_for_damaged() {
  database_ = stand_in_for(url(), database_settings(), connect_options(Access::write));
  database_->is_damaged = true;
}

DatabaseState Session::state_to_change() {
  TargetDatabase& connected = run_database();
  return patiently([&] { return read_state(connected); });
}

RunContext Session::run_context() {
  TargetDatabase& connected = run_database();
  const auto chain_there = [&]() -> const Chain& { return chain_of(connected); };
  return run_context(
      with_nothing_changed([&]() -> const Chain& { return patiently(chain_there); }));
}

RunContext Session::run_context(const DatabaseState& seen) {
  run_database();
  return run_context(with_nothing_changed([&]() -> const Chain& { return chain_at(seen); }));
}

RunContext Session::run_context(const Chain& revisions) {
  run_settings();  // before anything connects: a wrong option is found first
  TargetDatabase& connected = database(Access::write);
  return RunContext{.chain = revisions,
                    .database = connected,
                    .settings = run_settings(),
                    .sink = tell_,
                    .interrupt = &interrupt(),
                    .done_in_part = &signals_.done_in_part};
}

void Session::print(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EPIPE) return;  // the reader has seen enough
    if (written < 0) {
      throw Error(
          {.code = ExitCode::internal_error,
           .message = fmt::format("standard output cannot be written: {}", std::strerror(errno))});
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void Session::warn_of_unknown(const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    log_.line(
        fmt::format("warning: the database is at {}, which no revision file has", printable(id)));
  }
}

void Session::say(std::string_view text) {
  if (!quiet_) log_.line(text);
}

}  // namespace limbeck::cli
