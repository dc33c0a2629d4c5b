#include "cli/scripts.h"

#include "alembic/computed_header.h"
#include "alembic/engines.h"
#include "alembic/env_script.h"
#include "alembic/header.h"
#include "alembic/script_reader.h"
#include "base/user_cache.h"

namespace limbeck::cli {
namespace {

std::vector<std::string> own_alembic(const AlembicProject& alembic,
                                     const std::vector<std::string>& x_arguments) {
  std::vector<std::string> arguments;
  for (const std::string& it : x_arguments) arguments.insert(arguments.end(), {"-x", it});
  if (alembic.ini.empty()) return arguments;
  arguments.insert(arguments.end(), {"-c", alembic.ini.string()});
  if (alembic.section != "alembic") arguments.insert(arguments.end(), {"-n", alembic.section});
  return arguments;
}

ScriptReaderSettings settings_of(const Project& project, const Arguments& arguments,
                                 const std::atomic<bool>& interrupt) {
  const AlembicProject& alembic = *project.alembic;
  ScriptReaderSettings settings;
  settings.python = alembic.python.string();
  settings.folder = alembic.working_folder;
  settings.python_paths = alembic.python_paths;
  settings.fallback_python_paths = alembic.fallback_python_paths;
  settings.script_location = alembic.script_location;
  settings.version_locations = alembic.version_locations;
  settings.types = alembic.types;
  if (alembic.naming_convention)
    settings.naming_convention = *alembic.naming_convention;
  else
    settings.find_naming = [alembic] { return read_env_naming(alembic); };
  settings.options = alembic.options;
  settings.x_arguments = arguments.values("-x");
  settings.engine = alembic.engine;
  settings.engines = shown_engines(alembic);
  if (alembic.engine || !settings.engines.empty()) {
    const EnvEngines env = read_env_engines(alembic);
    settings.engine_argument = env.engine_argument();
    settings.gives_no_arguments = env.gives_nothing;
    settings.always_gives_engine = env.gives_always;
  }
  settings.version_table = project.database.version_table.object.name;
  settings.version_table_schema = project.database.version_table.schema.name;
  settings.timeout_ms = alembic.script_timeout_ms;
  settings.interrupt = &interrupt;
  settings.cache = user_cache_folder();
  if (alembic.delegate || arguments.has("--delegate"))
    settings.delegate_arguments = own_alembic(alembic, arguments.values("-x"));
  return settings;
}

}  // namespace

std::shared_ptr<Scripts> scripts_of(const Project& project, const Arguments& arguments,
                                    const std::atomic<bool>& interrupt) {
  if (!project.alembic) return nullptr;
  return make_script_reader(settings_of(project, arguments, interrupt));
}

std::optional<ScriptFormat> script_format_of(const Project& project, const Arguments& arguments,
                                             const std::atomic<bool>& interrupt) {
  if (!project.alembic) return std::nullopt;
  ScriptFormat format = alembic::script_format();
  format.ask = alembic::ask_python_for_headers(settings_of(project, arguments, interrupt));
  return format;
}

}  // namespace limbeck::cli
