#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>

#include "limbeck/error.h"

#include "alembic/env_script.h"
#include "project/project.h"
#include "unit/temporary_folder.h"

using namespace limbeck;
namespace fs = std::filesystem;
using Strings = std::map<std::string, std::string>;

namespace {

class Folder : public test::TemporaryFolder {
 public:
  Folder() {
    for (const char* name : {"VIRTUAL_ENV", "CONDA_PREFIX", "DATABASE_URL"}) unsetenv(name);
  }
  fs::path operator/(const std::string& name) const { return path() / name; }
  Project load(const std::string& ini) const {
    fs::create_directories(path() / "db");
    return load_project(write("alembic.ini", ini));
  }
  ErrorReport failure(const std::string& ini) const {
    try {
      load(ini);
    } catch (const Error& error) {
      CHECK(error.code() == ExitCode::invalid_project);
      return error.report();
    }
    return {.message = "no error"};
  }
};

const std::string minimal = "[alembic]\nscript_location = db\n";

std::string url_of(const Project& project) {
  return database_url(project, "").redacted();
}

}  // namespace

TEST_CASE("an alembic.ini is a project") {
  const Folder folder;
  const Project project = folder.load(minimal);
  CHECK(project.file == folder / "alembic.ini");
  CHECK(project.migrations == std::vector{folder / "db/versions"});
  CHECK(project.database.version_table == QualifiedName{{}, {"alembic_version"}});
  CHECK(project.database.version_width == 32);
  CHECK(project.timezone == "local");
  CHECK(project.file_template == "%(rev)s_%(slug)s");
  REQUIRE(project.alembic);
  CHECK(project.alembic->script_location == folder / "db");
  CHECK(project.alembic->python == "python3");
  CHECK(project.alembic->options ==
        Strings{{"here", (folder / "").parent_path().string()}, {"script_location", "db"}});
}

TEST_CASE("what alembic.ini says about files and names") {
  const Folder folder;
  fs::create_directories(folder / "x/y");
  const Project project = folder.load(R"([alembic]
script_location = %(here)s/db
prepend_sys_path = . src
version_locations = %(here)s/db/versions, x/y
recursive_version_locations = true
file_template = %%(year)d_%%(slug)s
truncate_slug_length = 20
timezone = Europe/Berlin
user.option = %(script_location)s!
)");
  CHECK(project.migrations == std::vector{folder / "db/versions", folder / "x/y"});
  CHECK(project.recursive);
  CHECK(project.file_template == "%(year)d_%(slug)s");
  CHECK(project.slug_length == 20);
  CHECK(project.timezone == "Europe/Berlin");
  CHECK(project.alembic->python_paths == std::vector{folder / "", folder / "src"});
  CHECK(project.alembic->options.at("user.option") == (folder / "db!").string());
}

TEST_CASE("every separator of paths") {
  struct Separated {
    std::string separator;
    std::string locations;
  };
  const Folder folder;
  for (const Separated& each :
       {Separated{"", "a, b,c"}, Separated{"", "a  b c"}, Separated{"", "\n  a\n  b c"},
        Separated{"path_separator = os", "a:b: c"}, Separated{"path_separator = :", "a:b:c"},
        Separated{"path_separator = ;", "a; b;c"}, Separated{"path_separator = space", "a b  c"},
        Separated{"path_separator = newline", "\n  a\n  b\n\n  c"},
        Separated{"version_path_separator = os", "a:b:c"},
        Separated{"path_separator = ;\nversion_path_separator = os", "a;b;c"}}) {
    CAPTURE(each.separator);
    CAPTURE(each.locations);
    const Project project =
        folder.load(minimal + each.separator + "\nversion_locations = " + each.locations + "\n");
    CHECK(project.migrations == std::vector{folder / "a", folder / "b", folder / "c"});
  }
  const ErrorReport report =
      folder.failure(minimal + "path_separator = tab\nversion_locations = a\n");
  CHECK(report.message == "path_separator must be os, :, ;, space or newline, not \"tab\"");
  CHECK(report.place->line == 3);
  CHECK(report.place->column == 18);
}

