// The names that "from module import *" gives. Internal to src/alembic.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "alembic/project.h"

namespace limbeck::alembic {

// Each name that the text of a module of the project binds, and what it imports it from ("os.path";
// empty: it is no import). Nothing: the module cannot be read, or it does not say them in so many
// words.
std::optional<std::map<std::string, std::string>> names_of_module(const AlembicProject& project,
                                                                  std::string_view module);

}  // namespace limbeck::alembic
