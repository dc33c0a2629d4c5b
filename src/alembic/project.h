// An Alembic project, as alembic.ini and pyproject.toml describe it, and what limbeck.toml says in
// place of env.py.
//
// Reading it starts no Python, connects to nothing, and changes nothing.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "limbeck/error.h"

namespace limbeck {

// A program that is run after a new revision was written.
struct PostWriteHook {
  std::string name = {};
  std::vector<std::string> command = {};  // "${file}" stands for the new file
  std::filesystem::path folder = {};      // where it runs; empty: the project's folder
};

// One of several databases, as Alembic's template "multidb" has them: the option "databases" lists
// them, and each has a section of its name.
struct AlembicEngine {
  std::string name = {};
  std::string url = {};  // sqlalchemy.url of its section; empty when there is none or a placeholder
  Place place = {};      // of that option; without a file when there is none
};

// A url as limbeck.toml has it, with its ${VARIABLES}.
struct ConfiguredUrl {
  std::string url = {};
  Place place = {};  // without its line, which may hold a password
};

namespace alembic {
struct EnvRun;  // env_run.h
}

struct AlembicProject {
  std::filesystem::path ini = {};              // alembic.ini, absolute; empty: there is none
  std::filesystem::path pyproject = {};        // pyproject.toml with [tool.alembic]; likewise
  std::string section = "alembic";             // of the ini file
  std::filesystem::path folder = {};           // where they stand
  std::filesystem::path working_folder = {};   // relative paths start there, and scripts run there
  std::filesystem::path script_location = {};  // env.py and script.py.mako are there
  std::vector<std::filesystem::path> version_locations = {};  // some of them may not be there yet
  bool recursive = false;
  std::vector<std::filesystem::path> python_paths = {};  // to be put before sys.path
  // Behind sys.path: where the project's packages stand although no option says so. In its own
  // environment they are installed, or env.py changes sys.path.
  std::vector<std::filesystem::path> fallback_python_paths = {};
  std::filesystem::path python = {};  // the interpreter: a path, or a name to be looked up in PATH
  // The main options, every %(name)s in them replaced; without those whose names are not there.
  std::map<std::string, std::string> options = {};
  std::string file_template = "%(rev)s_%(slug)s";
  Place file_template_place = {};  // of the option; without a file when there is none
  int slug_length = 40;
  std::string timezone = "local";
  Place timezone_place = {};  // likewise
  std::vector<PostWriteHook> hooks = {};

  // sqlalchemy.url; empty when there is none or only a placeholder.
  std::string url = {};
  Place url_place = {};  // of the option; without a file when there is none

  std::vector<AlembicEngine> engines = {};  // in their order
  Place databases_place = {};               // of the option that lists them

  // What env.py decides, as the table [alembic] of limbeck.toml repeats it.
  std::optional<std::string> engine = {};             // which one is meant; project/engine.h
  std::optional<std::string> configured_engine = {};  // the one that limbeck.toml names
  Place engine_place = {};                            // where it does
  std::map<std::string, ConfiguredUrl> engine_urls = {};
  bool names_version_table = false;  // limbeck.toml does, or its schema
  bool include_schemas = false;
  bool transaction_per_migration = true;
  int script_timeout_ms = 60'000;  // how long a script may be silent; 0: for ever
  bool delegate = false;           // hand what no stand-in can do to the project's own Alembic
  // "ix" = "ix_%(column_0_label)s". Nothing: that of the metadata of env.py is looked for.
  std::optional<std::map<std::string, std::string>> naming_convention = {};
  std::map<std::string, std::string> types = {};  // "app.types.GUID" = "uuid"

  // What env.py comes to; nothing: there is none, or it was not followed.
  std::shared_ptr<const alembic::EnvRun> env_run = {};
};

// Where an Alembic project may be configured.
struct AlembicFiles {
  std::filesystem::path ini = {};        // empty: none
  std::filesystem::path pyproject = {};  // empty: none
  // Where Alembic would be run with them; empty: where they stand.
  std::filesystem::path run_from = {};
  bool any() const { return !ini.empty() || !pyproject.empty(); }
};

// The files that configure an Alembic project in this folder: alembic.ini, and a pyproject.toml
// with a table [tool.alembic]. A pyproject.toml without it is none.
AlembicFiles alembic_files_in(const std::filesystem::path& folder);

// section: of the ini file; empty: "alembic". Throws Error (ExitCode::invalid_project) with
// file:line:column: a file that cannot be read or is malformed, no such section, no
// script_location or one that is not there, a wrong separator, number or hook.
AlembicProject load_alembic_project(const AlembicFiles& files, const std::string& section);

// Whether text is no url of a database but what a template leaves in its place, such as
// "driver://user:pass@localhost/dbname".
bool is_placeholder_url(std::string_view text);

}  // namespace limbeck