TEST_CASE("a package in place of a folder") {
  const Folder folder;
  folder.write("src/app/db/__init__.py");
  folder.write("src/app/db/scripts/env.py");
  const std::string ini = "[alembic]\nscript_location = app.db:scripts\n";
  CHECK(folder.load(ini + "prepend_sys_path = src\n").alembic->script_location ==
        folder / "src/app/db/scripts");
  const ErrorReport report = folder.failure(ini);
  CHECK(report.message == "the package app.db is not found");
  CHECK(report.place->line == 2);
  folder.write("src/app/__init__.py");
  folder.write("src/app/alembic.ini", ini);
  CHECK(load_project(folder / "src/app/alembic.ini").alembic->script_location ==
        folder / "src/app/db/scripts");

  folder.write(".venv/pyvenv.cfg");
  folder.write(".venv/bin/python");
  folder.write(".venv/lib/python3.11/site-packages/editable.pth", (folder / "src").string() + "\n");
  const Project installed = folder.load(ini);
  CHECK(installed.alembic->script_location == folder / "src/app/db/scripts");
  CHECK(installed.alembic->python == folder / ".venv/bin/python");
}

TEST_CASE("a package that the file itself stands in") {
  const Folder folder;
  folder.write("app/__init__.py");
  folder.write("app/db/__init__.py");
  const fs::path ini =
      folder.write("app/db/scripts/alembic.ini", "[alembic]\nscript_location = app:db/scripts\n");
  CHECK(load_project(ini).alembic->script_location == folder / "app/db/scripts");
}

TEST_CASE("where the project's own packages may be") {
  const Folder folder;
  CHECK(folder.load(minimal).alembic->fallback_python_paths == std::vector{folder.path()});

  folder.write("src/app/__init__.py");
  folder.write("src/app/db/__init__.py");
  folder.write("src/app/db/scripts/env.py");
  const Project package = folder.load("[alembic]\nscript_location = src/app/db/scripts\n");
  CHECK(package.alembic->fallback_python_paths == std::vector{folder.path(), folder / "src"});
  CHECK(package.alembic->working_folder == folder.path());
}

TEST_CASE("another section of the ini file") {
  const Folder folder;
  fs::create_directories(folder / "two");
  const fs::path file =
      folder.write("alembic.ini", "[DEFAULT]\ntimezone = UTC\n[b]\nscript_location = two\n");
  const Project project = load_project(file, "b");
  CHECK(project.alembic->script_location == folder / "two");
  CHECK(project.alembic->section == "b");
  CHECK(project.timezone == "UTC");
  const ErrorReport report = folder.failure("[alembik]\nscript_location = db\n");
  CHECK(report.message == "there is no section [alembic] in this file");
  CHECK(report.hint == "did you mean alembik?");
}

TEST_CASE("a pyproject.toml with a table tool.alembic") {
  const Folder folder;
  fs::create_directories(folder / "db");
  const fs::path file = folder.write("pyproject.toml", R"([project]
name = "app"
[tool.alembic]
script_location = "%(here)s/db"
version_locations = ["%(here)s/a", "b"]
prepend_sys_path = ["."]
file_template = "%%(rev)s"
truncate_slug_length = 12
recursive_version_locations = true
[[tool.alembic.post_write_hooks]]
name = "ruff"
type = "module"
module = "ruff"
options = "check --fix REVISION_SCRIPT_FILENAME"
)");
  CHECK(find_project_file(folder / "db") == file);
  const Project project = load_project(file);
  CHECK(project.file == file);
  CHECK(project.migrations == std::vector{folder / "a", folder / "b"});
  CHECK(project.file_template == "%(rev)s");
  CHECK(project.slug_length == 12);
  CHECK(project.recursive);
  REQUIRE(project.hooks.size() == 1);
  CHECK(project.hooks[0].command ==
        std::vector<std::string>{"python3", "-m", "ruff", "check", "--fix", "${file}"});

  // What alembic.ini says comes first.
  const Project both = folder.load("[alembic]\ntruncate_slug_length = 9\n");
  CHECK(both.slug_length == 9);
  CHECK(both.migrations == std::vector{folder / "a", folder / "b"});
}

