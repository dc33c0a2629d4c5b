#include "project/new_project.h"

#include <fmt/format.h>
#include <string_view>
#include <system_error>

#include "limbeck/error.h"

#include "base/file.h"

namespace limbeck {
namespace {

constexpr std::string_view configuration =
    R"(# Limbeck's configuration. docs/configuration.md describes every key.

# The folder, or an array of folders, with the revision files.
migrations = "migrations"

# The database. Without it, the SQLite file limbeck.db beside this file.
# url = "postgresql://app:${APP_DB_PASSWORD}@db.example.org/app"

[timeouts]
# How long a statement waits for a lock, how long it is tried again, and how long to wait for another run.
lock = "2s"
lock_retry = "60s"
runner_lock = "10m"
)";

void create_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) return;
  throw file_error(folder.string(), "the folder cannot be made", error.value());
}

}  // namespace

NewProject write_project(const std::filesystem::path& folder) {
  NewProject project{folder / "limbeck.toml", folder / "migrations"};
  std::error_code error;
  if (std::filesystem::exists(std::filesystem::symlink_status(project.file, error))) {
    throw Error({.code = ExitCode::usage,
                 .message = fmt::format("{} is there already", project.file.string()),
                 .state = "nothing was changed",
                 .hint = "the project is made: \"limbeck status\" says where it stands; \"limbeck "
                         "init FOLDER\" makes another one"});
  }
  create_folder(project.migrations);
  write_new_file(project.file, configuration);
  return project;
}

}  // namespace limbeck
