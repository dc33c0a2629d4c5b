// What a Python script imports, as far as its lines tell.
#pragma once

#include <string_view>

namespace limbeck {

// Whether it imports nothing but what makes statements (alembic, sqlalchemy without its ORM) and
// plain modules of Python's own. False when that is not sure.
bool uses_only_migration_modules(std::string_view source);

}  // namespace limbeck
