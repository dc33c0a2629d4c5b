// The beginning of a statement, for messages that name it.
#pragma once

#include <string>

#include "sql/statement.h"

namespace limbeck {

// Its first line, as much of it as is shown.
std::string headline(const sql::Statement& statement);

}  // namespace limbeck
