#include "project/project.h"

#include <array>
#include <cctype>
#include <charconv>
#include <fmt/format.h>
#include <limits>
#include <system_error>

#include "base/file.h"
#include "base/text_place.h"
#include "project/config_reader.h"

namespace limbeck {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view project_file_name = "limbeck.toml";
constexpr std::size_t max_project_file_size = std::size_t{1024} * 1024;

std::string read_text(const fs::path& file) {
  try {
    return read_file(file, max_project_file_size);
  } catch (Error& error) {
    error.report().message = "the configuration cannot be read";
    error.report().hint =
        "name the file with --config or LIMBECK_CONFIG, or make one with \"limbeck init\"";
    throw;
  }
}

void check_is_text(std::string_view text, const fs::path& file) {
  try {
    check_text(text, {file.string(), 1, 1, {}});
  } catch (Error& error) {
    if (error.report().place) error.report().place->source_line.clear();  // it may hold a password
    throw;
  }
}

// A project that came from Alembic goes on with Alembic's table.
void set_version_table_defaults(Project& project) {
  std::error_code error;
  if (!fs::exists(project.folder / "alembic.ini", error)) return;
  project.database.version_table.object.name = "alembic_version";
  project.database.version_width = 32;
}

}  // namespace

std::optional<fs::path> find_project_file(const fs::path& folder) {
  std::error_code error;
  fs::path at = fs::absolute(folder, error);
  while (!error) {
    fs::path file = at / project_file_name;
    if (fs::is_regular_file(file, error)) return file;
    error.clear();
    if (!at.has_relative_path()) break;
    at = at.parent_path();
  }
  return std::nullopt;
}

Project load_project(const fs::path& file) {
  Project project;
  project.file = fs::absolute(file).lexically_normal();
  project.folder = project.file.parent_path();
  project.migrations = {project.folder / "migrations"};
  set_version_table_defaults(project);
  std::string text = read_text(file);
  if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
  check_is_text(text, project.file);
  read_config(text, project);
  for (fs::path& folder : project.migrations) folder = folder.lexically_normal();
  return project;
}

DatabaseUrl database_url(const Project& project, std::string_view option) {
  std::string text = option.empty() ? project.url : std::string(option);
  if (text.empty()) text = "sqlite:///limbeck.db";
  return DatabaseUrl::parse(text).relative_to(project.folder.string());
}

bool is_missing_file(const DatabaseUrl& url) {
  if (url.dialect() != "sqlite" || url.target() == ":memory:") return false;
  std::error_code error;
  return fs::status(url.target(), error).type() == fs::file_type::not_found;
}

std::optional<int> parse_duration(std::string_view text) {
  struct Unit {
    std::string_view name;
    long long milliseconds;
  };
  constexpr std::array units{Unit{"ms", 1}, Unit{"s", 1'000}, Unit{"m", 60'000},
                             Unit{"h", 3'600'000}};
  long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0 || text.front() == '-') return std::nullopt;
  const std::string_view unit_name(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (unit_name.empty()) return number == 0 ? std::optional(0) : std::nullopt;
  for (const Unit& unit : units) {
    if (unit.name != unit_name) continue;
    if (number > std::numeric_limits<int>::max() / unit.milliseconds) return std::nullopt;
    return static_cast<int>(number * unit.milliseconds);
  }
  return std::nullopt;
}

}  // namespace limbeck
