// env.py followed from its first line to context.configure(), as Alembic would run it for
// "upgrade": which database it connects to, and which version table it names.
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
};

struct EnvRun {
  // It calls context.configure() with a connection; else nothing else of this is known.
  bool is_followed = false;
  int ends_in = 0;  // the line in which it ends itself on every way, before the migrations; 0: none
  EnvAnswer url = {};
  bool may_be_configured = false;  // what is not known of the url may come from alembic.ini
  EnvAnswer version_table = {};
  EnvAnswer version_table_schema = {};
  // Of each way: the statements that it executes before the migrations, as far as they are known.
  std::vector<std::vector<std::string>> executed = {};
  std::set<int> reached = {};  // the lines that some way comes to
};

// text: of env.py.
EnvRun follow_env(const AlembicProject& project, const std::string& text);

// The same, as it was found out when the project was loaded.
EnvRun env_run_of(const AlembicProject& project, const std::string& text);

}  // namespace limbeck::alembic
