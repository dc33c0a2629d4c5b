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
  enum class Of {
    configuration,  // it is sqlalchemy.url, as that is configured, or nothing says it
    env,            // text
    nobody,         // it is not known
  };
  Of of = Of::configuration;
  std::string text = {};
  int line = 0;  // where env.py decides it; 0: it does not
  // Of the environment, that it is made of, or may be: in the order of env.py.
  std::vector<std::string> variables = {};
  std::vector<std::string> changed = {};  // of them, those from whose values it makes another url
  bool lacks_option = false;              // env.py asks alembic.ini for something that is not there
  std::string unset = {};   // the one that is not set, and that env.py cannot do without
  std::string dotenv = {};  // the one that is not set, and to which a file .env gives the url
  // What it is on some ways through env.py, while Limbeck does not know which one is gone.
  std::vector<std::string> candidates = {};
};

// Why env.py says neither where the database is nor how its version table is called.
struct EnvFault {
  std::string message = {};
  Place place = {};
  std::string hint = {};
  bool hides_version_table = false;
};

// How the version table is called; nothing: as it always is, or that is not known.
struct EnvTable {
  std::optional<std::string> name = {};
  std::optional<std::string> schema = {};
  friend bool operator==(const EnvTable&, const EnvTable&) = default;
};
EnvTable read_env_table(const AlembicProject& project);

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

// Nothing: it says both, or there is no env.py.
std::optional<EnvFault> find_env_fault(const AlembicProject& project);
ErrorReport report_of(EnvFault fault);

// The naming convention is looked for in the project's modules that env.py imports, too. Nothing
// when there is no env.py. Throws Error (ExitCode::invalid_project) when it cannot be read.
std::optional<EnvScript> read_env_script(const AlembicProject& project);

// Of one database.
EnvUrl read_env_url(const AlembicProject& project);

// The line in which env.py looks for "-x name=..." of the command line; 0: none.
int env_line_of_x_argument(const AlembicProject& project, std::string_view name);

// One of several databases of env.py.
struct EnvEngine {
  std::string name = {};
  std::optional<std::string> url = {};  // nothing: it is not known
  int line = 0;                         // where env.py decides it
  std::optional<EnvTable> table = {};   // nothing: it is not known
  int table_line = 0;
  bool is_always_migrated = true;  // false: under a condition that is not known
};

// What env.py says about several databases.
struct EnvEngines {
  bool is_known = false;  // false: there is no env.py, or it is not followed
  std::vector<EnvEngine> engines = {};
  bool has_others = false;    // it computes their names
  int line = 0;               // where it computes what is not known of their urls
  bool lacks_option = false;  // an option of alembic.ini is not there, or has no value
  // It computes the name or the schema of the version table, in this line; 0: it does not.
  int table_in = 0;
  // What run_migrations() is given, by its names: "engine_name"; "**" for names that are computed.
  std::vector<std::string> arguments = {};
  bool gives_nothing = false;  // it calls run_migrations(), and never gives it anything
  bool gives_always = false;   // it never calls it without

  // Null: it has none of that name, or that is not known.
  const EnvEngine* find(std::string_view name) const;
  // The argument that is the engine's name; empty when that is not sure.
  std::string engine_argument() const;
};
EnvEngines read_env_engines(const AlembicProject& project);

}  // namespace limbeck
