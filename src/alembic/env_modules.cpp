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
constexpr std::size_t most_files = 3000;
constexpr int most_entries = 30'000;

bool is_of_others(const fs::path& folder) {
  constexpr std::array<std::string_view, 3> names{"node_modules", "site-packages", "__pycache__"};
  const std::string name = folder.filename().string();
  return name.starts_with('.') || std::find(names.begin(), names.end(), name) != names.end() ||
         is_file(folder / "pyvenv.cfg");
}

// Whether it lies below the folder, in one of tests.
bool is_test(const fs::path& file, const fs::path& folder) {
  const fs::path inside = file.lexically_relative(folder).parent_path();
  return std::any_of(inside.begin(), inside.end(),
                     [](const fs::path& name) { return name == "tests" || name == "test"; });
}

}  // namespace

std::optional<std::vector<fs::path>> python_files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  int entries = 0;
  std::error_code error;
  std::error_code ignored;  // of a link to nothing
  fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (++entries > most_entries || files.size() > most_files) return std::nullopt;
    const fs::path& path = at->path();
    if (at->is_directory(ignored)) {
      if (is_of_others(path)) at.disable_recursion_pending();
    } else if (path.extension() == ".py" && at->is_regular_file(ignored)) {
      files.push_back(path);
    }
  }
  if (error) return std::nullopt;
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<fs::path> module_roots(const AlembicProject& project) {
  std::vector<fs::path> roots = project.python_paths;
  const auto& fallbacks = project.fallback_python_paths;
  roots.insert(roots.end(), fallbacks.begin(), fallbacks.end());
  roots.push_back(project.folder);
  roots.push_back(project.folder / "src");
  // Where env.py that changes sys.path most often looks.
  roots.push_back(project.script_location.parent_path());
  roots.push_back(project.script_location.parent_path().parent_path());
  return roots;
}

std::optional<fs::path> find_module(const AlembicProject& project, std::string_view module) {
  std::string inside(module);
  std::replace(inside.begin(), inside.end(), '.', '/');
  for (const fs::path& root : module_roots(project)) {
    if (is_file(root / (inside + ".py"))) return root / (inside + ".py");
    if (is_file(root / inside / "__init__.py")) return root / inside / "__init__.py";
  }
  return std::nullopt;
}

ModuleSearch::ModuleSearch(const AlembicProject& project)
    : roots_(module_roots(project)), revisions_(project.version_locations) {}

void ModuleSearch::add_imports(const std::string& text, const fs::path& file) {
  PythonLines lines(text);
  while (lines.next()) add_import(lines.tokens(), file);
}

void ModuleSearch::add_folder(const fs::path& folder) {
  const auto files = python_files_below(folder);
  if (!files) return;
  for (const fs::path& file : *files) {
    const bool is_revision =
        std::find(revisions_.begin(), revisions_.end(), file.parent_path()) != revisions_.end();
    if (!is_revision && !is_test(file, folder)) add_file(file);
  }
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
