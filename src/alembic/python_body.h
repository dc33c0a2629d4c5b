// SQL sections as the bodies of a script's upgrade() and downgrade(): calls of op.execute().
//
// The SQL comes out of them byte for byte, although Alembic takes ":name" for a parameter.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "revision/template.h"

namespace limbeck::alembic {

struct PythonBody {
  std::string upgrade = {};  // lines for four blanks of indentation, the first one without them
  std::string downgrade = {};
};

// Sections without a transaction stand in autocommit_block(), those of one database in an "if".
PythonBody python_body(const RevisionBody& body);

// A text for op.execute(), as a literal.
std::string execute_literal(std::string_view sql);

}  // namespace limbeck::alembic
