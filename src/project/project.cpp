#include "project/project.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <fmt/format.h>
#include <limits>
#include <system_error>

#include "alembic/env_script.h"
#include "base/file.h"
#include "base/text_place.h"
#include "project/config_reader.h"
#include "project/engine.h"
#include "project/environment.h"

namespace limbeck {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view project_file_name = "limbeck.toml";
constexpr std::size_t max_project_file_size = std::size_t{1024} * 1024;

std::string read_text(const fs::path& file) {
  try {
    return read_file(file, max_project_file_size);
  } catch (Error& error) {
    error.report().message = "the configuration cannot be read";
    std::error_code ignored;
    if (!fs::exists(file, ignored)) {
      error.report().hint =
          "name the file with --config or LIMBECK_CONFIG, or make one with \"limbeck init\"";
    }
    throw;
  }
}

void check_is_text(std::string_view text, const fs::path& file) {
  try {
    check_text(text, {file.string(), 1, 1, {}});
  } catch (Error& error) {
    if (error.report().place) error.report().place->source_line.clear();  // it may hold a password
    throw;
  }
}

// A project that came from Alembic goes on with Alembic's table.
void set_version_table_defaults(Project& project, const Configured& configured) {
  if (!configured.names_version_table)
    project.database.version_table.object.name = "alembic_version";
  if (!configured.has("version_width")) project.database.version_width = 32;
}

bool is_toml(const fs::path& file) {
  return file.extension() == ".toml";
}

// The Alembic configuration that a limbeck.toml goes with; none when it stands alone.
AlembicFiles files_of(const Project& project, const Configured& configured) {
  if (configured.alembic_config.empty()) {
    if (configured.has("migrations") && !configured.has("alembic")) return {};
    return alembic_files_in(project.folder);
  }
  AlembicFiles files;
  (is_toml(configured.alembic_config) ? files.pyproject : files.ini) = configured.alembic_config;
  return files;
}

[[noreturn]] void fail_without_alembic(const Project& project) {
  throw Error({.code = ExitCode::invalid_project,
               .message = "there is a table [alembic], but no Alembic project beside this file",
               .place = Place{project.file.string(), 0, 0, {}},
               .hint = "name its alembic.ini in it: config = \"path/alembic.ini\""});
}

// The version table that env.py names: with another one, what Alembic has run would run again.
void take_version_table(Project& project, const AlembicProject& alembic,
                        const Configured& configured) {
  if (configured.names_version_table && configured.names_version_schema) return;
  const EnvTable env = read_env_table(alembic);
  QualifiedName& table = project.database.version_table;
  if (!configured.names_version_table && env.name) table.object.name = *env.name;
  if (!configured.names_version_table && !configured.names_version_schema && env.schema)
    table.schema.name = *env.schema;
}

// Takes from Alembic's configuration what limbeck.toml does not say.
void go_with_alembic(Project& project, const AlembicFiles& files, const Configured& configured,
                     const std::string& section) {
  AlembicProject alembic =
      load_alembic_project(files, section.empty() ? configured.alembic_section : section);
  const auto keep = [&](std::string_view key) { return configured.has(key); };
  std::vector<fs::path> folders = alembic.version_locations;
  if (keep("migrations")) {
    folders.insert(folders.end(), project.migrations.begin(), project.migrations.end());
  }
  project.migrations = std::move(folders);
  if (!keep("recursive")) project.recursive = alembic.recursive;
  if (!keep("file_template")) {
    project.file_template = alembic.file_template;
    project.file_template_place = alembic.file_template_place;
  }
  if (!keep("slug_length")) project.slug_length = alembic.slug_length;
  if (!keep("timezone")) {
    project.timezone = alembic.timezone;
    project.timezone_place = alembic.timezone_place;
  }
  // Its revisions run as they always did; what they lose is said.
  if (!keep("data_loss")) project.run.data_loss.accept_in_upgrade = true;
  if (!keep("hooks")) {
    for (const PostWriteHook& hook : alembic.hooks) {
      project.hooks.push_back({hook.name, hook.command, hook.folder});
    }
  }
  if (project.alembic) {  // what limbeck.toml says in place of env.py
    alembic.include_schemas = project.alembic->include_schemas;
    alembic.transaction_per_migration = project.alembic->transaction_per_migration;
    alembic.delegate = project.alembic->delegate;
    alembic.script_timeout_ms = project.alembic->script_timeout_ms;
    alembic.naming_convention = std::move(project.alembic->naming_convention);
    alembic.types = std::move(project.alembic->types);
    alembic.configured_engine = std::move(project.alembic->configured_engine);
    alembic.engine_place = std::move(project.alembic->engine_place);
    alembic.engine_urls = std::move(project.alembic->engine_urls);
    if (!project.alembic->python.empty()) alembic.python = std::move(project.alembic->python);
  }
  alembic.names_version_table = configured.names_version_table || configured.names_version_schema;
  take_version_table(project, alembic, configured);
  if (!alembic.transaction_per_migration) project.run.single_transaction = true;
  project.alembic = std::move(alembic);
  choose_configured_engine(*project.alembic);
  take_engine_table(project);
}

std::string environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::string() : value;
}

