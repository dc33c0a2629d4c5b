#include <algorithm>
#include <string>

#include "alembic/env_file.h"
#include "alembic/env_run.h"
#include "alembic/env_script.h"
#include "alembic/env_text.h"

namespace limbeck {
namespace {

using alembic::EnvText;
using alembic::PythonToken;
using alembic::text_of;

constexpr std::string_view section_url = "sqlalchemy.url";

}  // namespace

EnvUrl read_env_url(const AlembicProject& project) {
  EnvUrl result;
  const alembic::EnvRun* run = alembic::env_run_of(project);
  if (run == nullptr || !run->is_followed()) return result;
  const auto configured = project.options.find(std::string(section_url));
  const auto is_configured = [&](const std::string& text) {
    return configured != project.options.end() && configured->second == text;
  };
  const auto main =
      std::find_if(run->engines.begin(), run->engines.end(),
                   [&](const alembic::EnvRunEngine& it) { return it.name == project.engine; });
  const alembic::EnvAnswer& url = main == run->engines.end() ? run->url : main->url;
  result.variables = url.variables;
  if (url.is_known) {
    if (is_configured(url.text)) return result;
    result.of = EnvUrl::Of::env;
    result.text = url.text;
    result.line = url.line;
    return result;
  }
  const bool only_configured =
      std::all_of(url.candidates.begin(), url.candidates.end(), is_configured);
  // What was given the configuration is taken to use it.
  if (only_configured && run->may_be_configured) return result;
  const bool lacks_option = run->lacks_option && run->unset.empty();
  if (only_configured && lacks_option && project.url.empty()) return result;  // as a rule, that one
  result.lacks_option = lacks_option;
  result.of = EnvUrl::Of::nobody;
  result.line = url.line;
  result.unset = run->unset;
  result.dotenv = run->dotenv;
  result.candidates = url.candidates;
  result.changed = url.changed;
  return result;
}

int env_line_of_x_argument(const AlembicProject& project, std::string_view name) {
  const auto read = alembic::read_env_file(project);
  if (!read) return 0;
  const EnvText text(*read, project.options);
  bool asks = false;
  int line_of_name = 0;
  for (const EnvText::Line& line : text.lines()) {
    for (const PythonToken& token : line.tokens) {
      asks = asks || token.text == "get_x_argument" || token.text == "cmd_opts";
      if (line_of_name == 0 && text_of(token) == name) line_of_name = text.line_number(token);
    }
  }
  const alembic::EnvRun* run = alembic::env_run_of(project);
  if (asks && line_of_name == 0 && run != nullptr) return run->line_of_x_arguments;
  return asks ? line_of_name : 0;
}

}  // namespace limbeck
