#include "alembic/engines.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>

#include "limbeck/error.h"

#include "alembic/env_script.h"
#include "project/engine.h"
#include "project/project.h"
#include "unit/temporary_folder.h"

using namespace limbeck;
namespace fs = std::filesystem;
using Names = std::vector<std::string>;

namespace {

const std::string two_engines = R"(
databases = one, two
[one]
sqlalchemy.url = sqlite+aiosqlite:///%(here)s/1.db
[two]
sqlalchemy.url = postgresql+psycopg2://h/%%2
)";

const std::string engines_head =
    "from alembic import context; from app import settings, names; import os, re; "
    "from sqlalchemy import create_engine, engine_from_config; config = context.config\n";

// As Alembic's template has it, in short; what it does before, and what with a name of a database.
std::string multidb(const std::string& before = "", const std::string& with_name = "",
                    const std::string& options = "") {
  return engines_head + before +
         "for name in re.split(r',\\s*', config.get_main_option('databases') or names()):\n" +
         with_name +
         "    with engine_from_config(config.get_section(name)).connect() as connection:\n"
         "        context.configure(connection=connection" +
         options +
         ")\n"
         "        context.run_migrations(engine_name=name)\n";
}

// As Flask-Migrate's template has it, in short.
const std::string flask_multidb =
    "from alembic import context; from flask import current_app; config = context.config\n"
    "engines = {'': {'engine': current_app.engine()}}\n"
    "for name in list(current_app.config['SQLALCHEMY_BINDS'].keys()):\n"
    "    engines[name] = {'engine': current_app.engine(name)}\n"
    "for name, rec in engines.items():\n"
    "    context.configure(connection=rec['engine'].connect())\n"
    "    context.run_migrations(engine_name=name)\n";

class EngineFolder : public test::TemporaryFolder {
 public:
  EngineFolder() { unsetenv("DATABASE_URL"); }
  Project load(const std::string& ini, const std::string& toml = "",
               const std::string& env = multidb()) const {
    write("db/env.py", env);
    write("alembic.ini", "[alembic]\nscript_location = db\n" + ini);
    return load_project(write("limbeck.toml", toml));
  }
  // Where the engine is; or what is said instead.
  std::string url_of(Project project, const std::string& engine,
                     std::string* hint = nullptr) const {
    try {
      if (!engine.empty()) choose_engine(project, engine);
      CHECK(has_database(project) == has_url(project));
      return database_url(project, "").relative_to(path().string()).redacted();
    } catch (const Error& error) {
      if (hint != nullptr) *hint = error.report().hint;
      return error.report().message;
    }
  }
  std::string failure(const std::string& ini, const std::string& toml,
                      const std::string& env) const {
    try {
      load(ini, toml, env);
    } catch (const Error& error) {
      CHECK(error.code() == ExitCode::invalid_project);
      CHECK(error.report().place->line > 0);
      return error.report().message;
    }
    return "no error";
  }

 private:
  static bool has_url(const Project& project) {
    try {
      database_url(project, "");
      return true;
    } catch (const Error&) {
      return false;
    }
  }
};

}  // namespace

TEST_CASE("the engines of alembic.ini have urls of their own") {
  const EngineFolder folder;
  const Project project = folder.load(two_engines);
  CHECK(shown_engines(*project.alembic) == Names{"one", "two"});
  CHECK_FALSE(project.alembic->engine);
  CHECK(folder.url_of(project, "one") ==
        "sqlite+aiosqlite:///" + (folder.path() / "1.db").string());
  CHECK(folder.url_of(project, "two") == "postgresql+psycopg2://h/%2");
  std::string hint;
  CHECK(folder.url_of(project, "", &hint) ==
        "this project has several databases, and it is not said which one is meant");
  CHECK(hint.ends_with("its engines are one, two"));
  CHECK(folder.url_of(project, "tow", &hint) == "this project has no engine tow");
  CHECK(hint == "did you mean two?");
  CHECK(folder.url_of(project, "<default>") == "this project has no engine <default>");
}

TEST_CASE("the section that nobody has chosen is no engine that somebody has") {
  const EngineFolder folder;
  const std::string ini =
      "databases = alembic, two\nsqlalchemy.url = sqlite:///1.db\n[two]\nsqlalchemy.url = "
      "sqlite:///2.db\n";
  CHECK_FALSE(folder.load(ini).alembic->engine);
  CHECK(folder.url_of(folder.load(ini), "alembic").ends_with("1.db"));
}