TEST_CASE("a pyproject.toml without that table is no project") {
  const Folder folder;
  fs::create_directories(folder / "sub");
  folder.write("sub/pyproject.toml", "[tool.alembic_tests]\nx = 1\n");
  const fs::path ini = folder.write("alembic.ini", minimal);
  CHECK(find_project_file(folder / "sub") == ini);
}

TEST_CASE("post write hooks") {
  const Folder folder;
  const Project project = folder.load(minimal + R"([post_write_hooks]
hooks = black, own
black.type = console_scripts
black.entrypoint = black
black.options = -l 79 "a b"
own.type = exec
own.executable = %(here)s/tool
own.options = --file=REVISION_SCRIPT_FILENAME -x
own.cwd = db
unused.type = exec
)");
  REQUIRE(project.hooks.size() == 2);
  CHECK(project.hooks[0].name == "black");
  CHECK(project.hooks[0].command ==
        std::vector<std::string>{"black", "${file}", "-l", "79", "a b"});
  CHECK(project.hooks[1].command ==
        std::vector<std::string>{(folder / "tool").string(), "--file=${file}", "-x"});
  CHECK(project.hooks[1].folder == folder / "db");
  CHECK(folder.failure(minimal + "[post_write_hooks]\nhooks = a\n").message ==
        "the post write hook a needs a.type");
  CHECK(folder.failure(minimal + "[post_write_hooks]\nhooks = a\na.type = b\n").message ==
        "the post write hook a is of the type b, which is not known");
}

TEST_CASE("the url of an Alembic project") {
  const Folder folder;
  const auto with_url = [&](const std::string& url) {
    return folder.load(minimal + "sqlalchemy.url = " + url + "\n");
  };
  CHECK(url_of(with_url("postgresql+asyncpg://u:pw@h/d")) == "postgresql+asyncpg://u:***@h/d");
  CHECK(database_url(with_url("sqlite+aiosqlite:///a.db"), "").target() ==
        (folder / "a.db").string());
  for (const std::string placeholder :
       {"driver://user:pass@localhost/dbname", "", "postgresql://user:pass@localhost/dbname",
        "set-in-env", "postgresql://%(USER)s:%(PASSWORD)s@h/d", "postgresql://${USER}@h/d"}) {
    CAPTURE(placeholder);
    const Project project = with_url(placeholder);
    try {
      url_of(project);
      FAIL("no error");
    } catch (const Error& error) {
      CHECK(error.code() == ExitCode::invalid_project);
      CHECK(error.report().message == "sqlalchemy.url is no url but a placeholder");
      CHECK(error.report().place->line == 3);
      CHECK(error.report().hint.starts_with("set DATABASE_URL"));
    }
    CHECK(database_url(project, "sqlite:///x.db").target() == fs::current_path() / "x.db");
    setenv("DATABASE_URL", "postgresql://h/own", 1);
    CHECK(url_of(project) == "postgresql://h/own");
    unsetenv("DATABASE_URL");
  }
  setenv("DATABASE_URL", "postgresql://h/own", 1);
  CHECK(url_of(with_url("postgresql://h/d")) == "postgresql://h/d");
  folder.write("db/env.py", "import os\nurl = os.environ.get('DATABASE_URL')\n");
  CHECK(url_of(with_url("postgresql://h/d")) == "postgresql://h/own");
  unsetenv("DATABASE_URL");
  CHECK(url_of(with_url("postgresql://h/d")) == "postgresql://h/d");
}

