// A revision that needs the application, as the project's own Alembic is asked to run it.
//
// It runs nothing itself but a look for Alembic.
#pragma once

#include "alembic/script_reader.h"

namespace limbeck {

// Throws Error (ExitCode::invalid_project) when the project's interpreter does not know Alembic.
void need_alembic(const ScriptReaderSettings& settings);

// REQUIRES: settings.delegate_arguments.
ScriptDelegation delegation_of(const ScriptReaderSettings& settings, const ScriptCall& call);

}  // namespace limbeck
