#include "alembic/env_modules.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <utility>

#include "alembic/python_module.h"
#include "base/file.h"

namespace limbeck::alembic {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_modules = 1000;

bool is_of_others(const fs::path& folder) {
  constexpr std::array<std::string_view, 5> names{"tests", "test", "node_modules", "site-packages",
                                                  "__pycache__"};
  const std::string name = folder.filename().string();
  return name.starts_with('.') || std::find(names.begin(), names.end(), name) != names.end() ||
         is_file(folder / "pyvenv.cfg");
}

}  // namespace

ModuleSearch::ModuleSearch(const AlembicProject& project)
    : roots_(project.python_paths), revisions_(project.version_locations) {
  const auto& fallbacks = project.fallback_python_paths;
  roots_.insert(roots_.end(), fallbacks.begin(), fallbacks.end());
  roots_.push_back(project.folder);
  roots_.push_back(project.folder / "src");
  // Where env.py that changes sys.path most often looks.
  roots_.push_back(project.script_location.parent_path());
  roots_.push_back(project.script_location.parent_path().parent_path());
}

void ModuleSearch::add_imports(const std::string& text, const fs::path& file) {
  PythonLines lines(text);
  while (lines.next()) add_import(lines.tokens(), file);
}

void ModuleSearch::add_folder(const fs::path& folder) {
  std::error_code none;
  fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied, none);
  std::vector<fs::path> files;
  for (; it != fs::recursive_directory_iterator(); it.increment(none)) {
    const fs::path& path = it->path();
    const bool is_revisions =
        std::find(revisions_.begin(), revisions_.end(), path) != revisions_.end();
    if (it->is_directory(none) && (is_of_others(path) || is_revisions))
      it.disable_recursion_pending();
    else if (path.extension() == ".py")
      files.push_back(path);
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) add_file(file);
}

std::optional<fs::path> ModuleSearch::next() {
  if (waiting_.empty()) return std::nullopt;
  fs::path file = std::move(waiting_.front());
  waiting_.pop_front();
  return file;
}

void ModuleSearch::add_file(const fs::path& file) {
  if (seen_.size() < max_modules && is_file(file) && seen_.insert(file.lexically_normal()).second)
    waiting_.push_back(file);
}

void ModuleSearch::add_module(const fs::path& path) {
  add_file(path.string() + ".py");
  add_file(path / "__init__.py");
}

// "import a.b", "from a.b import c", "from .b import c"; c may be a module, too.
void ModuleSearch::add_import(PythonTokens line, const fs::path& importer) {
  const bool from = line.front().text == "from";
  if (!from && line.front().text != "import") return;
  std::size_t at = 1;
  fs::path relative;
  std::size_t dots = 0;
  for (; at < line.size() && (line[at].is(".") || line[at].kind == PythonToken::Kind::name); ++at) {
    if (line[at].text == "import" || line[at].text == "as") break;
    if (line[at].is(".")) {
      if (relative.empty()) ++dots;
    } else {
      relative /= std::string(line[at].text);
    }
  }
  std::vector<fs::path> bases = roots_;
  if (dots > 0) {
    bases = {importer.parent_path()};
    for (std::size_t i = 1; i < dots; ++i) bases[0] = bases[0].parent_path();
  }
  for (const fs::path& base : bases) {
    fs::path package = base;
    for (const fs::path& name : relative.parent_path()) add_file((package /= name) / "__init__.py");
    if (!relative.empty()) add_module(base / relative);
    for (std::size_t i = at + 1; from && i < line.size(); ++i) {
      if (line[i].kind == PythonToken::Kind::name) {
        add_module(base / relative / std::string(line[i].text));
      }
    }
  }
}

}  // namespace limbeck::alembic
