// A project: its configuration file, and what follows from it.
//
// It never connects to a database and never reads a revision. docs/configuration.md lists every
// key; the reader refuses keys that it does not know.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alembic/project.h"
#include "project/lint_configuration.h"
#include "run/settings.h"
#include "run/target_database.h"

namespace limbeck {

// Run after a revision file has been written, in the project's folder; its failure fails the
// command.
struct Hook {
  std::string name;
  std::vector<std::string> command;   // argv; "${file}" stands for the new file
  std::filesystem::path folder = {};  // where it runs; empty: the project's folder
};

struct Project {
  std::filesystem::path file;    // limbeck.toml, absolute; without one: alembic.ini, pyproject.toml
  std::filesystem::path folder;  // where it stands
  std::vector<std::filesystem::path> migrations;  // absolute
  // The declared schema by the name of the dialect, "" for any: its sources as they are named on
  // the command line. Empty: none.
  std::map<std::string, std::vector<std::string>> schema;
  std::vector<std::string> models;  // programs that declare a part of it: "cmd:./build/app-models"
  bool recursive = false;
  // As configured: ${ENV} is replaced where it is used, because not every command needs it. Empty:
  // the SQLite file beside the configuration.
  std::string url;
  Place url_place;  // without its line, which may hold a password
  DatabaseSettings database;
  RunSettings run;
  LintConfiguration lint;
  std::string file_template = "%(rev)s_%(slug)s";
  Place file_template_place = {};  // without a file where nobody has said it
  int slug_length = 40;
  Place timezone_place = {};                // likewise
  std::string timezone = "UTC";             // of limbeck:created and of the file name's tokens
  std::filesystem::path revision_template;  // empty: the built-in one
  std::vector<Hook> hooks;
  bool superuser_warning = true;  // when revisions are run with such a login
  // When it is an Alembic project: migrations are its version_locations then, in which scripts
  // count as revisions, and what limbeck.toml leaves open is as Alembic has it.
  std::optional<AlembicProject> alembic;
};

// The nearest limbeck.toml in folder or above it; in its place, an alembic.ini or a pyproject.toml
// with a table [tool.alembic]. Nothing when there is none of them. Throws for a pyproject.toml that
// is malformed.
std::optional<std::filesystem::path> find_project_file(const std::filesystem::path& folder);

// file: limbeck.toml, or alembic.ini under any name that does not end in .toml, or pyproject.toml.
// A limbeck.toml beside an alembic.ini is one project with it, unless it names migrations and has
// no table [alembic]. section: of the ini file, when it is not "alembic" or what limbeck.toml says.
// run_from: where Alembic would be run, from which relative paths of its configuration count;
// empty: where that stands.
// Throws Error (ExitCode::invalid_project) with file:line:column: no such file, not TOML, an
// unknown key (with the nearest known one), a value of another type, a duration that is none.
Project load_project(const std::filesystem::path& file, const std::string& section = {},
                     const std::filesystem::path& run_from = {});

// Where the database is: the option (a url from the command line) if it is not empty, else the
// configured url, else limbeck.db beside the configuration. A relative SQLite path of the option
// counts from the working directory, one of limbeck.toml from its folder, any other from where
// Alembic would be run. In an Alembic project without a url, the environment is asked: the
// variables that env.py names, then DATABASE_URL. Throws what DatabaseUrl::parse throws, and Error
// (ExitCode::invalid_project) when an Alembic project has none, or when the configured one names an
// environment variable that is not set or makes it empty.
DatabaseUrl database_url(const Project& project, std::string_view option);

// Whether the project says where its database is: only one of Alembic's may leave it open.
bool has_database(const Project& project);

// Whether the url names an SQLite file that is not there yet: the first upgrade creates it, and
// until then it is empty.
bool is_missing_file(const DatabaseUrl& url);

// "250ms", "2s", "10m", "1h", "0" in milliseconds; nothing for anything else.
std::optional<int> parse_duration(std::string_view text);

}  // namespace limbeck
