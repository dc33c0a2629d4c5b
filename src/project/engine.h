// Which of several databases of an Alembic project is meant, and where it is.
//
// It decides by what is configured and said, and never takes one database for another: a url that
// may be any engine's is nobody's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "limbeck/error.h"

#include "project/project.h"

namespace limbeck {

// The one that limbeck.toml names, else the one whose section of alembic.ini is used as a whole
// (-n), else the only one that is listed there, else none. Throws Error (ExitCode::invalid_project)
// for a name that the project does not know.
void choose_configured_engine(AlembicProject& project);

// The one that the command line names, over the configured one. Throws Error (ExitCode::usage) for
// a name that the project does not know, and in a project that has no engines.
void choose_engine(Project& project, std::string_view option);

// The version table that env.py gives the engine that is meant.
void take_engine_table(Project& project);

// Those of which one has to be chosen and none is, in the order in which they are listed. Empty
// where one is, where the project has no others, and where url says which database is meant.
// Throws Error (ExitCode::invalid_project) where env.py may leave some of them out.
std::vector<std::string> engines_without_choice(const Project& project);

// Throws Error (ExitCode::invalid_project) where the version table may be another one than what is
// known: revisions would run again, or in one database be taken for those of another engine.
void check_version_table(const AlembicProject& project);

// Where the engine's database is.
struct EngineUrl {
  enum class Of {
    project,  // no engine is meant, or the main one: where any project's database is
    engine,   // url says it
    nobody,   // fault says why
  };
  Of of = Of::project;
  std::string url = {};
  Place place = {};  // in limbeck.toml: the url may name variables; without a file: it names none
  ErrorReport fault = {};
};

// REQUIRES: project.alembic.
EngineUrl find_engine_url(const Project& project);

}  // namespace limbeck
