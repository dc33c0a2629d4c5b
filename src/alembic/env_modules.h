// The project's modules that env.py imports, and those that they import. Internal to src/alembic.
//
// Found by their names, as Python would find them; nothing of them is run, and what is installed
// outside of the project is none of them.
#pragma once

#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "alembic/env_text.h"
#include "alembic/project.h"

namespace limbeck::alembic {

// The Python files below a folder, in the order of their names, but those of virtual environments
// and of installed packages. Nothing: they are too many, or cannot be listed.
std::optional<std::vector<std::filesystem::path>> python_files_below(
    const std::filesystem::path& folder);

// Where the project's modules may stand.
std::vector<std::filesystem::path> module_roots(const AlembicProject& project);

// The file of the module "app.models"; nothing: it is none of the project's.
std::optional<std::filesystem::path> find_module(const AlembicProject& project,
                                                 std::string_view module);

class ModuleSearch {
 public:
  explicit ModuleSearch(const AlembicProject& project);

  // What the text of a module, in this file, imports.
  void add_imports(std::string_view text, const std::filesystem::path& file);
  // The modules below a folder, but those of tests and of revisions.
  void add_folder(const std::filesystem::path& folder);
  // One that was not given before; nothing: there is no other, or it were too many.
  std::optional<std::filesystem::path> next();

 private:
  void add_import(PythonTokens line, const std::filesystem::path& importer);
  void add_module(const std::string& path);
  void add_file(const std::string& file);
  const std::vector<std::string>& roots_with(const std::string& first);

  std::vector<std::filesystem::path> roots_;
  std::vector<std::filesystem::path> revisions_;
  std::deque<std::filesystem::path> waiting_;
  std::unordered_set<std::string> seen_;
  std::unordered_set<std::string> asked_;  // whether they are files
  std::unordered_map<std::string, std::vector<std::string>> roots_with_;
};

}  // namespace limbeck::alembic