TEST_CASE("how engines are listed") {
  const EngineFolder folder;
  const std::string computed =
      engines_head +
      "for name in names():\n    context.configure(settings.connection(name))\n"
      "    context.run_migrations(engine_name=name)\n";
  const auto listed = [&](const std::string& databases) {
    return shown_engines(*folder.load("databases =" + databases + "\n", "", computed).alembic);
  };
  CHECK(listed(" a,b ,\n  c, a,") == Names{"a", "b", "c"});
  CHECK(listed("").empty());
  CHECK(listed(" %(DATABASES)s").empty());
  CHECK(listed(" % broken").empty());
  folder.write("pyproject.toml",
               "[tool.alembic]\nscript_location = \"db\"\ndatabases = [\"a\", \"b\"]\n");
  fs::remove(folder.path() / "alembic.ini");
  CHECK(shown_engines(*load_project(folder.path() / "pyproject.toml").alembic) == Names{"a", "b"});
}

TEST_CASE("the engine that limbeck.toml names, and the only one that there is") {
  const EngineFolder folder;
  const Project named = folder.load(two_engines, "[alembic]\nengine = \"two\"\n");
  CHECK(folder.url_of(named, "") == "postgresql+psycopg2://h/%2");
  CHECK(folder.url_of(named, "one").ends_with("1.db"));
  CHECK(folder.failure(two_engines, "[alembic]\nengine = \"tow\"\n", "") ==
        "this project has no engine tow");
  CHECK(folder.failure(two_engines, "[alembic]\nengine = \"\"\n", "") ==
        "this project has no engine <default>");
  folder.write("limbeck.toml", "");
  folder.write("both.ini",
               "[DEFAULT]\nscript_location = db\ndatabases = one, two\n[one]\n[two]\n"
               "sqlalchemy.url = sqlite:///2.db\n[alembic]\n");
  CHECK(load_project(folder.path() / "both.ini", "two").alembic->engine == "two");
  CHECK_FALSE(load_project(folder.path() / "both.ini").alembic->engine);
  const std::string one = "databases = one\n[one]\nsqlalchemy.url = sqlite:///1.db\n";
  CHECK(folder.load(one).alembic->engine == "one");
  CHECK(folder.url_of(folder.load(one), "").ends_with("1.db"));
  CHECK(folder.url_of(folder.load(one, "url = \"sqlite:///own.db\"\n"), "").ends_with("own.db"));
}

TEST_CASE("urls of engines in limbeck.toml come first, and one url is not that of all") {
  const EngineFolder folder;
  setenv("LIMBECK_T_ONE", "sqlite:///of_variable.db", 1);
  const Project urls = folder.load(two_engines, "[alembic.engines]\none = \"${LIMBECK_T_ONE}\"\n");
  CHECK(shown_engines(*urls.alembic) == Names{"one", "two"});
  CHECK(folder.url_of(urls, "one").ends_with("of_variable.db"));
  CHECK(folder.url_of(urls, "two") == "postgresql+psycopg2://h/%2");
  const std::string third = "[alembic.engines]\nthree = \"sqlite:///3.db\"\n";
  CHECK(folder.failure(two_engines, third, "") ==
        "alembic.ini lists the databases, and three is none of them");
  CHECK(folder.url_of(folder.load("", third + "two = \"sqlite:///2.db\"\n"), "three")
            .ends_with("3.db"));

  const std::string url = "url = \"sqlite:///own.db\"\n";
  std::string hint;
  CHECK(folder.url_of(folder.load(two_engines, url), "one", &hint) ==
        "url does not say of which engine it is, and the engine one is meant");
  CHECK(hint.starts_with("write it into the table [alembic.engines]: one = \"...\""));
  CHECK(folder.url_of(folder.load(two_engines, url), "").ends_with("own.db"));
  const Project of_one = folder.load(two_engines, url + "[alembic]\nengine = \"one\"\n");
  CHECK(folder.url_of(of_one, "").ends_with("own.db"));
  CHECK(folder.url_of(of_one, "two") == "postgresql+psycopg2://h/%2");
}

