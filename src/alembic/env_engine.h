// The engine that env.py migrates with, when the configuration has no part in it. Internal to
// src/alembic.
#pragma once

#include <string>
#include <vector>

#include "alembic/env_text.h"

namespace limbeck::alembic {

struct OwnEngine {
  int line = 0;                             // where it is made or taken; 0: it is a configured one
  std::string literal = {};                 // its url, when that is written out
  std::vector<std::string> variables = {};  // of the environment, that it is made of
  bool is_made_here = false;                // by env.py, and not by what it imports
};

// A configured one, too, when that is not sure: what is not seen changes nothing.
OwnEngine find_own_engine(const EnvText& text);

}  // namespace limbeck::alembic
