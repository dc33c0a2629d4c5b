// Headers that a script computes: asked of Python, in a process of their own.
//
// One is started when the first such header is met, and none for scripts that write theirs out.
#pragma once

#include <functional>
#include <string>

#include "alembic/script_reader.h"
#include "revision/script_format.h"

namespace limbeck::alembic {

// For ScriptFormat::ask. Throws Error (ExitCode::invalid_project) with the place of the header: the
// interpreter cannot be started, the script raises, its header is none, it takes too long.
std::function<Revision(const std::string& file, const Place& computed)> ask_python_for_headers(
    ScriptReaderSettings settings);

}  // namespace limbeck::alembic
