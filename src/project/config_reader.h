// Reads limbeck.toml into a Project. Internal to src/project.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "project/project.h"

namespace limbeck {

// What a limbeck.toml says beside what it makes of the Project.
struct Configured {
  std::set<std::string, std::less<>> keys = {};  // those of its first level
  std::filesystem::path alembic_config = {};     // alembic.config, absolute; empty: not named
  std::string alembic_section = {};              // alembic.name
  // On the first level or in alembic.
  bool names_version_table = false;
  bool names_version_schema = false;

  // Of the first level.
  bool has(std::string_view key) const { return keys.find(key) != keys.end(); }
};

// text: the content of project.file. Fills in what the file says and leaves the rest. Throws as
// load_project does.
Configured read_config(std::string_view text, Project& project);

}  // namespace limbeck
