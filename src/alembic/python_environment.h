// The Python environment of a project: its interpreter, and where its packages are.
//
// It looks at files alone; no interpreter is started.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace limbeck::alembic {

// That of the active virtual environment, of one in the folder or above it (.venv, venv, env), or
// "python3".
std::filesystem::path find_interpreter(const std::filesystem::path& folder);

// Which program an interpreter's name or path leads to, and since when: another text when it is
// another program.
std::string interpreter_identity(const std::string& python);

// The folders from which that interpreter imports packages, editable ones included; empty for one
// that is in no virtual environment.
std::vector<std::filesystem::path> site_packages(const std::filesystem::path& interpreter);

// The folder "dir" of the package "app.db" for "app.db:dir", looked for in these folders.
std::optional<std::filesystem::path> find_resource(
    std::string_view resource, const std::vector<std::filesystem::path>& folders);

}  // namespace limbeck::alembic