TEST_CASE("an engine without a url says why") {
  const EngineFolder folder;
  const std::string ini = R"(
databases = one, two, three, four
[two]
other = 1
[three]
sqlalchemy.url = driver://user:pass@localhost/dbname
[four]
sqlalchemy.url = postgresql://%(DB_USER)s@h/d
)";
  const Project project = folder.load(ini);
  std::string hint;
  CHECK(folder.url_of(project, "one", &hint) == "the engine one has no url");
  CHECK(hint.starts_with("say sqlalchemy.url in a section [one]; or name its database with --url"));
  CHECK(folder.url_of(project, "two") == "the engine two has no url");
  const std::string placeholder = "is no url but a placeholder";
  CHECK(folder.url_of(project, "three").ends_with(placeholder));
  CHECK(folder.url_of(project, "four").ends_with(placeholder));
  const std::string set = "    config.set_section_option(name, \"sqlalchemy.url\", ";
  CHECK(folder.url_of(folder.load(two_engines, "", multidb("", set + "settings.urls[name])\n")),
                      "one") ==
        "env.py computes the urls of the engines, which Limbeck does not do");
  CHECK(folder.url_of(
            folder.load(two_engines, "",
                        multidb("", set + "config.get_section_option(name, 'sqlalchemy.url')"
                                          ".replace('%', '%%'))\n")),
            "two") == "postgresql+psycopg2://h/%2");
}

TEST_CASE("what env.py comes to for each engine") {
  const EngineFolder folder;
  // "one=sqlite:///1.db two?", and "..." for those whose names it computes.
  const auto engines = [&](const std::string& env, const std::string& ini = two_engines) {
    const EnvEngines found = read_env_engines(*folder.load(ini, "", env).alembic);
    std::string text;
    for (const EnvEngine& it : found.engines)
      text += it.name + (it.url ? "=" + *it.url : "?") + (it.is_always_migrated ? " " : "! ");
    return text + (found.has_others ? "..." : "");
  };
  const std::string one = "one=sqlite+aiosqlite:///" + (folder.path() / "1.db").string() + " ";
  const std::string two = "two=postgresql+psycopg2://h/%2 ";
  CHECK(engines(multidb()) == one + two);
  const std::string set = "    config.set_section_option(name, 'sqlalchemy.url', ";
  CHECK(engines(multidb("", set + "f'sqlite:///{name}.db')\n")) ==
        "one=sqlite:///one.db two=sqlite:///two.db ");
  CHECK(engines(multidb("", set + "os.environ.get(name) or settings.urls[name])\n")) ==
        "one? two? ");
  CHECK(engines(multidb("config.file_config.set('one', 'sqlalchemy.url', 'sqlite:///o.db')\n")) ==
        "one=sqlite:///o.db " + two);
  CHECK(engines(multidb("", "    if name == 'one':\n        continue\n")) == two);
  CHECK(engines(multidb("", "    if name in settings.skipped:\n        continue\n")) ==
        one.substr(0, one.size() - 1) + "! " + two.substr(0, two.size() - 1) + "! ");
  CHECK(engines(multidb(), "") == "...");
  const std::string begin = engines_head +
                            "def go(name, url, **more):\n"
                            "    context.configure(create_engine(url).connect())\n"
                            "    context.run_migrations(**more)\n";
  CHECK(engines(begin + "for n in ['one', 'two']:\n"
                        "    go(n, config.get_section(n)['sqlalchemy.url'], db=n)\n") == one + two);
  // As alembic.ini names them.
  const std::string unnamed = "for n in ['one', 'two']:\n    go(n, 'sqlite:///' + n)\n";
  CHECK(engines(begin + unnamed) == "one=sqlite:///one two=sqlite:///two ");
  CHECK(engines(begin + "go(0, config.get_section('two')['sqlalchemy.url'])\n") == two);
  CHECK(engines(begin + "go(0, 'sqlite:///other.db')\n").empty());
  CHECK(engines(begin + unnamed, "") == "...");
  const std::string prefixed =
      engines_head +
      "for n in ['one', 'two']:\n"
      "    e = engine_from_config(config.get_section('alembic'), prefix=n + '.')\n"
      "    context.configure(e.connect())\n    context.run_migrations(engine_name=n)\n";
  CHECK(engines(prefixed, "one.url = sqlite:///1.db\ntwo.url = sqlite:///2.db\n") ==
        "one=sqlite:///1.db two=sqlite:///2.db ");
}

TEST_CASE("engines that env.py leaves out") {
  const EngineFolder folder;
  const Project skips =
      folder.load(two_engines, "", multidb("", "    if name == 'one': continue\n"));
  CHECK(skips.alembic->engine == "two");
  CHECK(folder.url_of(skips, "") == "postgresql+psycopg2://h/%2");
  CHECK(folder.url_of(skips, "one") == "env.py does not migrate the engine one");
  const Project may_skip =
      folder.load(two_engines, "", multidb("", "    if name in settings.skipped: continue\n"));
  CHECK(folder.url_of(may_skip, "two") == "postgresql+psycopg2://h/%2");
  CHECK_THROWS_WITH(engines_without_choice(may_skip),
                    "env.py migrates the engine one under a condition that Limbeck does not know");
  // What alembic.ini lists, and env.py does not ask for, are no databases.
  const Project single =
      folder.load(two_engines, "",
                  engines_head +
                      "context.configure(create_engine('sqlite:///only.db').connect())\n"
                      "context.run_migrations()\n");
  CHECK(shown_engines(*single.alembic).empty());
  CHECK(folder.url_of(single, "").ends_with("only.db"));
}

