#include "project/engine.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "alembic/engines.h"
#include "alembic/env_script.h"
#include "base/edit_distance.h"
#include "project/toml_text.h"

namespace limbeck {
namespace {

// Why a name is none of an engine; the message is empty when it is one.
ErrorReport doubt_about(const AlembicProject& project, const std::string& name) {
  const std::vector<std::string> known = listed_engines(project);
  if (std::find(known.begin(), known.end(), name) != known.end()) return {};
  // One that env.py leaves out has a name all the same.
  const bool is_in_ini = std::any_of(project.engines.begin(), project.engines.end(),
                                     [&](const AlembicEngine& it) { return it.name == name; });
  if (!known.empty() && is_in_ini) return {};
  if (known.empty()) {
    // env.py alone knows them.
    if (read_env_engines(project).has_others) return {};
    return {.message = fmt::format("this project has no engine {}: it has one database",
                                   shown_engine(name)),
            .hint =
                "leave out the engine; or list the engines and their urls in the table "
                "[alembic.engines] of limbeck.toml"};
  }
  const std::vector<std::string> shown = shown_engines(project);
  const std::vector<std::string_view> names(shown.begin(), shown.end());
  const std::vector<std::string> near = closest_names(shown_engine(name), names);
  return {.message = fmt::format("this project has no engine {}", shown_engine(name)),
          .hint = near.empty() ? fmt::format("its engines are {}", fmt::join(shown, ", "))
                               : did_you_mean(near)};
}

EngineUrl nobody(std::string message, Place place, std::string hint) {
  return {.of = EngineUrl::Of::nobody,
          .fault = {.code = ExitCode::invalid_project,
                    .message = std::move(message),
                    .place = place.file.empty() ? std::nullopt : std::optional(std::move(place)),
                    .hint = std::move(hint)}};
}

EngineUrl without_engine(const Project& project) {
  const AlembicProject& alembic = *project.alembic;
  if (!project.url.empty() || listed_engines(alembic).empty()) return {};
  Place place = alembic.databases_place;
  return nobody("this project has several databases, and it is not said which one is meant",
                std::move(place), how_to_name_engine(shown_engines(alembic)));
}

EngineUrl of_own_table(const AlembicProject& alembic) {
  if (alembic.names_version_table) return {};
  const EnvEngines env = read_env_engines(alembic);
  const EnvEngine* own = alembic.engine ? env.find(*alembic.engine) : nullptr;
  if (own != nullptr && own->table) return {};
  const std::size_t listed = listed_engines(alembic).size();
  if (!alembic.engine && listed > 1) return {};  // none is chosen
  if (auto fault = find_env_fault(alembic); fault && fault->hides_version_table)
    return {.of = EngineUrl::Of::nobody, .fault = report_of(*std::move(fault))};
  const bool has_several = alembic.engine && listed != 1;
  const int line = own == nullptr ? env.table_in : own->table_line;
  if (line == 0) return {};
  const Place place{(alembic.script_location / "env.py").string(), line, 0, {}};
  if (!has_several)
    return nobody("env.py computes the name of the version table, which Limbeck does not do", place,
                  "write version_table into the table [alembic] of limbeck.toml, and "
                  "version_table_schema where it is in a schema of its own (\"limbeck init "
                  "--from-alembic\" makes that file)");
  return nobody(
      "env.py computes the name of the version table, and each engine may have its own", place,
      fmt::format(
          "write version_table into the table [alembic] of limbeck.toml; where the engines "
          "have different ones, into a file for each, beside engine = \"{}\", that --config "
          "names",
          shown_engine(*alembic.engine)));
}

// As it is written; empty where neither limbeck.toml nor alembic.ini says it.
std::string written_url(const Project& project, const std::string& name) {
  const AlembicProject& alembic = *project.alembic;
  if (const auto own = alembic.engine_urls.find(name); own != alembic.engine_urls.end())
    return own->second.url;
  if (!project.url.empty() && alembic.configured_engine.value_or("") == name) return project.url;
  const EnvEngines env = read_env_engines(alembic);
  if (const EnvEngine* own = env.find(name)) return own->url.value_or("");
  for (const AlembicEngine& engine : alembic.engines)
    if (engine.name == name) return engine.url;
  return {};
}

bool have_one_table(const EnvEngines& env, const std::string& name, const std::string& other) {
  const EnvEngine* a = env.find(name);
  const EnvEngine* b = env.find(other);
  const bool are_known = a != nullptr && b != nullptr && a->table && b->table;
  return !are_known || *a->table == *b->table;
}

// In one database with one version table, what was run for an engine is taken for what was run for
// the other one.
EngineUrl unless_shared(const Project& project, EngineUrl said) {
  const AlembicProject& alembic = *project.alembic;
  if (said.of != EngineUrl::Of::engine || alembic.names_version_table) return said;
  const EnvEngines env = read_env_engines(alembic);
  for (const std::string& other : listed_engines(alembic)) {
    if (other == *alembic.engine || written_url(project, other) != said.url) continue;
    if (!have_one_table(env, *alembic.engine, other)) continue;
    return nobody(
        fmt::format("the engines {} and {} have the same url, and one version table cannot say "
                    "where both of them are",
                    shown_engine(*alembic.engine), shown_engine(other)),
        alembic.databases_place,
        "give each a database of its own; or a version table of its own, by a limbeck.toml for "
        "each that says engine and version_table, and that --config names");
  }
  return said;
}

// What its section says, where that is less than a url.
EngineUrl fault_of_section(const AlembicProject& alembic, const std::string& name,
                           const std::string& hint) {
  const auto found = std::find_if(alembic.engines.begin(), alembic.engines.end(),
                                  [&](const AlembicEngine& it) { return it.name == name; });
  if (found == alembic.engines.end() || found->place.file.empty())
    return nobody(fmt::format("the engine {} has no url", shown_engine(name)),
                  alembic.databases_place,
                  found == alembic.engines.end()
                      ? hint
                      : fmt::format("say sqlalchemy.url in a section [{}]; or {}", name, hint));
  if (found->url.empty())
    return nobody(
        fmt::format("the sqlalchemy.url of the engine {} is no url but a placeholder", name),
        found->place, hint);
  return {.of = EngineUrl::Of::engine, .url = found->url};
}

// The one that env.py comes to; without an env.py that of its section.
EngineUrl of_env(const AlembicProject& alembic, const std::string& name) {
  if (auto fault = find_env_fault(alembic))
    return {.of = EngineUrl::Of::nobody, .fault = report_of(*std::move(fault))};
  const std::string hint = fmt::format(
      "name its database with --url, or in the table [alembic.engines] of limbeck.toml: {} = "
      "\"postgresql://...\"",
      toml_key(name));
  const EnvEngines env = read_env_engines(alembic);
  const EnvEngine* own = env.find(name);
  if (own != nullptr && own->url && !is_placeholder_url(*own->url))
    return {.of = EngineUrl::Of::engine, .url = *own->url};
  EngineUrl fault = fault_of_section(alembic, name, hint);
  const bool is_of_section = fault.of == EngineUrl::Of::nobody;
  const bool lacks_url = own != nullptr && (own->url || env.lacks_option);
  if (!env.is_known || (lacks_url && is_of_section)) return fault;
  const Place place{
      (alembic.script_location / "env.py").string(), own == nullptr ? env.line : own->line, 0, {}};
  if (own == nullptr && !env.has_others)
    return nobody(fmt::format("env.py does not migrate the engine {}", shown_engine(name)),
                  {place.file, 0, 0, {}}, hint);
  return nobody("env.py computes the urls of the engines, which Limbeck does not do", place, hint);
}

// One that env.py does not go through would be a database of its own beside theirs.
void check_listed(const AlembicProject& project) {
  if (project.engines.empty()) return;  // nobody lists them but limbeck.toml
  std::vector<std::string_view> listed;
  for (const AlembicEngine& engine : project.engines) listed.push_back(engine.name);
  const EnvEngines env = read_env_engines(project);
  for (const auto& [name, url] : project.engine_urls) {
    if (env.find(name) != nullptr) continue;
    if (std::find(listed.begin(), listed.end(), name) != listed.end()) continue;
    const std::vector<std::string> near = closest_names(name, listed);
    const std::string add =
        fmt::format("add it to databases there, which are {}", fmt::join(listed, ", "));
    throw Error({.code = ExitCode::invalid_project,
                 .message = fmt::format(
                     "{} lists the databases, and {} is none of them",
                     (project.ini.empty() ? project.pyproject : project.ini).filename().string(),
                     shown_engine(name)),
                 .place = url.place,
                 .hint = near.empty() ? add : fmt::format("{} or {}", did_you_mean(near), add)});
  }
}

}  // namespace

void choose_configured_engine(AlembicProject& project) {
  check_listed(project);
  if (project.configured_engine) {
    ErrorReport doubt = doubt_about(project, *project.configured_engine);
    if (!doubt.message.empty()) {
      doubt.code = ExitCode::invalid_project;
      doubt.place = project.engine_place;
      throw Error(std::move(doubt));
    }
    project.engine = project.configured_engine;
    return;
  }
  const EnvEngines env = read_env_engines(project);
  if (env.engines.size() == 1 && !env.has_others) {
    project.engine = env.engines.front().name;
    return;
  }
  const bool only_one = listed_engines(project).size() == 1;
  const bool is_chosen = project.section != "alembic";  // which is taken where none is named
  for (const AlembicEngine& engine : project.engines)
    if (only_one || (is_chosen && engine.name == project.section)) project.engine = engine.name;
}

void choose_engine(Project& project, std::string_view option) {
  const std::string name = engine_named(option);
  ErrorReport doubt;
  if (project.alembic) {
    doubt = doubt_about(*project.alembic, name);
  } else {
    doubt.message = fmt::format("this project has no engine {}: it is none of Alembic's", option);
    doubt.hint = "leave out --engine";
  }
  if (!doubt.message.empty()) {
    doubt.code = ExitCode::usage;
    throw Error(std::move(doubt));
  }
  project.alembic->engine = name;
  take_engine_table(project);
}

void take_engine_table(Project& project) {
  const AlembicProject& alembic = *project.alembic;
  if (!alembic.engine || alembic.names_version_table) return;
  const EnvEngines env = read_env_engines(alembic);
  const EnvEngine* own = env.find(*alembic.engine);
  if (own == nullptr || !own->table) return;
  QualifiedName& table = project.database.version_table;
  if (own->table->name) table.object.name = *own->table->name;
  if (own->table->schema) table.schema.name = *own->table->schema;
}

std::vector<std::string> engines_without_choice(const Project& project) {
  if (!project.alembic || project.alembic->engine) return {};
  std::vector<std::string> engines = listed_engines(*project.alembic);
  // The main one of a Flask application has the project's url.
  const bool has_main = std::find(engines.begin(), engines.end(), "") != engines.end();
  if (engines.size() < 2 || (!project.url.empty() && !has_main)) return {};
  const EnvEngines env = read_env_engines(*project.alembic);
  for (const EnvEngine& engine : env.engines)
    if (!engine.is_always_migrated)
      throw Error(
          {.code = ExitCode::invalid_project,
           .message = fmt::format("env.py migrates the engine {} under a condition that "
                                  "Limbeck does not know",
                                  shown_engine(engine.name)),
           .place =
               Place{(project.alembic->script_location / "env.py").string(), engine.line, 0, {}},
           .state = "nothing was changed",
           .hint = how_to_name_engine(shown_engines(*project.alembic))});
  return engines;
}

void check_version_table(const AlembicProject& project) {
  EngineUrl said = of_own_table(project);
  if (said.of == EngineUrl::Of::nobody) throw Error(std::move(said.fault));
}

EngineUrl find_engine_url(const Project& project) {
  const AlembicProject& alembic = *project.alembic;
  if (EngineUrl said = of_own_table(alembic); said.of == EngineUrl::Of::nobody) return said;
  if (!alembic.engine) return without_engine(project);
  const std::string& name = *alembic.engine;
  if (const auto own = alembic.engine_urls.find(name); own != alembic.engine_urls.end())
    return unless_shared(
        project, {.of = EngineUrl::Of::engine, .url = own->second.url, .place = own->second.place});
  // The url beside it is that of the engine that limbeck.toml names, of the only one, or of the
  // main one.
  const bool only_one = listed_engines(alembic).size() == 1;
  const bool is_its_url = alembic.configured_engine.value_or("") == name || only_one;
  if (project.url.empty() ? name.empty() : is_its_url) return {};
  if (!project.url.empty() && !alembic.configured_engine)
    return nobody(
        fmt::format("url does not say of which engine it is, and the engine {} is meant", name),
        project.url_place,
        fmt::format("write it into the table [alembic.engines]: {} = \"...\"; or set engine in the "
                    "table [alembic]",
                    toml_key(name)));
  return unless_shared(project, of_env(alembic, name));
}

}  // namespace limbeck
