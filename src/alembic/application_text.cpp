#include "alembic/application_text.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <string_view>
#include <system_error>
#include <vector>

#include "alembic/env_file.h"
#include "base/file.h"

namespace limbeck::alembic {
namespace {

namespace fs = std::filesystem;
using Says = std::function<bool(std::string_view)>;

constexpr int most_files = 3000;
constexpr int most_entries = 30'000;

bool is_of_others(const std::string& folder) {
  constexpr std::array<std::string_view, 5> names{"node_modules", "site-packages", "venv", "env",
                                                  "__pycache__"};
  return folder.starts_with(".") || std::find(names.begin(), names.end(), folder) != names.end();
}

// True when any Python file below does, and when they are too many to say. without: one of them.
bool any_says(const fs::path& place, const fs::path& without, const Says& says) {
  const auto file_says = [&](const fs::path& file) {
    return file != without && says(read_file(file, max_module_size));
  };
  if (is_file(place)) return file_says(place);
  std::error_code error;
  int files = 0;
  int entries = 0;
  fs::recursive_directory_iterator at(place, fs::directory_options::skip_permission_denied, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (++entries > most_entries) return true;
    const fs::path& path = at->path();
    if (at->is_directory(error)) {
      if (is_of_others(path.filename().string())) at.disable_recursion_pending();
    } else if (path.extension() == ".py" && is_file(path)) {
      if (++files > most_files || file_says(path)) return true;
    }
  }
  return static_cast<bool>(error);
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
  return text.find("metadata.schema =") != std::string_view::npos;
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
    return any_says(it, env_file(project), says);
  });
}

}  // namespace limbeck::alembic
