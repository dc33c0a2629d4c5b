#include "alembic/project.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <system_error>
#include <utility>

#include "alembic/command_words.h"
#include "alembic/config_file.h"
#include "alembic/env_file.h"
#include "alembic/env_run.h"
#include "alembic/project_error.h"
#include "alembic/python_environment.h"
#include "base/file.h"

namespace limbeck {
namespace {

namespace fs = std::filesystem;
using alembic::ConfigFile;
using alembic::fail_project;
using alembic::Option;

constexpr std::size_t max_file_size = std::size_t{4} * 1024 * 1024;
constexpr std::string_view script_token = "REVISION_SCRIPT_FILENAME";
constexpr std::string_view file_token = "${file}";

bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

ConfigFile read_files(const AlembicFiles& files, const std::string& section) {
  std::optional<alembic::IniFile> ini;
  std::optional<alembic::PyProject> toml;
  if (!files.ini.empty()) {
    ini = alembic::IniFile::parse(read_file(files.ini, max_file_size), files.ini.string());
    ini->set_default("here", files.ini.parent_path().string());
  }
  if (!files.pyproject.empty()) {
    toml = alembic::read_pyproject(read_file(files.pyproject, max_file_size), files.pyproject,
                                   files.pyproject.parent_path().string());
    if (!toml && !ini) {
      fail_project("this file has no table [tool.alembic]", {files.pyproject.string(), 0, 0, {}});
    }
  }
  return {std::move(ini), std::move(toml), section};
}

// The folder that holds the topmost package around a folder, or the folder's own parent.
fs::path package_root(const fs::path& folder) {
  fs::path root = folder.parent_path();
  while (is_file(root / "__init__.py") && root.has_relative_path()) root = root.parent_path();
  return root;
}

// Turns what the options say into paths.
class Locator {
 public:
  // Alembic takes relative paths from the working directory, which mostly is where alembic.ini
  // stands. It need not be: a file in a folder below may be named with --config.
  Locator(const AlembicProject& project, const fs::path& run_from, const Option& script_location) {
    std::error_code ignored;
    const fs::path& beside = project.folder;
    const std::array<fs::path, 3> folders{run_from.empty() ? beside : run_from, beside,
                                          fs::current_path(ignored)};
    const auto has_env = [&](const fs::path& folder) {
      return is_resource(script_location.value) ||
             is_file(folder / script_location.value / "env.py");
    };
    const auto found = std::find_if(folders.begin(), folders.end(), has_env);
    base_ = found == folders.end() ? beside : *found;
  }

  void search_in(const AlembicProject& project) {
    packages_ = project.python_paths;
    packages_.push_back(base_);
    packages_.push_back(project.folder);
    // As what an editable install, or the working directory, puts on sys.path.
    if (is_file(project.folder / "__init__.py") ||
        is_file(project.folder.parent_path() / "__init__.py")) {
      packages_.push_back(package_root(project.folder));
    }
    std::error_code ignored;
    packages_.push_back(fs::current_path(ignored));
    const auto installed = alembic::site_packages(project.python);
    packages_.insert(packages_.end(), installed.begin(), installed.end());
  }

  fs::path path(const std::string& text) const { return (base_ / text).lexically_normal(); }

  const fs::path& base() const { return base_; }

  // A path, or "package:folder".
  fs::path location(const Option& option) const {
    if (!is_resource(option.value)) return without_slash(path(option.value));
    if (auto found = alembic::find_resource(option.value, packages_)) return *found;
    fail_project(
        fmt::format("the package {} is not found", option.value.substr(0, option.value.find(':'))),
        option.place,
        "it is looked for beside this file, in the folders of prepend_sys_path and in the virtual "
        "environment");
  }

 private:
  static bool is_resource(const std::string& text) {
    return !fs::path(text).is_absolute() && text.find(':') != std::string::npos;
  }
  static fs::path without_slash(const fs::path& path) {
    return path.has_filename() ? path : path.parent_path();
  }

