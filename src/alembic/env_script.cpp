#include "alembic/env_script.h"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <system_error>
#include <utility>

#include "alembic/env_file.h"
#include "alembic/env_naming.h"
#include "alembic/env_run.h"
#include "alembic/env_session.h"
#include "alembic/env_settings.h"
#include "alembic/env_text.h"
#include "base/file.h"

namespace limbeck {
namespace {

namespace fs = std::filesystem;
using alembic::EnvText;
using alembic::max_module_size;

// Nothing when it is not known, or none.
std::optional<std::string> known(const alembic::EnvAnswer& answer) {
  return answer.is_known && !answer.text.empty() ? std::optional(answer.text) : std::nullopt;
}

void take_table(const alembic::EnvAnswer& answer, const std::string& name, EnvScript& script,
                std::optional<std::string>& value) {
  value = known(answer);
  if (answer.is_known) return;
  script.unread.push_back({name, script.file, answer.line,
                           answer.candidates.size() > 1
                               ? "it has several values; write one into the table [alembic]"
                           : answer.candidates.empty()
                               ? "its value is computed; write it into the table [alembic]"
                               : "it is set under a condition; write it into the table [alembic]"});
}

void add_run(const AlembicProject& project, EnvScript& script) {
  const alembic::EnvRun* run = alembic::env_run_of(project);
  if (run == nullptr) return;
  take_table(run->version_table, "version_table", script, script.version_table);
  take_table(run->version_table_schema, "version_table_schema", script,
             script.version_table_schema);
  if (const auto fault = find_env_fault(project))
    script.unread.push_back({"env.py", script.file, fault->place.line,
                             fmt::format("{}; {}", fault->message, fault->hint)});
}

void add_naming(const AlembicProject& project, EnvScript& script) {
  EnvNaming naming = read_env_naming(project);
  if (!naming.unknown.empty()) {
    script.unread.push_back(
        {"naming_convention", naming.file, naming.line,
         fmt::format("{}; write it into [alembic.naming_convention]", naming.unknown)});
    return;
  }
  script.naming_convention = std::move(naming.names);
  script.naming_convention_file = std::move(naming.file);
}

void add_url(const AlembicProject& project, EnvScript& script) {
  script.url = read_env_url(project);
  const EnvEngines env = read_env_engines(project);
  if (!env.engines.empty() || env.has_others) {
    int line = env.has_others ? env.line : 0;
    for (const EnvEngine& engine : env.engines)
      if (!engine.url && line == 0 && !env.lacks_option) line = engine.line;
    if (line > 0)
      script.unread.push_back({"sqlalchemy.url", script.file, line,
                               "it computes the urls of several databases; write them into the "
                               "table [alembic.engines]"});
    return;
  }
  const EnvUrl& url = script.url;
  if (url.of != EnvUrl::Of::nobody) return;
  const std::string variable = url.variables.empty() ? "DATABASE_URL" : url.variables.front();
  script.unread.push_back(
      {"sqlalchemy.url", script.file, url.line,
       fmt::format("{}; set {}, or write url into limbeck.toml",
                   url.dotenv.empty() ? "it is computed" : "it is in a file .env",
                   url.dotenv.empty() ? variable : url.dotenv)});
}

}  // namespace

fs::path alembic::env_file(const AlembicProject& project) {
  return project.script_location / "env.py";
}

std::optional<std::string> alembic::read_env_file(const AlembicProject& project) {
  const fs::path file = env_file(project);
  return is_file(file) ? std::optional(read_file(file, max_module_size)) : std::nullopt;
}

std::optional<EnvScript> read_env_script(const AlembicProject& project) {
  const auto read = alembic::read_env_file(project);
  if (!read) return std::nullopt;
  const EnvText text(*read, project.options);
  EnvScript script;
  script.file = alembic::env_file(project);
  alembic::read_settings(script, script.file, text);
  add_run(project, script);
  add_naming(project, script);
  for (const auto& [name, at] : read_env_session(project).unknown)
    script.unread.push_back({name, script.file, at,
                             fmt::format("it is computed; set it in the url: ?options=-c{}%3Dname",
                                         name == "role" ? "role" : "search_path")});
  add_url(project, script);
  std::stable_sort(script.unread.begin(), script.unread.end(),
                   [](const UnreadSetting& a, const UnreadSetting& b) { return a.line < b.line; });
  return script;
}

EnvTable read_env_table(const AlembicProject& project) {
  const alembic::EnvRun* run = alembic::env_run_of(project);
  if (run == nullptr) return {};
  return {known(run->version_table), known(run->version_table_schema)};
}

std::string EnvEngines::engine_argument() const {
  constexpr std::string_view usual = "engine_name";
  if (std::find(arguments.begin(), arguments.end(), usual) != arguments.end())
    return std::string(usual);
  return arguments.size() == 1 && arguments.front() != "**" ? arguments.front() : std::string();
}

const EnvEngine* EnvEngines::find(std::string_view name) const {
  const auto found = std::find_if(engines.begin(), engines.end(),
                                  [&](const EnvEngine& it) { return it.name == name; });
  return found == engines.end() ? nullptr : &*found;
}

EnvEngines read_env_engines(const AlembicProject& project) {
  EnvEngines result;
  const alembic::EnvRun* run = alembic::env_run_of(project);
  if (run == nullptr || !run->is_followed()) return result;
  result.is_known = true;
  for (const alembic::EnvRunEngine& it : run->engines) {
    EnvEngine& engine = result.engines.emplace_back();
    engine.name = it.name;
    engine.line = it.url.line;
    if (it.url.is_known) engine.url = it.url.text;
    engine.table_line =
        it.version_table.is_known ? it.version_table_schema.line : it.version_table.line;
    if (it.version_table.is_known && it.version_table_schema.is_known)
      engine.table = EnvTable{known(it.version_table), known(it.version_table_schema)};
    engine.is_always_migrated = it.is_always_migrated;
  }
  result.has_others = run->has_other_engines;
  result.line = run->url.line;
  result.lacks_option = run->lacks_option;
  for (const alembic::EnvAnswer* answer : {&run->version_table, &run->version_table_schema})
    if (!answer->is_known) result.table_in = answer->line;
  result.arguments = run->arguments;
  result.gives_nothing = run->gives_nothing && run->arguments.empty();
  result.gives_always = !run->gives_nothing && !run->arguments.empty();
  return result;
}

}  // namespace limbeck
