// The table [tool.alembic] of a pyproject.toml.
//
// It knows nothing of the rest of the file. Errors are ExitCode::invalid_project with file, line
// and column.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alembic/ini.h"

namespace limbeck::alembic {

using Options = std::map<std::string, Option, std::less<>>;

struct PyProject {
  std::string file;
  Options options;  // texts, numbers and truths, %(here)s replaced
  std::map<std::string, std::vector<Option>, std::less<>> lists;
  std::map<std::string, std::vector<Options>, std::less<>> tables;  // [[tool.alembic.NAME]]
};

// Nothing when the file has no such table. here: what %(here)s stands for.
std::optional<PyProject> read_pyproject(std::string_view text, const std::filesystem::path& file,
                                        const std::string& here);

}  // namespace limbeck::alembic
