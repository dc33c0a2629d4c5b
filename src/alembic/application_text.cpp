#include "alembic/application_text.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

#include "alembic/env_file.h"
#include "alembic/env_modules.h"
#include "base/file.h"

namespace limbeck::alembic {
namespace {

namespace fs = std::filesystem;
using Says = std::function<bool(std::string_view)>;

// Whether env.py takes nothing from it: itself, and the revisions.
bool is_no_module(const AlembicProject& project, const fs::path& file) {
  const auto holds = [&](const fs::path& folder) {
    return std::mismatch(folder.begin(), folder.end(), file.begin(), file.end()).first ==
           folder.end();
  };
  return file == env_file(project) ||
         std::any_of(project.version_locations.begin(), project.version_locations.end(), holds);
}

// True when any Python file below does, and when they are too many to say.
bool any_says(const AlembicProject& project, const fs::path& place, const Says& says) {
  const auto files =
      is_file(place) ? std::optional(std::vector<fs::path>{place}) : python_files_below(place);
  return !files || std::any_of(files->begin(), files->end(), [&](const fs::path& file) {
    return !is_no_module(project, file) && says(read_file(file, max_module_size));
  });
}

// MetaData(..., schema=...), and metadata.schema = ...
bool gives_metadata_schema(std::string_view text) {
  for (std::size_t at = text.find("MetaData("); at != std::string_view::npos;
       at = text.find("MetaData(", at + 1)) {
    int depth = 0;
    std::size_t end = text.find('(', at);
    for (; end < text.size(); ++end) {
      depth += (text[end] == '(') - (text[end] == ')');
      if (depth == 0) break;
    }
    const std::string_view call = text.substr(at, end - at);
    if (call.find("schema") != std::string_view::npos || call.find('*') != std::string_view::npos)
      return true;
  }
  for (std::size_t at = text.find(".schema"); at != std::string_view::npos;
       at = text.find(".schema", at + 1)) {
    const std::size_t sign = text.find_first_not_of(" \t", at + 7);
    const bool is_sign = sign != std::string_view::npos && text[sign] == '=';
    if (is_sign && text.substr(sign, 2) != "==") return true;
  }
  return text.find("MetaData as ") != std::string_view::npos;
}

std::vector<fs::path> roots_of(const AlembicProject& project) {
  std::vector<fs::path> roots = project.python_paths;
  roots.insert(roots.end(), project.fallback_python_paths.begin(),
               project.fallback_python_paths.end());
  return roots;
}

// Where the modules stand that may give it; none when they are not the project's.
std::vector<fs::path> places_of(const AlembicProject& project, std::string_view module) {
  const std::string first(module.substr(0, module.find('.')));
  std::error_code ignored;
  for (const fs::path& root : roots_of(project)) {
    // What it imports may stand anywhere beside it.
    if (is_file(root / (first + ".py")) || fs::is_directory(root / first, ignored)) return {root};
  }
  // The application is where migrations/ is, or below.
  if (first == "flask") return {project.script_location.parent_path()};
  return {};
}

}  // namespace

bool says_nothing_of_version_table(const AlembicProject& project, const std::string& origin) {
  const bool is_of_any = origin.starts_with("**");
  const bool is_schema = origin.ends_with(".metadata.schema") || origin.ends_with("Base.schema");
  if (!is_of_any && !is_schema) return false;
  const std::vector<fs::path> places = places_of(project, origin.substr(is_of_any ? 2 : 0));
  const Says says = is_of_any ? Says([](std::string_view text) {
    return text.find("version_table") != std::string_view::npos;
  })
                              : Says(gives_metadata_schema);
  return !places.empty() && std::none_of(places.begin(), places.end(), [&](const fs::path& it) {
    return any_says(project, it, says);
  });
}

}  // namespace limbeck::alembic