[[noreturn]] void fail_without_url(const AlembicProject& alembic, const EnvUrl& env) {
  ErrorReport report{.code = ExitCode::invalid_project, .message = "no database url is configured"};
  std::string set = "set DATABASE_URL, or ";
  if (env.of == EnvUrl::Of::nobody) {
    const bool is_either = !env.candidates.empty() && env.dotenv.empty();
    report.place = Place{(alembic.script_location / "env.py").string(), env.line, 0, {}};
    if (is_either) {
      report.message = "env.py takes one url or another, and Limbeck does not know which";
      set.clear();  // it may be another one all the same
    } else if (!env.dotenv.empty()) {
      report.message = "env.py takes the url from a file .env, which Limbeck does not read";
      set = fmt::format("set {}, which env.py reads, or ", env.dotenv);
    } else if (!env.unset.empty()) {
      report.message =
          fmt::format("env.py needs the environment variable {}, which is not set", env.unset);
      set = "set it, or ";
    } else if (env.lacks_option) {
      report.message = "env.py asks alembic.ini for something that is not there";
      set.clear();
    } else {
      report.message = "env.py comes to a url that Limbeck does not know";
      const auto unset =
          std::find_if(env.variables.begin(), env.variables.end(),
                       [](const std::string& it) { return environment(it).empty(); });
      const bool is_any_set = unset != env.variables.begin() || env.variables.empty();
      if (unset != env.variables.end())
        set = fmt::format("set {}, which Limbeck takes it from then, or ", *unset);
      else if (is_any_set && !env.variables.empty())
        set.clear();
    }
  } else if (!alembic.url_place.file.empty()) {
    report.message = "sqlalchemy.url is no url but a placeholder";
    report.place = alembic.url_place;
  }
  report.hint = set +
                "name the database with --url or as url in a limbeck.toml (\"limbeck init "
                "--from-alembic\" writes one)";
  throw Error(std::move(report));
}

// Whether a variable that env.py names is about a database and not about something else.
bool is_known_url(std::string_view text) {
  return text.starts_with("postgres") || text.starts_with("sqlite");
}

// env.py decides. What it makes of a variable that is set it takes from there, and a url that
// nobody knows is that of DATABASE_URL. Empty: nothing names a database.
std::string find_alembic_url(const AlembicProject& alembic, const EnvUrl& env) {
  if (env.of != EnvUrl::Of::nobody) {
    const std::string& url = env.of == EnvUrl::Of::env ? env.text : alembic.url;
    return url.empty() || is_placeholder_url(url) ? environment("DATABASE_URL") : url;
  }
  // It is a part of that url, and not the url.
  if (std::any_of(env.changed.begin(), env.changed.end(),
                  [](const std::string& it) { return is_known_url(environment(it)); }))
    return {};
  const auto is_possible = [&](const std::string& url) {
    return std::all_of(env.candidates.begin(), env.candidates.end(),
                       [&](const std::string& it) { return it == url; });
  };
  std::string found;
  for (const std::string& variable : env.variables) {
    const std::string value = environment(variable);
    if (!is_known_url(value) || !is_possible(value)) continue;
    if (!found.empty() && found != value) return {};  // which of them, env.py alone knows
    found = value;
  }
  const bool is_missing = !env.unset.empty() || env.lacks_option;  // Alembic fails
  if (!found.empty() || !env.candidates.empty() || is_missing) return found;
  return environment("DATABASE_URL");
}

std::string alembic_url(const AlembicProject& alembic) {
  if (auto fault = find_env_fault(alembic)) throw Error(report_of(*std::move(fault)));
  const EnvUrl env = read_env_url(alembic);
  std::string url = find_alembic_url(alembic, env);
  if (url.empty()) fail_without_url(alembic, env);
  return url;
}

std::string expand_url(const std::string& configured, const Place& place) {
  std::string url = expand_environment(configured, place);
  if (!url.empty()) return url;
  throw Error({.code = ExitCode::invalid_project,
               .message = "url is empty: an environment variable that it names is",
               .place = place,
               .hint = "set the variable, or give a default: ${NAME:-...}"});
}

}  // namespace

std::optional<fs::path> find_project_file(const fs::path& folder) {
  std::error_code error;
  fs::path at = fs::absolute(folder, error);
  while (!error) {
    if (is_file(at / project_file_name)) return at / project_file_name;
    const AlembicFiles alembic = alembic_files_in(at);
    if (alembic.any()) return alembic.ini.empty() ? alembic.pyproject : alembic.ini;
    if (!at.has_relative_path()) break;
    at = at.parent_path();
  }
  return std::nullopt;
}

