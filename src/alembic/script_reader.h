// Runs Alembic scripts in Python, by the reader that is shipped inside the program.
//
// It never touches a database: statements and questions go to the ScriptHost. Its processes are
// started when the first script is needed that is not known from an earlier run, and end with this
// object. docs/alembic.md says what a script can do.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "alembic/env_naming.h"
#include "plan/script.h"

namespace limbeck {

struct ScriptReaderSettings {
  std::string python = "python3";     // a path, or a name to be looked up in PATH
  std::filesystem::path folder = {};  // where the reader runs
  std::vector<std::filesystem::path> python_paths = {};           // put before sys.path
  std::vector<std::filesystem::path> fallback_python_paths = {};  // put behind it
  std::filesystem::path script_location = {};                     // env.py is there
  std::vector<std::filesystem::path> version_locations = {};      // and the scripts are there
  std::map<std::string, std::string> types = {};                  // "app.types.GUID" = "uuid"
  std::map<std::string, std::string> naming_convention = {};      // "ix" = "ix_%(column_0_label)s"
  // Why a naming convention is not known, and where that stands; empty: it is the one above.
  std::string unknown_naming = {};
  // Asked for the naming convention when the first script is read; nothing: it is the one above.
  std::function<EnvNaming()> find_naming = {};
  std::map<std::string, std::string> options = {};  // the main options of alembic.ini
  std::vector<std::string> x_arguments = {};        // -x of the command line
  // Of the several databases of a project the one that is meant, which scripts are told: "" is a
  // name, too. Nothing: none is named.
  std::optional<std::string> engine = {};
  std::string engine_argument = {};       // as env.py calls it for scripts; empty: not known
  bool gives_no_arguments = false;        // env.py calls scripts with nothing
  bool always_gives_engine = false;       // it always calls them with engine_argument
  std::vector<std::string> engines = {};  // those that the project lists, as they are shown
  std::string version_table = "alembic_version";
  std::string version_table_schema = {};
  std::string server_version = {};  // "15.4", where it is known
  // The arguments of the project's own Alembic before its command ("-c", "alembic.ini"); nothing:
  // it is not to be asked.
  std::optional<std::vector<std::string>> delegate_arguments = {};
  int timeout_ms = 60'000;  // how long a script may be silent; 0: for ever
  const std::atomic<bool>* interrupt = nullptr;
  std::filesystem::path cache = {};  // where recordings may be kept; empty: nowhere
};

std::shared_ptr<Scripts> make_script_reader(ScriptReaderSettings settings);

}  // namespace limbeck
