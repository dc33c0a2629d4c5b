// What could be a rename is offered on a terminal, never guessed.
#pragma once

#include "report/generated_revision.h"

namespace limbeck::cli {

// Adds to change.renames what the user says yes to. Asks nothing where standard input is no
// terminal.
void ask_about_renames(SchemaChange& change);

}  // namespace limbeck::cli
