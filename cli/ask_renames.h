// What could be a rename is offered on a terminal, never guessed.
#pragma once

#include <atomic>

#include "report/generated_revision.h"

namespace limbeck::cli {

// Adds to change.renames what the user says yes to. Asks nothing where standard input is no
// terminal. Throws Interrupted as soon as interrupt is set.
void ask_about_renames(SchemaChange& change, const std::atomic<bool>& interrupt);

}  // namespace limbeck::cli
