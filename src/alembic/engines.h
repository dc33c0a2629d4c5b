// The names of several databases in one project: engines, as Alembic's template "multidb" calls
// them.
//
// Flask-Migrate's main database is the one without a name. It is shown, and named on the command
// line, as Flask-Migrate's log has it: <default>.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "alembic/project.h"

namespace limbeck {

std::string shown_engine(std::string_view name);
// What a person has written; the other way round.
std::string engine_named(std::string_view text);

// Those that env.py goes through, in its order; where it computes their names, those that
// alembic.ini lists, too; and those of limbeck.toml. Empty: the project has one database, or nobody
// lists them.
std::vector<std::string> listed_engines(const AlembicProject& project);
// The same, as they are shown.
std::vector<std::string> shown_engines(const AlembicProject& project);

// What to do where none is named. shown: may be empty.
std::string how_to_name_engine(const std::vector<std::string>& shown);

}  // namespace limbeck
