// Several files and sources declare one schema together: no table may be declared by two of them.
//
// It looks at the statements' first words only; what else is wrong the database says itself.
#pragma once

#include <span>

#include "source/declared.h"

namespace limbeck {

// Throws Error (ExitCode::invalid_project) at the second CREATE TABLE of a name, IF NOT EXISTS or
// not: where both run, the database would silently keep the first one. A table that is dropped or
// renamed in between may be created again. case_sensitive: whether quoted names differ by case.
void check_declared_once(std::span<const SqlFile> files, bool case_sensitive);

}  // namespace limbeck
