#include "alembic/env_session.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "alembic/env_run.h"
#include "unit/temporary_folder.h"

using namespace limbeck;

namespace {

// "search_path=..., role=...", and "NAME in LINE?" for what is not known.
std::string told(const std::string& env) {
  const test::TemporaryFolder folder;
  folder.write("db/env.py", env);
  AlembicProject project;
  project.script_location = folder.path() / "db";
  alembic::follow_env_of(project);
  const EnvSession session = read_env_session(project);
  std::string text;
  for (const auto& [name, value] : session.settings) text += fmt::format("{}={};", name, value);
  for (const auto& [name, line] : session.unknown) text += fmt::format("{} in {}?;", name, line);
  return text;
}

std::string told_of_statement(const std::string& python) {
  return told("connection.execute(text(" + python + "))\n");
}

}  // namespace

TEST_CASE("what env.py sets for its session") {
  CHECK(told_of_statement(R"("SET search_path TO app")") == "search_path=\"app\";");
  CHECK(told_of_statement(R"('set session SEARCH_PATH = "My App", public, \'x,y\';')") ==
        R"(search_path="My App", "public", "x,y";)");
  CHECK(told_of_statement(R"("SET LOCAL search_path TO \"$user\",Public")") ==
        R"(search_path="$user", "public";)");
  CHECK(told_of_statement(R"("SET SCHEMA 'app'")") == "search_path=\"app\";");
  CHECK(told_of_statement(R"("SET ROLE Owner; SET search_path=app")") ==
        "role=owner;search_path=\"app\";");
  CHECK(told_of_statement(R"('SET ROLE "App-Owner"')") == "role=App-Owner;");
  CHECK(told("e = create_engine(u, connect_args={'options': "
             "'-csearch_path=app,public -c role=o -c x=1'})") == "search_path=app,public;role=o;");
  CHECK(told("S = 'app'\nc.execute(f'SET search_path TO {S}')\n") == "search_path=\"app\";");
  CHECK(told("if c.dialect.name == 'postgresql':\n    c.execute('SET ROLE o')\n") == "role=o;");
  CHECK(told("def set_up(c):\n    c.execute('SET ROLE o')\nc.execute('SET ROLE o')\n") ==
        "role=o;");
}

TEST_CASE("what env.py sets to what nobody knows") {
  for (const std::string python :
       {R"("SET search_path TO %s" % schema)", R"("SET search_path TO " + schema)",
        R"("SET search_path TO {}".format(schema))", R"(f"set search_path to {schema}")",
        R"("SET search_path TO :schema")",
        R"py(f"SELECT set_config('search_path', '{s}', false)")py",
        R"("SET search_path TO a; SET search_path TO b")", R"("SET search_path = a.b")"}) {
    CAPTURE(python);
    CHECK(told_of_statement(python) == "search_path in 1?;");
  }
  CHECK(told("if tenant:\n    c.execute('SET ROLE o')\n") == "role in 2?;");
  CHECK(told("if c.dialect.name != 'postgresql':\n    c.execute('SET ROLE o')\n") == "role in 2?;");
  CHECK(told("for s in schemas:\n    c.execute('SET ROLE o')\n") == "role in 2?;");
  CHECK(told("c = c.execution_options(schema_translate_map={None: 'app'})\n") ==
        "schema_translate_map in 1?;");
  CHECK(told("e = create_engine(u, connect_args={'options': f'-csearch_path={s}'})") ==
        "search_path in 1?;");
}

