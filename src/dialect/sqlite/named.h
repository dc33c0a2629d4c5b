// The table of a name in an open SQLite database, and what has a name in it.
#pragma once

#include <sqlite3.h>
#include <string>
#include <vector>

#include "schema/object.h"

namespace limbeck::sqlite {

// As EffectReader::named_in has it. None of a table that cannot be read.
std::vector<Object> named_in(sqlite3* database, const std::string& table);

}  // namespace limbeck::sqlite
