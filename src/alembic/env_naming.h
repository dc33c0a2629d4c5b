// The naming convention of the metadata that env.py gives to Alembic as target_metadata.
//
// Alembic names by it what a script leaves without a name. It is looked for as text: in env.py, in
// the project's modules that env.py imports, and, where a Flask application decides, in all of its
// modules. None of them is run.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "alembic/project.h"

namespace limbeck {

struct EnvNaming {
  std::map<std::string, std::string> names = {};  // "ix" = "ix_%(column_0_label)s"
  // Where it was found, or where it says what Limbeck does not know.
  std::filesystem::path file = {};
  int line = 0;
  // Why there is a convention that is not known: "it is computed". Empty: names is what it is.
  std::string unknown = {};
};

// "app/models.py:12", where folder is around it.
std::string shown_place(const EnvNaming& naming, const std::filesystem::path& folder);

// Nothing in it when there is no env.py, or no convention. A module that cannot be read is none.
// Throws Error (ExitCode::invalid_project) when env.py cannot be read.
EnvNaming read_env_naming(const AlembicProject& project);

}  // namespace limbeck
