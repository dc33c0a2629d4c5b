// env.py followed from its first line to its last, as Alembic would run it for "upgrade": which
// database it connects to, and which version table it names.
//
// Nothing of it is run: its statements are followed with what is known of Alembic, SQLAlchemy and
// the standard library. What the application decides is unknown, and a condition on that is
// followed both ways. Internal to src/alembic.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "alembic/project.h"

namespace limbeck::alembic {

// What one thing comes to, on all the ways through env.py.
struct EnvAnswer {
  bool is_known = true;                      // it is the same on every way
  std::string text = {};                     // empty: None
  int line = 0;                              // where it is decided
  std::vector<std::string> candidates = {};  // when it is not known: what it is on some ways
  // Of the environment: what it is made of, or may be, as the application names it.
  std::vector<std::string> variables = {};
  std::vector<std::string> changed = {};  // of them, those whose values it changes
};

// One of several databases: each has a context.configure() and context.run_migrations() of its own.
struct EnvRunEngine {
  std::string name = {};
  EnvAnswer url = {};
  EnvAnswer version_table = {};
  EnvAnswer version_table_schema = {};
  bool is_always_migrated = true;
};

struct EnvRun {
  // What becomes of it, on the way that comes farthest.
  enum class End {
    migrates,      // context.configure() with a connection, and context.run_migrations()
    does_nothing,  // it never calls context.run_migrations()
    unconfigured,  // it never calls context.configure() either
    unseen,        // likewise, but something is called or imported that is not followed
    stops,         // "raise" or exit() before it migrates
    fails,         // an error of Python before it migrates
    broken,        // it cannot be read to its end
    too_long,      // it takes more steps, or more ways, than are followed
  };
  End end = End::unconfigured;
  int line = 0;            // where that is; 0: nowhere in particular
  std::string error = {};  // of the end "fails": its type, "KeyError"

  // Also where it stops: behind that it goes on. And no configure() is one that names no table.
  bool knows_version_table = false;
  // What follows is known of "migrates" and "does_nothing" alone, or the version table is.
  EnvAnswer url = {};
  std::string unset = {};     // the variable of the environment that env.py cannot do without
  bool lacks_option = false;  // an option of alembic.ini is not there, or has no value
  std::string dotenv = {};    // the variable to which a file .env gives the url
  // What is not known of the url comes from the application, which was given the configuration.
  bool may_be_configured = false;
  EnvAnswer version_table = {};
  EnvAnswer version_table_schema = {};
  std::vector<EnvRunEngine> engines = {};  // whose names are known, in the order of env.py
  bool has_other_engines = false;          // it computes their names
  // What context.run_migrations() is given, by its names: "engine_name"; "**" for computed names.
  std::vector<std::string> arguments = {};
  bool gives_nothing = false;  // it is given nothing, on some way
  // Of each way: the statements that it executes before the migrations, as far as they are known.
  std::vector<std::vector<std::string>> executed = {};
  std::set<std::string> statements = {};  // that some way executes, on whatever connection
  int line_of_x_arguments = 0;            // where it looks at all that -x says; 0: nowhere
  std::set<int> reached = {};             // the lines that some way comes to

  bool is_followed() const { return end == End::migrates || end == End::does_nothing; }
};

// text: of env.py.
EnvRun follow_env(const AlembicProject& project, const std::string& text);

// Reads env.py and keeps what it comes to with the project.
void follow_env_of(AlembicProject& project);
// Nothing: there is no env.py.
const EnvRun* env_run_of(const AlembicProject& project);

}  // namespace limbeck::alembic
