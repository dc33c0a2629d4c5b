// What the modules of the application around env.py say in so many words. Internal to src/alembic.
#pragma once

#include <string>

#include "alembic/project.h"

namespace limbeck::alembic {

// Whether something that env.py takes from the application ("app.config.options",
// "app.models.Base.metadata.schema") is known to say nothing about the version table: the module is
// one of the project's, or Flask's application, and no module of the project speaks of it. origin:
// with "**" in front for options of which any may be among them.
bool says_nothing_of_version_table(const AlembicProject& project, const std::string& origin);

}  // namespace limbeck::alembic