TEST_CASE("what env.py puts in the place of the url") {
  const Folder folder;
  const auto with_env = [&](const std::string& env) {
    folder.write("db/env.py", env);
    return folder.load(minimal + "sqlalchemy.url = postgresql://h/ini\n");
  };
  const std::string set = "config.set_main_option(\"sqlalchemy.url\", ";
  CHECK(url_of(with_env("x = 1\n")) == "postgresql://h/ini");
  CHECK(url_of(with_env(set + "'postgresql://h/env')\n")) == "postgresql://h/env");
  CHECK(url_of(with_env(set + "config.get_main_option('x'))\n")) == "postgresql://h/ini");
  CHECK(url_of(with_env("if x:\n    " + set + "y)\n")) == "postgresql://h/ini");
  const auto replaced = [&](const std::string& env) {
    return read_env_url(*with_env(env).alembic).replaced_in;
  };
  const std::string online = "def run_migrations_online():\n    with x:\n        ";
  CHECK(replaced(online + set + "get_url())\n") == 3);
  CHECK(replaced(online + "section[\"sqlalchemy.url\"] = get_url()\n") == 3);
  CHECK(replaced(online + "if x: section[\"sqlalchemy.url\"] = get_url()\n") == 0);
  CHECK(replaced(online + "if x:\n            section[\"sqlalchemy.url\"] = get_url()\n") == 0);
  CHECK(replaced("config.set_section_option(\"alembic\", \"sqlalchemy.url\", url)\n") == 1);
  CHECK(replaced("engine = engine_from_config({\"sqlalchemy.url\": url})\n") == 1);
  CHECK(url_of(with_env("engine_from_config({\"sqlalchemy.url\": \"sqlite://\"})\n")) ==
        "sqlite://");
  CHECK(replaced(set + "settings[\"sqlalchemy.url\"])\n") == 1);
  const std::string asked = "config.get_main_option(\"sqlalchemy.url\")";
  CHECK(replaced("url = " + asked + ".replace(\"%\", \"%%\")\n" + set + "url)\n") == 0);
  CHECK(replaced("url = os.getenv(\"X_URL\") or " + asked + "\n" + set + "url)\n") == 0);
  // Which of the two it is, is not known.
  const std::string falls_back =
      "def get_url():\n    return os.getenv(\"X_URL\") or "
      "config.get_main_option(\"sqlalchemy.url\")\n";
  CHECK(replaced(falls_back + online + "section[\"sqlalchemy.url\"] = get_url()\n") == 0);
  CHECK(replaced("s[\"sqlalchemy.url\"] = s[\"sqlalchemy.url\"].replace(\"%\", \"%%\")\n") == 0);
  const Project computed = with_env("import x\n" + set + "x.url().replace('%', '%%'))\n");
  try {
    url_of(computed);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.report().message == "env.py computes the url, which Limbeck does not do");
    CHECK(error.report().place->line == 2);
  }
  setenv("DATABASE_URL", "postgresql://h/own", 1);
  CHECK(url_of(computed) == "postgresql://h/own");
  unsetenv("DATABASE_URL");
  // A variable that is about something else.
  setenv("REDIS_URL", "redis://h", 1);
  CHECK(url_of(with_env("import os\nos.environ['REDIS_URL']\n")) == "postgresql://h/ini");
  unsetenv("REDIS_URL");
}

