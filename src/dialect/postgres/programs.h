// PostgreSQL's own programs: where they are installed.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace limbeck::postgres {

// The folders that hold all of these programs: those of PATH, then that of pg_config, then those of
// Debian's packages, the newest first.
std::vector<std::filesystem::path> folders_with(std::initializer_list<std::string_view> programs);

// What it says of itself: "pg_dump (PostgreSQL) 15.18"; empty when it says nothing.
std::string version_of(const std::filesystem::path& program);
// "15" of that; empty when it does not say.
std::string major_version(const std::filesystem::path& program);

}  // namespace limbeck::postgres