  fs::path base_;
  std::vector<fs::path> packages_;
};

const Option& required(const alembic::Options& hook, std::string_view key) {
  const auto found = hook.find(key);
  if (found != hook.end() && !found->second.value.empty()) return found->second;
  const Option& name = hook.find("name")->second;
  fail_project(fmt::format("the post write hook {0} needs {0}.{1}", name.value, key), name.place);
}

// A script that pip has put beside the interpreter, else the name for PATH.
std::string installed_script(const AlembicProject& project, const std::string& name) {
  const fs::path script = project.python.parent_path() / name;
  return project.python.has_parent_path() && is_file(script) ? script.string() : name;
}

PostWriteHook read_hook(const AlembicProject& project, const alembic::Options& options) {
  PostWriteHook hook;
  hook.name = options.find("name")->second.value;
  const Option& type = required(options, "type");
  if (type.value == "console_scripts") {
    hook.command = {installed_script(project, required(options, "entrypoint").value)};
  } else if (type.value == "exec") {
    hook.command = {required(options, "executable").value};
  } else if (type.value == "module") {
    hook.command = {project.python.string(), "-m", required(options, "module").value};
  } else {
    fail_project(fmt::format("the post write hook {} is of the type {}, which is not known",
                             hook.name, type.value),
                 type.place, "the types are console_scripts, exec and module");
  }
  const auto line = options.find("options");
  auto words = alembic::command_words(line == options.end() ? "" : line->second.value);
  if (!words) fail_project("a quote in these options is not closed", line->second.place);
  bool names_file = false;
  for (std::string& word : *words) {
    const std::size_t at = word.find(script_token);
    if (at == std::string::npos) continue;
    word.replace(at, script_token.size(), file_token);
    names_file = true;
  }
  if (!names_file) words->insert(words->begin(), std::string(file_token));
  hook.command.insert(hook.command.end(), words->begin(), words->end());
  const auto folder = options.find("cwd");
  if (folder != options.end()) hook.folder = project.folder / folder->second.value;
  return hook;
}

std::vector<fs::path> fallback_python_paths(const AlembicProject& project) {
  std::vector<fs::path> paths;
  for (const fs::path& path :
       {project.working_folder, project.folder, package_root(project.script_location)}) {
    if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
  }
  return paths;
}

void read_locations(AlembicProject& project, const ConfigFile& config, const fs::path& run_from) {
  auto script_location = config.option("script_location");
  // Flask-Migrate keeps alembic.ini beside env.py, and says so in a program.
  if (!script_location && is_file(project.folder / "env.py")) {
    script_location.emplace();
    script_location->value = project.folder.string();
    script_location->place = config.place();
  }
  if (!script_location || script_location->value.empty()) {
    std::string hint =
        "it names the folder in which env.py stands: script_location = %(here)s/alembic";
    const std::vector<std::string> others = config.sections_with("script_location");
    if (!others.empty()) {
      hint =
          fmt::format("name one of the sections that have it: -n {}", fmt::join(others, ", -n "));
    }
    fail_project("script_location is not set", config.place(), std::move(hint));
  }
  Locator locator(project, run_from, *script_location);
  for (const Option& path : config.paths("prepend_sys_path", true)) {
    project.python_paths.push_back(locator.path(path.value));
  }
  project.working_folder = locator.base();
  locator.search_in(project);
  project.script_location = locator.location(*script_location);
  if (!is_folder(project.script_location)) {
    fail_project(fmt::format("the folder {} is not there", project.script_location.string()),
                 script_location->place, "script_location names the folder in which env.py stands");
  }
  project.fallback_python_paths = fallback_python_paths(project);
  for (const Option& location : config.paths("version_locations", false)) {
    project.version_locations.push_back(locator.location(location));
  }
  if (project.version_locations.empty()) {
    project.version_locations = {project.script_location / "versions"};
  }
  project.recursive = config.boolean("recursive_version_locations");
}

constexpr std::string_view url_option = "sqlalchemy.url";

// read: the option with its names replaced, which may fail. Empty for a placeholder.
template <class Read>
std::string real_url(const Read& read) {
  std::string url;
  try {
    url = read()->value;
  } catch (const Error&) {
    return {};  // "%(DB_USER)s" and the like: env.py puts something else there
  }
  return is_placeholder_url(url) ? std::string() : url;
}

void read_url(AlembicProject& project, const ConfigFile& config) {
  const auto raw = config.raw_option(url_option);
  if (!raw) return;
  project.url_place = raw->place;
  project.url_place.source_line.clear();
  project.url = real_url([&] { return config.option(url_option); });
}

std::vector<Option> engine_names(const ConfigFile& config) {
  try {
    return config.names("databases");
  } catch (const Error&) {
    return {};  // only env.py gives it its names
  }
}

void read_engines(AlembicProject& project, const ConfigFile& config) {
  for (const Option& name : engine_names(config)) {
    const auto is_it = [&](const AlembicEngine& known) { return known.name == name.value; };
    if (std::any_of(project.engines.begin(), project.engines.end(), is_it)) continue;
    project.databases_place = name.place;
    AlembicEngine& engine = project.engines.emplace_back();
    engine.name = name.value;
    const auto raw = config.raw_option_of(engine.name, url_option);
    if (!raw) continue;
    engine.place = raw->place;
    engine.place.source_line.clear();
    engine.url = real_url([&] { return config.option_of(engine.name, url_option); });
  }
}

}  // namespace

AlembicFiles alembic_files_in(const fs::path& folder) {
  AlembicFiles files;
  const fs::path below = folder / "migrations";  // where Flask-Migrate has it, beside env.py
  if (is_file(folder / "alembic.ini")) {
    files.ini = folder / "alembic.ini";
  } else if (is_file(below / "alembic.ini") && is_file(below / "env.py")) {
    files.ini = below / "alembic.ini";
  }
  const fs::path pyproject = folder / "pyproject.toml";
  if (is_file(pyproject) &&
      alembic::read_pyproject(read_file(pyproject, max_file_size), pyproject, folder.string())) {
    files.pyproject = pyproject;
  }
  return files;
}

AlembicProject load_alembic_project(const AlembicFiles& files, const std::string& section) {
  AlembicProject project;
  project.ini = files.ini;
  project.pyproject = files.pyproject;
  if (!section.empty()) project.section = section;
  project.folder = (files.ini.empty() ? files.pyproject : files.ini).parent_path();
  const ConfigFile config = read_files(files, project.section);
  project.python = alembic::find_interpreter(project.folder);
  read_locations(project, config, files.run_from);
  if (const auto text = config.option("file_template")) {
    project.file_template = text->value;
    project.file_template_place = text->place;
  }
  if (const auto length = config.integer("truncate_slug_length", 0, 1000); length.value_or(0) > 0) {
    project.slug_length = *length;
  }
  if (const auto zone = config.option("timezone"); zone && !zone->value.empty()) {
    project.timezone = zone->value;
    project.timezone_place = zone->place;
  }
  for (const alembic::Options& hook : config.hooks())
    project.hooks.push_back(read_hook(project, hook));
  project.options = config.main_options();
  read_url(project, config);
  read_engines(project, config);
  alembic::follow_env_of(project);
  return project;
}

bool is_placeholder_url(std::string_view text) {
  constexpr std::array<std::string_view, 6> endings{
      "user:pass@localhost/dbname",         "user:password@localhost/dbname",
      "user:pass@localhost:5432/dbname",    "user:password@localhost:5432/dbname",
      "username:password@localhost/dbname", "user:pass@host/dbname"};
  if (text.find("://") == std::string_view::npos) return true;
  if (text.starts_with("driver://") || text.find_first_of("<>{}") != std::string_view::npos) {
    return true;
  }
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return text.ends_with(ending); });
}

}  // namespace limbeck
