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

class EngineFolder : public test::TemporaryFolder {
 public:
  EngineFolder() { unsetenv("DATABASE_URL"); }
  Project load(const std::string& ini, const std::string& toml = "",
               const std::string& env = "context.run_migrations(engine_name=name)\n") const {
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
  const auto listed = [&](const std::string& databases) {
    return shown_engines(*folder.load("databases =" + databases + "\n").alembic);
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
  const std::string set = "for n in names:\n    config.set_section_option(n, \"sqlalchemy.url\", ";
  CHECK(folder.url_of(folder.load(two_engines, "", set + "urls[n])\n"), "one") ==
        "env.py computes the urls of the engines, which Limbeck does not do");
  CHECK(folder.url_of(folder.load(two_engines, "", set + "config.get_section_option(n, 'x'))\n"),
                      "two") == "postgresql+psycopg2://h/%2");
}

TEST_CASE("what env.py puts into the place of an engine's url") {
  const EngineFolder folder;
  const auto replaced = [&](const std::string& env) {
    return read_env_engines(*folder.load(two_engines, "", env).alembic).replaced_in;
  };
  const std::string set = "config.set_section_option(n, \"sqlalchemy.url\", ";
  CHECK(replaced("\n" + set + "config.get_main_option('sqlalchemy.url') + n)\n") == 2);
  CHECK(replaced(set + "os.environ.get(n) or config.get_section_option(n, 'sqlalchemy.url'))\n") ==
        1);
  CHECK(replaced(set + "config.get_section(n)['sqlalchemy.url'].replace('+asyncpg', ''))\n") == 0);
  CHECK(replaced("def go():\n    section['sqlalchemy.url'] = urls[n]\n") == 2);
  CHECK(replaced("section['sqlalchemy.url'] = section['sqlalchemy.url'].replace('a', 'b')\n") == 0);
  CHECK(replaced("engine_from_config(\n    {'sqlalchemy.url': url_for(n)}, prefix='')\n") == 2);
  CHECK(replaced("rec['url'] = config.get_section_option(n, 'sqlalchemy.url')\n") == 0);
  CHECK(replaced("if section['sqlalchemy.url'] == url:\n    pass\n") == 0);
  CHECK(replaced("section['sqlalchemy.url']\n") == 0);
  const auto unread = [&](const std::string& ini, const std::string& env) {
    return read_env_script(*folder.load(ini, "", env).alembic)->unread.size();
  };
  const std::string section = "section['sqlalchemy.url'] = url()\n";
  CHECK(unread(two_engines, section) == 1);
  CHECK(unread("", section + "context.run_migrations(engine_name=name)\n") == 1);
  CHECK(unread("", section + "context.run_migrations()\n") == 1);  // of one database
}

TEST_CASE("a version table of each engine's own is not that of the project") {
  const EngineFolder folder;
  const std::string computed =
      "context.configure(version_table=\"version_%s\" % name)\n"
      "context.run_migrations(engine_name=name)\n";
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
  const std::string constant =
      "TABLE = \"versions\"\ncontext.configure(version_table=TABLE, version_table_pk=pk())\n";
  CHECK(folder.url_of(folder.load(two_engines, "", constant), "one").ends_with("1.db"));
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
  CHECK(folder.url_of(folder.load("", flask, "bind_names\n"), "users") ==
        "the engines users and <default>" + said);
  const std::string own_table = "[alembic]\nengine = \"one\"\nversion_table = \"one\"\n";
  CHECK(folder.url_of(folder.load(ini, own_table), "").ends_with("d.db"));
}

TEST_CASE("engines that nobody lists are taken where env.py names some") {
  const EngineFolder folder;
  const std::string main = "sqlalchemy.url = sqlite:///main.db\n";
  CHECK(folder.url_of(folder.load(main), "users") == "the engine users has no url");
  CHECK(folder.url_of(folder.load(main), "<default>").ends_with("main.db"));
  CHECK(folder.url_of(folder.load(main), "").ends_with("main.db"));
  std::string hint;
  CHECK(folder.url_of(folder.load(main, "", "context.run_migrations()\n"), "users", &hint) ==
        "this project has no engine users: it has one database");
  CHECK(hint.find("[alembic.engines]") != std::string::npos);
  const fs::path own = folder.write("own/limbeck.toml", "");
  CHECK(folder.url_of(load_project(own), "users") ==
        "this project has no engine users: it is none of Alembic's");
}

TEST_CASE("the main one of Flask-Migrate has no name") {
  const EngineFolder folder;
  const std::string env =
      "names = app.config['SQLALCHEMY_BINDS']\n"
      "config.set_main_option('sqlalchemy.url', url())\n"
      "config.set_section_option(bind, \"sqlalchemy.url\", url(bind_key=bind))\n"
      "context.run_migrations(engine_name=name)\n";
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
  const std::string flask =
      "config.set_main_option('sqlalchemy.url', url(app.config['SQLALCHEMY_BINDS']))\n";
  const std::string toml =
      "url = \"sqlite:///main.db\"\n[alembic.engines]\nusers = \"sqlite:///u.db\"\n";
  CHECK(engines_without_choice(folder.load("", toml, flask)) == Names{"", "users"});
}

TEST_CASE("what env.py gives to scripts") {
  const EngineFolder folder;
  const auto argument = [&](const std::string& env) {
    return read_env_engines(*folder.load("", "", env).alembic).engine_argument();
  };
  CHECK(argument("context.run_migrations(engine_name=name)\n") == "engine_name");
  CHECK(argument("context.run_migrations(db_name = f(a, b))\n") == "db_name");
  CHECK(argument("context.run_migrations(urls=urls, engine_name=name)\n") == "engine_name");
  CHECK(argument("context.run_migrations(a=1, b=2)\n").empty());
  CHECK(argument("context.run_migrations(**given)\n").empty());
  CHECK(read_env_engines(*folder.load("", "", "run_migrations(connection)\n").alembic)
            .arguments.empty());
  CHECK_FALSE(read_env_engines(*folder.load("", "", "context.run_migrations(**given)\n").alembic)
                  .arguments.empty());
  CHECK(argument("def run_migrations(connection=None):\n    pass\nrun_migrations(c)\n").empty());
  CHECK(argument("context.run_migrations(\n    engine_name=name,\n)\n") == "engine_name");
  CHECK(argument("context.run_migrations(engine_name\n").empty());
  const auto gives_nothing = [&](const std::string& env) {
    return read_env_engines(*folder.load("", "", env).alembic).gives_nothing;
  };
  CHECK(gives_nothing("with context.begin_transaction():\n    context.run_migrations()\n"));
  CHECK_FALSE(
      gives_nothing("context.run_migrations()\ncontext.run_migrations(engine_name=name)\n"));
  CHECK_FALSE(gives_nothing("def run_migrations():\n    go(context)\nrun_migrations()\n"));
  CHECK_FALSE(gives_nothing("from project import run\nrun(context)\n"));
}
