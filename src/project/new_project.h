// A new project: its configuration and its folder for revisions.
#pragma once

#include <filesystem>

namespace limbeck {

struct NewProject {
  std::filesystem::path file;        // limbeck.toml
  std::filesystem::path migrations;  // the folder
};

// Makes the folder where it is missing. Throws Error (ExitCode::usage) when a limbeck.toml is there
// already, and changes nothing then; ExitCode::internal_error when something cannot be written.
NewProject write_project(const std::filesystem::path& folder);

}  // namespace limbeck
