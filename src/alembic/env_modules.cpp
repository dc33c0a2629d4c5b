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

bool begins_import(std::string_view text) {
  return text.starts_with("import ") || text.starts_with("from ") || text.starts_with("from\t");
}

std::size_t end_of_line(std::string_view text, std::size_t at) {
  return std::min(text.find('\n', at), text.size());
}

// Where an import that begins here ends, over the lines that its bracket or a "\" takes in; in a
// text that only looks like one, at the next import.
std::size_t end_of_import(std::string_view text) {
  std::size_t end = end_of_line(text, 0);
  while (end < text.size()) {
    const std::string_view import = text.substr(0, end);
    const bool is_open =
        import.find('(') != std::string_view::npos && import.find(')') == std::string_view::npos;
    const std::size_t next = text.find_first_not_of(" \t\r\n", end);
    const bool goes_on = is_open || import.ends_with('\\') || import.ends_with("\\\r");
    if (!goes_on || next == std::string_view::npos || begins_import(text.substr(next))) break;
    end = end_of_line(text, next);
  }
  return end;
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

// The lines alone that look like imports are taken apart: a thousand modules are read where the
// application is large.
void ModuleSearch::add_imports(std::string_view text, const fs::path& file) {
  while (!text.empty()) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n\f"), text.size()));
    const std::size_t end = begins_import(text) ? end_of_import(text) : end_of_line(text, 0);
    if (begins_import(text)) {
      PythonLines lines(text.substr(0, end));
      while (lines.next()) add_import(lines.tokens(), file);
    }
    text.remove_prefix(end);
  }
}

void ModuleSearch::add_folder(const fs::path& folder) {
  const auto files = python_files_below(folder);
  if (!files) return;
  for (const fs::path& file : *files) {
    const bool is_revision =
        std::find(revisions_.begin(), revisions_.end(), file.parent_path()) != revisions_.end();
    if (!is_revision && !is_test(file, folder)) add_file(file.string());
  }
}

std::optional<fs::path> ModuleSearch::next() {
  if (waiting_.empty()) return std::nullopt;
  fs::path file = std::move(waiting_.front());
  waiting_.pop_front();
  return file;
}

void ModuleSearch::add_file(const std::string& file) {
  if (seen_.size() >= max_modules || !asked_.insert(file).second) return;
  if (is_file(file) && seen_.insert(fs::path(file).lexically_normal().string()).second)
    waiting_.emplace_back(file);
}

// Those of the roots that have anything of that name; most names are of no module of the project's.
const std::vector<std::string>& ModuleSearch::roots_with(const std::string& first) {
  const auto [known, is_new] = roots_with_.try_emplace(first);
  if (!is_new) return known->second;
  std::error_code ignored;
  for (const fs::path& root : roots_)
    if (is_file(root / (first + ".py")) || fs::is_directory(root / first, ignored))
      known->second.push_back(root.string());
  return known->second;
}

void ModuleSearch::add_module(const std::string& path) {
  add_file(path + ".py");
  add_file(path + "/__init__.py");
}

// "import a.b", "from a.b import c", "from .b import c"; c may be a module, too.
void ModuleSearch::add_import(PythonTokens line, const fs::path& importer) {
  const bool from = line.front().text == "from";
  if (!from && line.front().text != "import") return;
  std::size_t at = 1;
  std::vector<std::string> names;
  std::size_t dots = 0;
  for (; at < line.size() && (line[at].is(".") || line[at].kind == PythonToken::Kind::name); ++at) {
    if (line[at].text == "import" || line[at].text == "as") break;
    if (!line[at].is(".")) {
      names.emplace_back(line[at].text);
    } else if (names.empty()) {
      ++dots;
    }
  }
  std::vector<std::string> bases;
  if (dots > 0) {
    fs::path folder = importer.parent_path();
    for (std::size_t i = 1; i < dots; ++i) folder = folder.parent_path();
    bases.push_back(folder.string());
  } else if (!names.empty()) {
    bases = roots_with(names.front());
  }
  for (std::string& package : bases) {
    for (const std::string& name : names) {
      package += '/' + name;
      if (&name == &names.back()) add_file(package + ".py");
      add_file(package + "/__init__.py");
    }
    for (std::size_t i = at + 1; from && i < line.size(); ++i)
      if (line[i].kind == PythonToken::Kind::name)
        add_module(package + '/' + std::string(line[i].text));
  }
}

}  // namespace limbeck::alembic