Project load_project(const fs::path& file, const std::string& section, const fs::path& run_from) {
  Project project;
  project.file = fs::absolute(file).lexically_normal();
  project.folder = project.file.parent_path();
  project.migrations = {project.folder / "migrations"};
  AlembicFiles alembic;
  if (!is_toml(project.file)) {
    alembic.ini = project.file;
  } else if (project.file.filename() == "pyproject.toml") {
    alembic.pyproject = project.file;
  }
  if (alembic.any()) {
    if (!is_file(project.file)) read_text(file);  // says why
    // The other one of the two, and limbeck.toml, go with it.
    const AlembicFiles beside = alembic_files_in(project.folder);
    if (alembic.ini.empty()) alembic.ini = beside.ini;
    if (alembic.pyproject.empty()) alembic.pyproject = beside.pyproject;
    const fs::path own = project.folder / project_file_name;
    if (is_file(own)) project.file = own;
  }
  const bool has_own_file = is_toml(project.file) && project.file.filename() != "pyproject.toml";
  Configured configured;
  if (has_own_file) {
    std::string text = read_text(alembic.any() ? project.file : file);
    if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
    check_is_text(text, project.file);
    configured = read_config(text, project);
    if (!alembic.any()) alembic = files_of(project, configured);
    if (!alembic.any() && project.alembic) fail_without_alembic(project);
  }
  if (alembic.any() || is_file(project.folder / "alembic.ini"))
    set_version_table_defaults(project, configured);
  alembic.run_from = run_from;
  if (alembic.any()) go_with_alembic(project, alembic, configured, section);
  for (fs::path& folder : project.migrations) {
    folder = folder.lexically_normal();
    if (!folder.has_filename() && folder.has_relative_path()) folder = folder.parent_path();
  }
  return project;
}

bool has_database(const Project& project) {
  if (!project.alembic) return true;
  const EngineUrl said = find_engine_url(project);
  if (said.of == EngineUrl::Of::nobody) return false;
  if (said.of == EngineUrl::Of::engine || !project.url.empty()) return true;
  return !find_env_fault(*project.alembic) &&
         !find_alembic_url(*project.alembic, read_env_url(*project.alembic)).empty();
}

namespace {

// SQLAlchemy takes the path as it stands there: "a%20b.db" is the name of a file.
std::string with_literal_path(const std::string& url) {
  if (!url.starts_with("sqlite")) return url;
  const std::size_t end = std::min(url.find('?'), url.size());
  std::string result;
  for (std::size_t at = 0; at < end; ++at)
    result += url[at] == '%' ? "%25" : std::string(1, url[at]);
  return result + url.substr(end);
}

// One that is written in a file is a fault of that file.
DatabaseUrl url_at(const std::string& text, const Place& place) {
  try {
    return DatabaseUrl::parse(text);
  } catch (Error& error) {
    if (place.file.empty()) throw;
    error.report().code = ExitCode::invalid_project;
    error.report().place = place;
    throw;
  }
}

}  // namespace

DatabaseUrl database_url(const Project& project, std::string_view option) {
  if (!option.empty()) {
    if (project.alembic) check_version_table(*project.alembic);
    return DatabaseUrl::parse(std::string(option)).relative_to(fs::current_path().string());
  }
  const auto of_limbeck = [&](const std::string& configured, const Place& place) {
    return url_at(expand_url(configured, place), place).relative_to(project.folder.string());
  };
  const auto of_alembic = [&](const std::string& url) {
    return DatabaseUrl::parse(with_literal_path(url))
        .relative_to(project.alembic->working_folder.string());
  };
  if (project.alembic) {
    const EngineUrl said = find_engine_url(project);
    if (said.of == EngineUrl::Of::nobody) throw Error(said.fault);
    if (said.of == EngineUrl::Of::engine)
      return said.place.file.empty() ? of_alembic(said.url) : of_limbeck(said.url, said.place);
  }
  if (!project.url.empty()) return of_limbeck(project.url, project.url_place);
  if (project.alembic) return of_alembic(alembic_url(*project.alembic));
  return DatabaseUrl::parse("sqlite:///limbeck.db").relative_to(project.folder.string());
}

bool is_missing_file(const DatabaseUrl& url) {
  if (url.dialect() != "sqlite" || url.is_in_memory()) return false;
  std::error_code error;
  return fs::status(url.target(), error).type() == fs::file_type::not_found;
}

std::optional<int> parse_duration(std::string_view text) {
  struct Unit {
    std::string_view name;
    long long milliseconds;
  };
  constexpr std::array units{Unit{"ms", 1}, Unit{"s", 1'000}, Unit{"m", 60'000},
                             Unit{"h", 3'600'000}};
  long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0 || text.front() == '-') return std::nullopt;
  const std::string_view unit_name(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (unit_name.empty()) return number == 0 ? std::optional(0) : std::nullopt;
  for (const Unit& unit : units) {
    if (unit.name != unit_name) continue;
    if (number > std::numeric_limits<int>::max() / unit.milliseconds) return std::nullopt;
    return static_cast<int>(number * unit.milliseconds);
  }
  return std::nullopt;
}

}  // namespace limbeck
