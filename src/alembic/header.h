// The header of an Alembic script: what its module-level names revision, down_revision,
// branch_labels and depends_on say, and its docstring. Read without Python.
//
// It never runs a script. A header that is computed and not written out is no error here: whoever
// can run Python may ask it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "revision/script_format.h"

namespace limbeck::alembic {

// "*.py", but no package's __init__ and no editor's ".#" file; no name that begins with a dot.
bool is_script_name(std::string_view name);

// As ScriptFormat::read_header: throws for a string that is not closed, a name with a value of
// another type, a script without down_revision, and one without revision whose name is no
// hexadecimal id either.
std::optional<ScriptHeader> read_script_header(std::string_view text, const std::string& file,
                                               bool whole);

// Fills in what a docstring says: message, description, and the time of creation.
void describe_revision(std::string_view docstring, Revision& revision);

// The two of them.
ScriptFormat script_format();

}  // namespace limbeck::alembic