TEST_CASE("a version table of each engine's own is not that of the project") {
  const EngineFolder folder;
  const std::string computed = multidb("", "", ", version_table=settings.tables[name]");
  const std::string said =
      "env.py computes the name of the version table, and each engine may have its own";
  CHECK(folder.url_of(folder.load(two_engines, "", computed), "one") == said);
  CHECK_THROWS_AS(database_url(folder.load(two_engines, "[alembic]\nengine = \"one\"\n", computed),
                               "sqlite:///of_option.db"),
                  Error);
  CHECK(folder
            .url_of(
                folder.load(two_engines, "[alembic]\nversion_table = \"version_one\"\n", computed),
                "one")
            .ends_with("1.db"));
  CHECK(folder.url_of(folder.load(two_engines, "version_table = \"v\"\n", computed), "one")
            .ends_with("1.db"));
  const std::string constant = multidb("", "", ", version_table='versions', version_table_pk=pk()");
  CHECK(folder.url_of(folder.load(two_engines, "", constant), "one").ends_with("1.db"));
  const std::string own = multidb("", "", ", version_table='version_%s' % name");
  Project project = folder.load(two_engines, "", own);
  choose_engine(project, "two");
  CHECK(project.database.version_table.object.name == "version_two");
  CHECK(folder.load(two_engines, "[alembic]\nengine = \"one\"\n", own)
            .database.version_table.object.name == "version_one");
  CHECK(folder.load(two_engines, "version_table = \"v\"\n[alembic]\nengine = \"one\"\n", own)
            .database.version_table.object.name == "v");
  const std::string same =
      "databases = one, two\n[DEFAULT]\nsqlalchemy.url = sqlite:///d.db\n[one]\n[two]\n";
  CHECK(folder.url_of(folder.load(same, "", own), "two").ends_with("d.db"));
}

TEST_CASE("two engines with one url are none") {
  const EngineFolder folder;
  const std::string ini =
      "databases = one, two, three\n[DEFAULT]\nsqlalchemy.url = sqlite:///d.db\n"
      "[one]\n[two]\n[three]\nsqlalchemy.url = sqlite:///3.db\n";
  const std::string said =
      " have the same url, and one version table cannot say where both of them are";
  CHECK(folder.url_of(folder.load(ini), "one") == "the engines one and two" + said);
  CHECK(folder.url_of(folder.load(ini), "two") == "the engines two and one" + said);
  CHECK(folder.url_of(folder.load(ini), "three").ends_with("3.db"));
  CHECK(folder.url_of(folder.load(ini, "[alembic.engines]\none = \"sqlite:///1.db\"\n"), "two")
            .ends_with("d.db"));
  CHECK(folder.url_of(folder.load("", "[alembic.engines]\na = \"${A}\"\nb = \"${A}\"\n"), "a") ==
        "the engines a and b" + said);
  const std::string flask = "url = \"${A}\"\n[alembic.engines]\nusers = \"${A}\"\n";
  CHECK(folder.url_of(folder.load("", flask, flask_multidb), "users") ==
        "the engines users and <default>" + said);
  const std::string own_table = "[alembic]\nengine = \"one\"\nversion_table = \"one\"\n";
  CHECK(folder.url_of(folder.load(ini, own_table), "").ends_with("d.db"));
}

