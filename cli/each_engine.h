// A command that goes through the databases of an Alembic project with several, as Alembic does,
// when none of them is named.
//
// It never begins before every one of them has a url, and never goes on after one has failed.
#pragma once

#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/session.h"

namespace limbeck::cli {

// The engines that the command is for, one after the other, as --engine has them; empty: it is for
// one database, or is about to say why it cannot tell which.
std::vector<std::string> engines_of_command(Session& session, const Arguments& arguments);

// The greatest exit code of all. signals: as a session has them. Throws what the command throws,
// with what that means for the other databases.
ExitCode run_for_each_engine(const std::vector<std::string>& engines, const CommandSpec& command,
                             const Arguments& arguments, Signals& signals);

}  // namespace limbeck::cli
