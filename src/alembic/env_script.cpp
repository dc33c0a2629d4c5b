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
#include "alembic/python_module.h"
#include "base/file.h"

namespace limbeck {
namespace {

namespace fs = std::filesystem;
using alembic::argument_at;
using alembic::EnvText;
using alembic::max_module_size;
using alembic::PythonToken;
using Tokens = alembic::PythonTokens;

// context.run_migrations(engine_name=name)
void find_run_arguments(Tokens line, EnvEngines& result) {
  for (std::size_t at = 0; at + 1 < line.size(); ++at) {
    if (line[at].text != "run_migrations" || !line[at + 1].is("(")) continue;
    if (at > 0 && line[at - 1].text == "def") continue;  // the project's own function
    const bool is_of_alembic = at > 0 && line[at - 1].is(".");
    if (is_of_alembic && at + 2 < line.size() && line[at + 2].is(")")) result.gives_nothing = true;
    for (std::size_t from = at + 2; from < line.size();) {
      const Tokens argument = argument_at(line, from);
      if (argument.empty()) break;
      from += argument.size() + 1;
      const bool named = argument.size() > 2 && argument[1].is("=");
      if (!named && !argument[0].is("*")) continue;  // Alembic's takes no other
      const std::string name(named ? argument[0].text : std::string_view("**"));
      auto& known = result.arguments;
      if (std::find(known.begin(), known.end(), name) == known.end()) known.push_back(name);
    }
  }
}

// What is known because env.py was followed comes before what its words look like.
void take_table(const alembic::EnvAnswer& answer, const std::string& name, EnvScript& script,
                std::optional<std::string>& value) {
  std::erase_if(script.unread, [&](const UnreadSetting& it) { return it.name == name; });
  value.reset();
  if (answer.is_known) {
    if (!answer.text.empty()) value = answer.text;
    return;
  }
  script.unread.push_back({name, script.file, answer.line,
                           answer.candidates.size() > 1
                               ? "it has several values; write one into the table [alembic]"
                           : answer.candidates.empty()
                               ? "its value is computed; write it into the table [alembic]"
                               : "it is set under a condition; write it into the table [alembic]"});
}

EnvScript settings_in(const AlembicProject& project, const std::string& env, const EnvText& text) {
  EnvScript script;
  script.file = alembic::env_file(project);
  alembic::read_settings(script, script.file, text);
  const alembic::EnvRun run = alembic::env_run_of(project, env);
  if (run.is_followed) {
    take_table(run.version_table, "version_table", script, script.version_table);
    take_table(run.version_table_schema, "version_table_schema", script,
               script.version_table_schema);
  }
  return script;
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
  const EnvEngines engines = read_env_engines(project);
  if (!project.engines.empty() || !engines.arguments.empty()) {
    if (engines.replaced_in > 0)
      script.unread.push_back({"sqlalchemy.url", script.file, engines.replaced_in,
                               "it computes the urls of several databases; write them into the "
                               "table [alembic.engines]"});
    return;
  }
  const EnvUrl& url = script.url;
  if (url.replaced_in == 0 || !url.literal.empty()) return;
  const std::string variable = url.variables.empty() ? "DATABASE_URL" : url.variables.front();
  script.unread.push_back({url.is_of_engine ? "engine" : "sqlalchemy.url", script.file,
                           url.replaced_in,
                           fmt::format("{} is computed; set {}, or write url into limbeck.toml",
                                       url.is_of_engine ? "its url" : "it", variable)});
  if (url.is_of_dotenv)
    script.unread.back().why =
        fmt::format("it is in a file .env; set {}, or write url into limbeck.toml", variable);
}

}  // namespace

fs::path alembic::env_file(const AlembicProject& project) {
  return project.script_location / "env.py";
}

std::optional<std::string> alembic::read_env_file(const AlembicProject& project) {
  const fs::path file = env_file(project);
  return is_file(file) ? std::optional(read_file(file, max_module_size)) : std::nullopt;
}

std::optional<EnvScript> read_env_settings(const AlembicProject& project) {
  const auto text = alembic::read_env_file(project);
  if (!text) return std::nullopt;
  return settings_in(project, *text, EnvText(*text, project.options));
}

std::optional<EnvScript> read_env_script(const AlembicProject& project) {
  const auto read = alembic::read_env_file(project);
  if (!read) return std::nullopt;
  const EnvText text(*read, project.options);
  EnvScript script = settings_in(project, *read, text);
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

std::string EnvEngines::engine_argument() const {
  constexpr std::string_view usual = "engine_name";
  if (std::find(arguments.begin(), arguments.end(), usual) != arguments.end())
    return std::string(usual);
  return arguments.size() == 1 && arguments.front() != "**" ? arguments.front() : std::string();
}

EnvEngines read_env_engines(const AlembicProject& project) {
  EnvEngines result;
  const auto read = alembic::read_env_file(project);
  if (!read) return result;
  result.of_flask = read->find("SQLALCHEMY_BINDS") != std::string::npos ||
                    read->find("bind_names") != std::string::npos;
  const EnvText text(*read, project.options);
  for (const EnvText::Line& line : text.lines()) find_run_arguments(line.tokens, result);
  result.gives_always = !result.gives_nothing && !result.arguments.empty();
  if (!result.arguments.empty()) result.gives_nothing = false;
  result.replaced_in = alembic::line_of_replaced_section_url(text);
  const EnvScript script = settings_in(project, *read, text);
  for (const UnreadSetting& unread : script.unread)
    if (unread.name.starts_with("version_table") && unread.name != "version_table_pk")
      result.table_in = unread.line;
  return result;
}

}  // namespace limbeck