TEST_CASE("an engine that env.py has without alembic.ini") {
  const Folder folder;
  const auto with_env = [&](const std::string& env) {
    folder.write("db/env.py", env);
    return folder.load(minimal + "sqlalchemy.url = postgresql://h/ini\nown = postgresql://h/own\n");
  };
  const auto engine_in = [&](const std::string& env) {
    const EnvUrl url = read_env_url(*with_env(env).alembic);
    return url.is_of_engine ? url.replaced_in : 0;
  };
  const std::string online =
      "with connectable.connect() as connection:\n"
      "    context.configure(connection=connection)\n";
  CHECK(engine_in("from app.db import engine\nconnectable = engine\n" + online) == 3);
  CHECK(engine_in("from app import db\nconnectable = db.engine\n" + online) == 3);
  CHECK(engine_in("from app import get_engine\nconnectable = get_engine()\n" + online) == 3);
  CHECK(engine_in("connectable = create_engine(settings.DATABASE_URL)\n" + online) == 1);
  CHECK(engine_in("connectable = create_engine(os.environ[\"THE_DB\"])\n" + online) == 1);
  CHECK(engine_in("connectable = create_engine(f'sqlite:///{HERE}/a.db')\n" + online) == 1);
  CHECK(engine_in("connectable = config.attributes['connection']\n" + online) == 2);
  CHECK(engine_in("connectable = engine_from_config(settings.db, prefix='')\n" + online) == 1);
  CHECK(engine_in("connectable = engine_from_config(\n    config.get_section('alembic'), "
                  "url=settings.url)\n" +
                  online) == 1);
  CHECK(engine_in("from app.db import engine\n"
                  "def run_migrations_offline():\n"
                  "    url = config.get_main_option('sqlalchemy.url')\n"
                  "    context.configure(url=url)\n"
                  "def run(connection):\n"
                  "    context.configure(connection=connection)\n"
                  "async def run_migrations_online():\n"
                  "    async with engine.connect() as connection:\n"
                  "        await connection.run_sync(run)\n") == 8);
  // The configuration is asked, or may be.
  for (const std::string engine :
       {"engine_from_config(config.get_section(config.config_ini_section), poolclass=NullPool)",
        "create_engine(config.get_main_option('sqlalchemy.url'))",
        "create_engine(settings.url or config.get_main_option('sqlalchemy.url'))",
        "config.attributes.get('connection') or engine_from_config(config.get_section('x'))",
        "make_engine(config)", "make_engine(context.config)"}) {
    CAPTURE(engine);
    CHECK(engine_in("from app import make_engine, settings\nconfig = context.config\n"
                    "connectable = " +
                    engine + "\n" + online) == 0);
  }
  CHECK(engine_in("def url():\n    return x or config.get_main_option('sqlalchemy.url')\n"
                  "connectable = create_engine(url())\n" +
                  online) == 0);
  CHECK(engine_in("import app\nurl = config.get_main_option('sqlalchemy.url')\n"
                  "if not url:\n    url = app.url\n"
                  "def go():\n    connectable = create_engine(url)\n"
                  "    with connectable.connect() as connection:\n"
                  "        context.configure(connection=connection)\n") == 0);
  CHECK(engine_in("from app.db import engine\n") == 0);  // env.py does not migrate with it
  CHECK(engine_in("other = create_engine(settings.admin_url)\n"
                  "connectable = engine_from_config(config.get_section('alembic'))\n" +
                  online) == 0);

  // What is written out.
  const std::string made = "connectable = create_engine(";
  CHECK(url_of(with_env(made + "'sqlite:///x.db')\n" + online)).ends_with("x.db"));
  CHECK(url_of(with_env("URL = 'postgresql://h/' 'b'\n" + made + "URL, echo=True)\n" + online)) ==
        "postgresql://h/b");
  CHECK(url_of(with_env("config = context.config\n" + made + "config.get_main_option('own'))\n" +
                        online)) == "postgresql://h/own");
  CHECK(engine_in("URL = 'sqlite:///a'\nif x:\n    URL = 'sqlite:///b'\n" + made + "URL)\n" +
                  online) == 4);

  const Project computed = with_env(made + "os.environ[\"THE_DB\"])\n" + online);
  try {
    url_of(computed);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.report().message ==
          "env.py has an engine of its own, whose url Limbeck does not know");
    CHECK(error.report().place->line == 1);
    CHECK(error.report().hint.starts_with("set THE_DB, which env.py reads, or name the database"));
  }
  CHECK(database_url(computed, "sqlite:///x.db").target().ends_with("/x.db"));
  setenv("THE_DB", "postgresql://h/the", 1);
  CHECK(url_of(computed) == "postgresql://h/the");
  unsetenv("THE_DB");
}

TEST_CASE("a url that env.py sets in every case that goes on") {
  const Folder folder;
  const auto replaced = [&](const std::string& env) {
    folder.write("db/env.py", env);
    return read_env_url(*folder.load(minimal + "sqlalchemy.url = postgresql://h/i\n").alembic)
        .replaced_in;
  };
  const std::string set = "    config.set_main_option('sqlalchemy.url', ";
  CHECK(replaced("if x:\n" + set + "a)\nelse:\n    raise ValueError(x)\n") == 2);
  CHECK(replaced("if x:\n" + set + "a)\nelif y:\n" + set + "b)\nelse:\n    sys.exit(1)\n") == 4);
  CHECK(replaced("if x:\n" + set + "a)\nelif y:\n    pass\nelse:\n    raise ValueError\n") == 0);
  CHECK(replaced("if x:\n" + set + "a)\nelse:\n    print(x)\n") == 0);
  // The application has a url; the environment may have none.
  CHECK(replaced("from app import settings\nif settings.url:\n" + set + "settings.url)\n") == 3);
  CHECK(replaced("from app import url\nif url is not None:\n" + set + "str(url))\n") == 3);
  CHECK(replaced("url = os.getenv('X')\nif url:\n" + set + "url)\n") == 0);
  CHECK(replaced("from app import settings\nif settings.testing:\n" + set + "settings.url)\n") ==
        0);
}

