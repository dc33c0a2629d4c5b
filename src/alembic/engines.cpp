#include "alembic/engines.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "alembic/env_script.h"

namespace limbeck {
namespace {

constexpr std::string_view without_name = "<default>";

bool is_among(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::string shown_engine(std::string_view name) {
  return std::string(name.empty() ? without_name : name);
}

std::string engine_named(std::string_view text) {
  return std::string(text == without_name ? "" : text);
}

std::vector<std::string> listed_engines(const AlembicProject& project) {
  const EnvEngines env = read_env_engines(project);
  const bool are_listed = !project.engines.empty() || !project.engine_urls.empty();
  if (env.has_others && !are_listed) return {};
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (!is_among(names, name)) names.push_back(name);
  };
  for (const EnvEngine& engine : env.engines) add(engine.name);
  if (!env.is_known || env.has_others)
    for (const AlembicEngine& engine : project.engines) add(engine.name);
  for (const auto& [name, url] : project.engine_urls) add(name);
  return names;
}

std::vector<std::string> shown_engines(const AlembicProject& project) {
  std::vector<std::string> names = listed_engines(project);
  for (std::string& name : names) name = shown_engine(name);
  return names;
}

std::string how_to_name_engine(const std::vector<std::string>& shown) {
  std::string text = "name it with --engine, or as engine in the table [alembic] of limbeck.toml";
  if (!shown.empty()) text += fmt::format("; its engines are {}", fmt::join(shown, ", "));
  return text;
}

}  // namespace limbeck
