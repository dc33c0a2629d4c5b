// The file env.py of a project, and what its readers share. Internal to src/alembic.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "alembic/env_text.h"
#include "alembic/project.h"

namespace limbeck::alembic {

inline constexpr std::size_t max_module_size = std::size_t{4} * 1024 * 1024;

std::filesystem::path env_file(const AlembicProject& project);
// Nothing when there is none.
std::optional<std::string> read_env_file(const AlembicProject& project);

}  // namespace limbeck::alembic