TEST_CASE("the version table that env.py names") {
  const Folder folder;
  folder.write("db/env.py",
               "SCHEMA = 'app'\ncontext.configure(version_table='migrations', "
               "version_table_schema=SCHEMA)\n");
  const auto table = [&](const std::string& toml) {
    folder.load(minimal);
    const Project project = load_project(folder.write("limbeck.toml", toml));
    const QualifiedName& name = project.database.version_table;
    return name.schema.name + "." + name.object.name;
  };
  CHECK(table("") == "app.migrations");
  CHECK(table("[alembic]\nversion_table = \"own\"\n") == ".own");
  CHECK(table("[alembic]\nversion_table_schema = \"own\"\n") == "own.migrations");
  folder.write("db/env.py", "context.configure(version_table=name())\n");
  CHECK(table("") == ".alembic_version");
  folder.write("db/env.py", "context.configure(version_table=None)\n");
  CHECK(table("") == ".alembic_version");
  folder.write("db/env.py",
               "SCHEMA = context.config.get_main_option('own_schema')\n"
               "def run():\n    table = f'{SCHEMA}_versions'\n"
               "    context.configure(version_table=table, version_table_schema=SCHEMA)\n");
  folder.load(minimal + "own_schema = app\n");
  CHECK(load_project(folder / "alembic.ini").database.version_table ==
        QualifiedName{{"app"}, {"app_versions"}});
}

TEST_CASE("a version table whose name env.py computes") {
  const Folder folder;
  const auto said_of = [&](const std::string& env, const std::string& toml = "") {
    folder.write("db/env.py", env);
    folder.load(minimal + "sqlalchemy.url = postgresql://h/ini\n");
    const Project project = load_project(folder.write("limbeck.toml", toml));
    CHECK_THROWS_AS(database_url(project, ""), Error);
    try {
      database_url(project, "postgresql://h/option");
    } catch (const Error& error) {
      CHECK(error.report().hint.starts_with("write version_table into the table [alembic]"));
      CHECK_FALSE(has_database(project));
      return fmt::format("{}: {}", error.report().place->line, error.report().message);
    }
    return std::string();
  };
  const std::string said =
      ": env.py computes the name of the version table, which Limbeck does not do";
  CHECK(said_of("context.configure(version_table=settings.table)\n") == "1" + said);
  CHECK(said_of("context.configure(version_table=f\"{settings.app}_v\")\n") == "1" + said);
  CHECK(said_of("o['version_table_schema'] = schema()\ncontext.configure(**o)\n") == "1" + said);
  CHECK(said_of("if x:\n    context.configure(version_table='a')\nelse:\n    "
                "context.configure()\n") == "2" + said);
  CHECK(said_of("o = {'version_table': 'a'}\nif x:\n    o['version_table'] = 'b'\n") == "3" + said);
  CHECK(said_of("TABLE = 'a'\nif x:\n    TABLE = 'b'\ncontext.configure(version_table=TABLE)\n") ==
        "4" + said);

  const auto table = [&](const std::string& env, const std::string& toml = "") {
    folder.write("db/env.py", env);
    folder.load(minimal + "sqlalchemy.url = postgresql://h/ini\n");
    const Project project = load_project(folder.write("limbeck.toml", toml));
    database_url(project, "");
    return project.database.version_table.object.name;
  };
  CHECK(table("context.configure(version_table=f())\n", "[alembic]\nversion_table = \"v\"\n") ==
        "v");
  CHECK(table("if context.is_offline_mode():\n    context.configure(version_table='a')\n"
              "else:\n    context.configure(version_table='a')\n") == "a");
  CHECK(table("if x:\n    context.configure(version_table='a')\n"
              "else:\n    context.configure(version_table='a')\n") == "a");
  CHECK(table("context.configure(version_table='a', version_table_pk=pk())\n") == "a");
}