TEST_CASE("what env.py sets for its session, where it is followed") {
  const auto told_of_run = [](const std::string& statements) {
    std::string env =
        "import os\nfrom alembic import context\nfrom sqlalchemy import create_engine, text\n"
        "with create_engine('postgresql://x/y').connect() as c:\n    "
        "context.configure(connection=c)\n";
    for (std::size_t at = 0; at < statements.size();) {
      const std::size_t end = statements.find('\n', at);
      env += "    " + statements.substr(at, end - at) + "\n";
      at = end + 1;
    }
    return told(env + "    context.run_migrations()\n");
  };
  const std::string owner =
      "owner = os.getenv('LIMBECK_TEST_OWNER')\nif owner:\n"
      "    safe = owner.replace('\"', '\"\"')\n    c.execute(text(f'SET ROLE \"{safe}\"'))\n";
  CHECK(told_of_run(owner).empty());
  setenv("LIMBECK_TEST_OWNER", "My Owner", 1);
  CHECK(told_of_run(owner) == "role=My Owner;");
  unsetenv("LIMBECK_TEST_OWNER");
  CHECK(told_of_run("path = text('SET search_path TO app')\nc.execute(path)\n") ==
        "search_path=\"app\";");
  for (const std::string back :
       {"RESET ROLE", "SET ROLE NONE", "RESET ALL", "SET SESSION ROLE DEFAULT"})
    CHECK(told_of_run("c.execute(text('SET ROLE o'))\nc.execute(text('" + back + "'))\n").empty());
  CHECK(told_of_run("import app\nif app.c.dialect.name == 'postgresql':\n    c.execute(text('SET "
                    "ROLE o'))\n") == "role=o;");
  CHECK(told_of_run("import app\nif app.owner:\n    c.execute(text('SET ROLE o'))\n") ==
        "role in 8?;");
  CHECK(told_of_run("import app\nc.execute(text('SET ROLE ' + app.owner))\n") == "role in 7?;");
  CHECK(told_of_run("c.execute('SET ROLE a')\nc.execute('/* b */ SET ROLE b')\n") == "role=b;");
  CHECK(told_of_run("c.execute('SET ROLE o')\nc.rollback()\n").empty());
  CHECK(told_of_run("c.execute('SET ROLE o')\nc.commit()\nc.rollback()\n") == "role=o;");
  CHECK(told_of_run("c.execute('SET LOCAL ROLE o')\n") == "role=o;");
  CHECK(told_of_run("c.execute('SET LOCAL ROLE o')\nc.commit()\n").empty());
  CHECK(told_of_run("c.execute('SET SESSION AUTHORIZATION o')\n") == "role in 6?;");
  CHECK(told_of_run(
            "c.execute(text('SELECT set_config(:n, :v, false)'), {'n': 'role', 'v': 'o'})\n") ==
        "role=o;");
  CHECK(told_of_run("from sqlalchemy import func, select\nc.execute(select(func.set_config("
                    "'search_path', 'app', False)))\n") == "search_path=\"app\";");
  CHECK(told_of_run("with create_engine('postgresql://x/z').begin() as other:\n"
                    "    other.execute('SET ROLE o')\n")
            .empty());
  CHECK(told_of_run("context.run_migrations()\nc.execute('SET ROLE o')\nraise SystemExit()\n")
            .empty());
  CHECK(told_of_run("import app\nother = create_engine('postgresql://x/z', "
                    "connect_args={'options': '-crole=o'})\n")
            .empty());
  CHECK(told("c = c.execution_options(schema_translate_map={None: None})\n").empty());
  CHECK(told("from sqlalchemy import event\n@event.listens_for(engine, 'connect')\ndef set(c, _):\n"
             "    c.cursor().execute('SET ROLE o')\n") == "role=o;");
}

TEST_CASE("what is no setting of the session") {
  for (const std::string env :
       {"'''SET search_path TO app'''\n", "# SET search_path TO app\n",
        "c.execute('SET lock_timeout = 5')\n", "c.execute('RESET ROLE')\n",
        "c.execute('SET ROLE none')\n", "c.execute('SET search_path TO DEFAULT')\n",
        "c.execute('SHOW search_path')\n", "x = 'settle role'\n",
        "def run_migrations_offline():\n    context.execute('SET search_path TO app')\n"}) {
    CAPTURE(env);
    CHECK(told(env).empty());
  }
}
