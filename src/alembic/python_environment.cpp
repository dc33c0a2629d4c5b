#include "alembic/python_environment.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <string>
#include <system_error>

namespace limbeck::alembic {
namespace {

namespace fs = std::filesystem;

constexpr std::array virtual_environments{".venv", "venv", "env", ".env"};

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

std::optional<fs::path> interpreter_in(const fs::path& environment) {
  for (const char* name : {"python", "python3"}) {
    const fs::path interpreter = environment / "bin" / name;
    if (is_there(interpreter)) return interpreter;
  }
  return std::nullopt;
}

// The folders that the .pth files in a folder of packages add to it.
void add_path_files(const fs::path& packages, std::vector<fs::path>& result) {
  std::error_code error;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(packages, error)) {
    if (entry.path().extension() == ".pth") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);) {
      if (line.empty() || line.starts_with('#') || line.starts_with("import")) continue;
      const fs::path folder = packages / line;
      if (is_there(folder)) result.push_back(folder.lexically_normal());
    }
  }
}

}  // namespace

fs::path find_interpreter(const fs::path& folder) {
  for (const char* variable : {"VIRTUAL_ENV", "CONDA_PREFIX"}) {
    const char* active = std::getenv(variable);
    if (active == nullptr || *active == '\0') continue;
    if (auto interpreter = interpreter_in(active)) return *interpreter;
  }
  for (fs::path at = folder;; at = at.parent_path()) {
    for (const char* name : virtual_environments) {
      if (!is_there(at / name / "pyvenv.cfg")) continue;
      if (auto interpreter = interpreter_in(at / name)) return *interpreter;
    }
    // A virtual environment outside of the repository is not the project's own.
    if (is_there(at / ".git") || !at.has_relative_path()) break;
  }
  return "python3";
}

std::string interpreter_identity(const std::string& python) {
  fs::path found = python;
  const char* variable = std::getenv("PATH");
  std::string_view folders = variable == nullptr ? "" : variable;
  while (python.find('/') == std::string::npos && !folders.empty()) {
    const std::string_view folder = folders.substr(0, folders.find(':'));
    folders.remove_prefix(std::min(folder.size() + 1, folders.size()));
    if (!is_there(fs::path(folder) / python)) continue;
    found = fs::path(folder) / python;
    break;
  }
  std::error_code error;
  const fs::path program = fs::canonical(found, error);
  const auto written = fs::last_write_time(program, error).time_since_epoch().count();
  return found.string() + "\n" + program.string() + "\n" + std::to_string(written);
}

std::vector<fs::path> site_packages(const fs::path& interpreter) {
  std::vector<fs::path> result;
  if (!interpreter.has_parent_path()) return result;
  const fs::path library = interpreter.parent_path().parent_path() / "lib";
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(library, error)) {
    if (!entry.path().filename().string().starts_with("python")) continue;
    const fs::path packages = entry.path() / "site-packages";
    if (!is_there(packages)) continue;
    result.push_back(packages);
    add_path_files(packages, result);
  }
  return result;
}

std::optional<fs::path> find_resource(std::string_view resource,
                                      const std::vector<fs::path>& folders) {
  const std::size_t colon = resource.find(':');
  fs::path relative;
  std::string package(resource.substr(0, colon));
  std::replace(package.begin(), package.end(), '.', '/');
  relative = package;
  std::string inside(resource.substr(colon + 1));
  std::replace(inside.begin(), inside.end(), ':', '/');
  for (const fs::path& folder : folders) {
    if (is_there(folder / relative)) return (folder / relative / inside).lexically_normal();
  }
  return std::nullopt;
}

}  // namespace limbeck::alembic