TEST_CASE("alembic.ini beside env.py, as Flask-Migrate has it") {
  const Folder folder;
  folder.write("migrations/env.py");
  const fs::path ini = folder.write("migrations/alembic.ini", "[alembic]\n");
  CHECK(find_project_file(folder / "") == ini);
  CHECK(load_project(ini).migrations == std::vector{folder / "migrations/versions"});
}

TEST_CASE("a limbeck.toml beside alembic.ini") {
  const Folder folder;
  fs::create_directories(folder / "db");
  folder.write("alembic.ini", minimal + "sqlalchemy.url = postgresql://h/d\ntimezone = UTC\n");
  const fs::path file = folder.write("limbeck.toml", R"(
url = "sqlite:///own.db"
timezone = "Europe/Berlin"
[alembic]
version_table = "v"
version_table_schema = "s"
include_schemas = true
transaction_per_migration = false
delegate = true
python = "bin/python"
[alembic.naming_convention]
ix = "ix_%(column_0_label)s"
[alembic.types]
"app.types.GUID" = "uuid"
)");
  CHECK(find_project_file(folder / "db") == file);
  for (const fs::path& start : {file, folder / "alembic.ini"}) {
    const Project project = load_project(start);
    CHECK(project.file == file);
    CHECK(url_of(project) == "sqlite:///own.db");
    CHECK(project.timezone == "Europe/Berlin");
    CHECK(project.database.version_table == QualifiedName{{"s"}, {"v"}});
    CHECK(project.migrations == std::vector{folder / "db/versions"});
    CHECK(project.run.single_transaction);
    REQUIRE(project.alembic);
    CHECK(project.alembic->include_schemas);
    CHECK(project.alembic->delegate);
    CHECK(project.alembic->python == folder / "bin/python");
    CHECK(project.alembic->naming_convention == Strings{{"ix", "ix_%(column_0_label)s"}});
    CHECK(project.alembic->types == Strings{{"app.types.GUID", "uuid"}});
  }

  folder.write("limbeck.toml", "migrations = \"m\"\n");
  CHECK_FALSE(load_project(file).alembic);
  folder.write("limbeck.toml", "migrations = \"m\"\n[alembic]\n");
  CHECK(load_project(file).migrations == std::vector{folder / "db/versions", folder / "m"});

  folder.write("elsewhere/limbeck.toml", "[alembic]\nconfig = \"../alembic.ini\"\n");
  CHECK(load_project(folder / "elsewhere/limbeck.toml").migrations ==
        std::vector{folder / "db/versions"});
}

TEST_CASE("faults of an Alembic project") {
  const Folder folder;
  CHECK(folder.failure("[alembic]\n").message == "script_location is not set");
  const ErrorReport missing = folder.failure("[alembic]\nscript_location = nowhere\n");
  CHECK(missing.message == "the folder " + (folder / "nowhere").string() + " is not there");
  CHECK(missing.place->line == 2);
  CHECK(missing.place->column == 19);
  CHECK(missing.place->source_line == "script_location = nowhere");
  CHECK(folder.failure(minimal + "truncate_slug_length = long\n").message ==
        "truncate_slug_length must be a whole number from 0 to 1000");
  CHECK(folder.failure(minimal + "file_template = %(year)d\n").place->line == 3);

  fs::remove(folder / "alembic.ini");
  folder.write("limbeck.toml", "[alembic]\nversion_tabel = \"v\"\n");
  try {
    load_project(folder / "limbeck.toml");
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.report().message == "unknown key alembic.version_tabel");
    CHECK(error.report().hint.starts_with("did you mean version_table"));
  }
  folder.write("limbeck.toml", "[alembic]\n");
  CHECK_THROWS_AS(load_project(folder / "limbeck.toml"), Error);
}