TEST_CASE("engines that nobody lists are taken where env.py names some") {
  const EngineFolder folder;
  const std::string main = "sqlalchemy.url = sqlite:///main.db\n";
  const std::string single =
      engines_head +
      "context.configure(engine_from_config(config.get_section('alembic')).connect())\n"
      "context.run_migrations()\n";
  const std::string more = engines_head +
                           "for name in ['', *names()]:\n"
                           "    e = engine_from_config(config.get_section(name or 'alembic'))\n"
                           "    context.configure(e.connect())\n"
                           "    context.run_migrations(engine_name=name)\n";
  CHECK(folder.url_of(folder.load(main, "", more), "users") ==
        "env.py computes the urls of the engines, which Limbeck does not do");
  CHECK(folder.url_of(folder.load(main, "", more), "<default>").ends_with("main.db"));
  CHECK(folder.url_of(folder.load(main, "", more), "") ==
        "env.py takes one url or another, and Limbeck does not know which");
  std::string hint;
  CHECK(folder.url_of(folder.load(main, "", single), "users", &hint) ==
        "this project has no engine users: it has one database");
  CHECK(hint.find("[alembic.engines]") != std::string::npos);
  const fs::path own = folder.write("own/limbeck.toml", "");
  CHECK(folder.url_of(load_project(own), "users") ==
        "this project has no engine users: it is none of Alembic's");
}

TEST_CASE("the main one of Flask-Migrate has no name") {
  const EngineFolder folder;
  const std::string& env = flask_multidb;
  const std::string users = "[alembic.engines]\nusers = \"sqlite:///users.db\"\n";
  const Project project = folder.load("", "url = \"sqlite:///main.db\"\n" + users, env);
  CHECK(shown_engines(*project.alembic) == Names{"<default>", "users"});
  CHECK(folder.url_of(project, "<default>").ends_with("main.db"));
  CHECK(folder.url_of(project, "users").ends_with("users.db"));
  const Project both = folder.load("", users + "\"\" = \"sqlite:///named.db\"\n", env);
  CHECK(folder.url_of(both, "<default>").ends_with("named.db"));
  const Project shown = folder.load("", users + "\"<default>\" = \"sqlite:///named.db\"\n", env);
  CHECK(folder.url_of(shown, "<default>").ends_with("named.db"));
  CHECK(folder.failure("",
                       users + "\"<default>\" = \"sqlite:///a.db\"\n\"\" = \"sqlite:///b.db\"\n",
                       env) == "the engine <default> stands here twice");
  const Project configured =
      folder.load("", "url = \"sqlite:///main.db\"\n[alembic]\nengine = \"\"\n" + users, env);
  CHECK(configured.alembic->engine == "");
  CHECK(folder.url_of(configured, "").ends_with("main.db"));
}

TEST_CASE("the engines that one has to be chosen of") {
  const EngineFolder folder;
  CHECK(engines_without_choice(folder.load(two_engines)) == Names{"one", "two"});
  CHECK(engines_without_choice(folder.load(two_engines, "[alembic]\nengine = \"two\"\n")).empty());
  CHECK(engines_without_choice(folder.load(two_engines, "url = \"sqlite:///own.db\"\n")).empty());
  CHECK(engines_without_choice(folder.load("databases = one\n[one]\n")).empty());
  CHECK(engines_without_choice(folder.load("")).empty());
  CHECK(engines_without_choice(Project{}).empty());
  const std::string toml =
      "url = \"sqlite:///main.db\"\n[alembic.engines]\nusers = \"sqlite:///u.db\"\n";
  CHECK(engines_without_choice(folder.load("", toml, flask_multidb)) == Names{"", "users"});
}

TEST_CASE("what env.py gives to scripts") {
  const EngineFolder folder;
  const auto given = [&](const std::string& run) {
    return read_env_engines(
        *folder
             .load("", "",
                   engines_head + "name = 'one'\ncontext.configure(names.connection)\n" + run)
             .alembic);
  };
  const auto argument = [&](const std::string& run) { return given(run).engine_argument(); };
  CHECK(argument("context.run_migrations(engine_name=name)\n") == "engine_name");
  CHECK(argument("context.run_migrations(db_name = f(a, b))\n") == "db_name");
  CHECK(argument("context.run_migrations(urls=urls, engine_name=name)\n") == "engine_name");
  CHECK(argument("context.run_migrations(a=1, b=2)\n").empty());
  CHECK(argument("context.run_migrations(**given)\n").empty());
  CHECK(argument("context.run_migrations(**{'engine_name': name})\n") == "engine_name");
  CHECK(argument("def run_migrations(connection=None):\n    pass\nrun_migrations(c)\n").empty());
  CHECK(given("context.run_migrations(**given)\n").has_others);
  CHECK(given("with context.begin_transaction():\n    context.run_migrations()\n").gives_nothing);
  const EnvEngines both = given(
      "if names.several:\n    context.run_migrations(engine_name=name)\n"
      "else:\n    context.run_migrations()\n");
  CHECK_FALSE(both.gives_nothing);
  CHECK_FALSE(both.gives_always);
  CHECK(given("context.run_migrations(engine_name=name)\n").gives_always);
}
