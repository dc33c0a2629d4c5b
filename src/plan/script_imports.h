// What a Python script imports and whether it catches errors, as far as its lines tell.
#pragma once

#include <string_view>

#include "revision/direction.h"

namespace limbeck {

// Whether it imports nothing but what makes statements (alembic, sqlalchemy without its ORM) and
// plain modules of Python's own. False when that is not sure.
bool uses_only_migration_modules(std::string_view source);

// Whether running it may change what other scripts find, beside what they import: it listens,
// registers, or puts something into a module.
bool may_reach_others(std::string_view source);

// Whether it looks at what the database answers, and does something beside the database: writes
// files, starts programs, prints. Recording it first would do that twice.
bool asks_and_acts(std::string_view source, Direction direction);

// Whether its upgrade() or downgrade() takes something: a script for several databases is told
// which one is meant.
bool takes_argument(std::string_view source, Direction direction);

// Whether it may go on after an error of the database: it has an "except", or suppresses one.
bool handles_errors(std::string_view source);

}  // namespace limbeck
