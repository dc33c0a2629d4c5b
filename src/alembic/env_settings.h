// The options of context.configure() that the words of env.py set, and what Limbeck does not follow
// there. Internal to src/alembic.
#pragma once

#include <filesystem>

#include "alembic/env_script.h"
#include "alembic/env_text.h"

namespace limbeck::alembic {

void read_settings(EnvScript& result, const std::filesystem::path& file, const EnvText& text);

}  // namespace limbeck::alembic
