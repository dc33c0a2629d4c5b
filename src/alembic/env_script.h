// env.py, read as text: what it says in words that need no Python to be understood.
//
// Nothing of it is run, and what it computes stays unknown: the result names it, so that a person
// can say it in limbeck.toml instead.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alembic/project.h"

namespace limbeck {

// Something in env.py that Limbeck does not follow.
struct UnreadSetting {
  std::string name = {};  // "include_object"
  std::filesystem::path file = {};
  int line = 0;
  std::string why = {};  // why it matters
};

// What env.py says about the database's url.
struct EnvUrl {
  std::vector<std::string> variables = {};  // that may hold it, in the order of env.py
  // env.py always puts something in the place of sqlalchemy.url, in this line; 0: it does not.
  int replaced_in = 0;
  std::string literal = {};   // what it puts there, when that is written out
  bool is_of_engine = false;  // it is the engine that goes without sqlalchemy.url
  bool is_of_dotenv = false;  // a file .env gives it to a variable that is not set
  int ends_in = 0;            // the line in which env.py always ends itself; 0: it goes on
  // It is sure, whatever variables are named: literal, or sqlalchemy.url when that is not replaced.
  bool is_decided = false;
  // What it is on some ways through env.py, while Limbeck does not know which one is gone.
  std::vector<std::string> candidates = {};
};

struct EnvScript {
  std::filesystem::path file = {};
  std::optional<std::string> version_table = {};
  std::optional<std::string> version_table_schema = {};
  std::optional<bool> include_schemas = {};
  std::optional<bool> transaction_per_migration = {};
  std::map<std::string, std::string> naming_convention = {};
  std::filesystem::path naming_convention_file = {};  // where it was found
  std::vector<UnreadSetting> unread = {};             // in the order of their lines
  EnvUrl url = {};                                    // read_env_script alone asks for it
};

// The naming convention is looked for in the project's modules that env.py imports, too. Nothing
// when there is no env.py. Throws Error (ExitCode::invalid_project) when it cannot be read.
std::optional<EnvScript> read_env_script(const AlembicProject& project);

// The same without the naming convention: what it says on its own.
std::optional<EnvScript> read_env_settings(const AlembicProject& project);

// Of one database.
EnvUrl read_env_url(const AlembicProject& project);

// The line in which env.py looks for "-x name=..." of the command line; 0: none.
int env_line_of_x_argument(const AlembicProject& project, std::string_view name);

// What env.py says about several databases.
struct EnvEngines {
  // What run_migrations() is given, by its names: "engine_name"; "**" for names that are computed.
  std::vector<std::string> arguments = {};
  bool gives_nothing = false;  // it calls run_migrations(), and never gives it anything
  bool gives_always = false;   // it never calls it without
  // It puts something in the place of sqlalchemy.url in the sections, in this line; 0: it does not.
  int replaced_in = 0;
  // It computes the name or the schema of the version table, in this line; 0: it does not.
  int table_in = 0;
  bool of_flask = false;  // it asks a Flask application for its databases

  // The one that is the engine's name; empty when that is not sure.
  std::string engine_argument() const;
};
EnvEngines read_env_engines(const AlembicProject& project);

}  // namespace limbeck
