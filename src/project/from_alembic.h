// A limbeck.toml for an Alembic project: what its env.py decides, as far as that can be read.
#pragma once

#include <string>

#include "alembic/env_script.h"

namespace limbeck {

struct FromAlembic {
  std::filesystem::path file = {};  // the new limbeck.toml
  AlembicProject alembic = {};
  EnvScript env = {};
  std::vector<std::string> engines = {};  // its databases as they are shown, when it has several
};

// Writes it beside the Alembic configuration; its text is valid TOML and changes nothing that
// alembic.ini says. Throws Error (ExitCode::usage) when a limbeck.toml is there already, and what
// load_alembic_project throws.
FromAlembic write_project_from_alembic(const AlembicFiles& files, const std::string& section);

}  // namespace limbeck
