// Reads one statement of Python that stands in one line. Internal to src/alembic.
#pragma once

#include <span>

#include "alembic/python_lexer.h"
#include "alembic/python_tree.h"

namespace limbeck::alembic {

// Without its line. REQUIRES: tokens is not empty.
PythonStatement simple_statement(std::span<const PythonToken> tokens);

}  // namespace limbeck::alembic
