// What env.py sets for its session on PostgreSQL, and what decides where tables are made and whose
// they are: search_path and role.
//
// Told from its text (SET statements, "options" of the connection); nothing of it is run. Timeouts
// and the like are Limbeck's own matter and are none of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "alembic/project.h"

namespace limbeck {

struct EnvSession {
  struct Setting {
    std::string name = {};   // "search_path", "role"
    std::string value = {};  // as the server takes it at the start of a session
  };
  std::vector<Setting> settings = {};
  struct Unknown {
    std::string name = {};
    int line = 0;
  };
  // What it sets to something that is not known, or in some cases only; "schema_translate_map" too.
  std::vector<Unknown> unknown = {};
};

// Nothing in it when there is no env.py. Throws Error (ExitCode::invalid_project) when it cannot be
// read.
EnvSession read_env_session(const AlembicProject& project);

}  // namespace limbeck
