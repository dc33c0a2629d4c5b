#include "project/env_settings.h"

#include <cstdlib>
#include <fmt/format.h>
#include <string_view>
#include <utility>
#include <vector>

#include "limbeck/error.h"

#include "alembic/env_session.h"
#include "base/letter_case.h"

namespace limbeck {
namespace {

constexpr std::string_view translation = "schema_translate_map";

// Whether the user has said it: in the options of the url, or beside it.
bool is_said(const DatabaseUrl& url, const std::string& setting) {
  const char* environment = std::getenv("PGOPTIONS");
  const std::string text = lower_case(url.target() + " " + (environment ? environment : ""));
  for (const std::string_view before : {"-c", "-c ", "-c%20", "-c+"})
    for (const std::string_view behind : {"=", "%3d"})
      if (text.find(fmt::format("{}{}{}", before, setting, behind)) != std::string::npos)
        return true;
  return false;
}

[[noreturn]] void refuse(const AlembicProject& project, const EnvSession::Unknown& unknown) {
  const bool is_role = unknown.name == "role";
  throw Error(
      {.code = ExitCode::invalid_project,
       .message =
           unknown.name == translation
               ? "env.py moves tables to other schemas (schema_translate_map), which Limbeck "
                 "does not do"
               : fmt::format("env.py sets {}, and to what is only known when it runs",
                             unknown.name),
       .place = Place{(project.script_location / "env.py").string(), unknown.line, 0, {}},
       .state = "nothing was changed",
       .hint = is_role ? "name the role in the url, with --url or as url in a limbeck.toml: "
                         "...?options=-crole%3Downer"
                       : "name the schema in the url, with --url or as url in a limbeck.toml: "
                         "...?options=-csearch_path%3Dapp"});
}

}  // namespace

DatabaseUrl with_env_settings(const DatabaseUrl& url, const AlembicProject& project) {
  if (url.dialect() != "postgresql") return url;
  EnvSession session = read_env_session(project);
  for (const EnvSession::Unknown& unknown : session.unknown)
    if (!is_said(url, unknown.name == translation ? "search_path" : unknown.name))
      refuse(project, unknown);
  std::vector<StartupSetting> settings;
  for (EnvSession::Setting& setting : session.settings)
    settings.push_back({std::move(setting.name), std::move(setting.value)});
  return url.with_session(std::move(settings));
}

}  // namespace limbeck
