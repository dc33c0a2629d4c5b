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

// An env.py with what most of them have around it, all in its first line.
std::string whole(const std::string& env) {
  return "import os, sys, app; from alembic import context; config = context.config; "
         "from sqlalchemy import create_engine, engine_from_config\n" +
         env +
         "with engine_from_config(config.get_section('alembic')).connect() as connection:\n"
         "    context.configure(connection=connection)\n"
         "    context.run_migrations()\n";
}

// One that calls context.configure() itself, with a connection c.
std::string configuring(const std::string& env) {
  return "from alembic import context; from sqlalchemy import create_engine; "
         "c = create_engine('postgresql://h/env').connect()\n" +
         env + "context.run_migrations()\n";
}

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
  folder.write("db/env.py", whole("url = os.environ.get('DATABASE_URL')\nif url:\n    "
                                  "config.set_main_option('sqlalchemy.url', url)\n"));
  CHECK(url_of(with_url("postgresql://h/d")) == "postgresql://h/own");
  unsetenv("DATABASE_URL");
  CHECK(url_of(with_url("postgresql://h/d")) == "postgresql://h/d");
}

TEST_CASE("the variables that the url of env.py may be in") {
  const Folder folder;
  std::string hint;
  const auto url_with = [&](const std::string& env) {
    folder.write("db/env.py", whole(env));
    const Project project = folder.load(minimal + "sqlalchemy.url = postgresql://h/ini\n");
    CHECK(database_url(project, "sqlite:///x.db").target().ends_with("/x.db"));
    try {
      return url_of(project);
    } catch (const Error& error) {
      CHECK(error.report().place->line == 2);
      hint = error.report().hint;
      return error.report().message;
    }
  };
  const auto set = [](const std::string& value) {
    return "config.set_main_option('sqlalchemy.url', " + value + ")\n";
  };
  const std::string said = "env.py comes to a url that Limbeck does not know";
  const std::string database = "set DATABASE_URL, or name the database with --url";
  const std::string x_url = "set X_URL, which Limbeck takes it from then, or name the database";
  for (const char* name : {"X_URL", "REDIS_URL", "THE_DB"}) unsetenv(name);
  CHECK(url_with(set("app.make(1)")) == said);
  CHECK(hint.starts_with(database));
  for (const std::string given :
       {"settings.x_url", "str(settings.X_URL).replace('%', '%%')", "settings['x_url']",
        "f'{settings.x_url}?a=1'", "decouple('X_URL', cast=str)", "X_URL + '?a=1'"}) {
    CAPTURE(given);
    CHECK(url_with(set(given)) == said);
    CHECK(hint.starts_with(x_url));
    setenv("X_URL", "postgresql://h/x", 1);
    CHECK(url_with(set(given)) == "postgresql://h/x");
    unsetenv("X_URL");
  }
  // Those that it is not made of, and what is no url of a database.
  CHECK(url_with(set("app.make(1, print(settings.redis_url))") + "cache = settings.redis_url\n") ==
        said);
  CHECK(hint.starts_with(database));
  setenv("X_URL", "redis://h", 1);
  CHECK(url_with(set("settings.x_url")) == said);
  CHECK(hint.starts_with("name the database with --url"));
  unsetenv("X_URL");
  setenv("DATABASE_URL", "postgresql://h/own", 1);
  CHECK(url_with(set("app.make(1)")) == "postgresql://h/own");
  // Another url is made of it than it is.
  CHECK(url_with(set("os.environ['DATABASE_URL'] + app.tenant")) == said);
  CHECK(url_with(set("f\"{os.environ['DATABASE_URL']}_{app.tenant}\"")) == said);
  CHECK(url_with(set("os.environ['DATABASE_URL'].replace('own', app.tenant)")) == said);
  CHECK(hint.starts_with("name the database with --url"));
  CHECK(url_with(set("os.environ['DATABASE_URL'].replace('own', 'x')")) == "postgresql://h/x");
  unsetenv("DATABASE_URL");

  CHECK(url_with(set("os.environ['THE_DB']")) ==
        "env.py needs the environment variable THE_DB, which is not set");
  CHECK(hint.starts_with("set it, or name the database"));
  CHECK(url_with(set("os.getenv('THE_DB')")) ==
        "env.py needs the environment variable THE_DB, which is not set");
  setenv("THE_DB", "postgresql://h/the", 1);
  CHECK(url_with(set("os.environ['THE_DB']")) == "postgresql://h/the");
  unsetenv("THE_DB");
}

TEST_CASE("the version table that env.py names") {
  const Folder folder;
  folder.write("db/env.py", configuring("SCHEMA = 'app'\ncontext.configure(c, version_table="
                                        "'migrations', version_table_schema=SCHEMA)\n"));
  const auto table = [&](const std::string& toml) {
    folder.load(minimal);
    const Project project = load_project(folder.write("limbeck.toml", toml));
    const QualifiedName& name = project.database.version_table;
    return name.schema.name + "." + name.object.name;
  };
  CHECK(table("") == "app.migrations");
  CHECK(table("[alembic]\nversion_table = \"own\"\n") == ".own");
  CHECK(table("[alembic]\nversion_table_schema = \"own\"\n") == "own.migrations");
  folder.write("db/env.py", configuring("context.configure(c, version_table=name())\n"));
  CHECK(table("") == ".alembic_version");
  folder.write("db/env.py", configuring("SCHEMA = context.config.get_main_option('own_schema')\n"
                                        "def run():\n    table = f'{SCHEMA}_versions'\n"
                                        "    context.configure(c, version_table=table, "
                                        "version_table_schema=SCHEMA)\nrun()\n"));
  folder.load(minimal + "own_schema = app\n");
  CHECK(load_project(folder / "alembic.ini").database.version_table ==
        QualifiedName{{"app"}, {"app_versions"}});
}

TEST_CASE("the version table behind what env.py asks for first") {
  const Folder folder;
  const auto table = [&](const std::string& guards) {
    folder.write(
        "db/env.py",
        configuring("def run():\n    connection = context.config.attributes.get('c')\n" + guards +
                    "    context.configure(connection, version_table='kept')\n"
                    "    context.run_migrations()\n"
                    "try:\n    run()\nexcept NameError:\n    pass\n"));
    const Project project = folder.load(minimal);
    CHECK_THROWS_WITH(url_of(project), "env.py ends here, before it migrates");
    try {
      database_url(project, "sqlite:///x.db");
    } catch (const Error& error) {
      return fmt::format("{}", error.report().place->line);
    }
    return project.database.version_table.object.name;
  };
  const std::string guard = "    if connection is None:\n        raise RuntimeError('none')\n";
  CHECK(table(guard) == "kept");
  CHECK(table(guard + "    if not app.profile:\n        sys.exit(1)\n" + guard) == "kept");
  CHECK(table(guard + "    {}['missing']\n") == "5");
}

TEST_CASE("a version table whose name env.py computes") {
  const Folder folder;
  const auto said_of = [&](const std::string& env, const std::string& toml = "") {
    folder.write("db/env.py", configuring(env));
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
  CHECK(said_of("context.configure(c, version_table=settings.table)\n") == "2" + said);
  CHECK(said_of("context.configure(c, version_table=f\"{settings.app}_v\")\n") == "2" + said);
  CHECK(said_of("o = {}\no['version_table_schema'] = schema()\ncontext.configure(c, **o)\n") ==
        "4" + said);
  CHECK(said_of("if x:\n    context.configure(c, version_table='a')\nelse:\n    "
                "context.configure(c)\n") == "3" + said);
  CHECK(said_of("o = {'version_table': 'a'}\nif x:\n    o['version_table'] = 'b'\n"
                "context.configure(c, **o)\n") == "5" + said);
  CHECK(
      said_of("TABLE = 'a'\nif x:\n    TABLE = 'b'\ncontext.configure(c, version_table=TABLE)\n") ==
      "5" + said);

  const auto table = [&](const std::string& env, const std::string& toml = "") {
    folder.write("db/env.py", configuring(env));
    folder.load(minimal + "sqlalchemy.url = postgresql://h/ini\n");
    const Project project = load_project(folder.write("limbeck.toml", toml));
    database_url(project, "");
    return project.database.version_table.object.name;
  };
  CHECK(table("context.configure(c, version_table=f())\n", "[alembic]\nversion_table = \"v\"\n") ==
        "v");
  CHECK(table("if context.is_offline_mode():\n    context.configure(c, version_table='a')\n"
              "else:\n    context.configure(c, version_table='a')\n") == "a");
  CHECK(table("if x:\n    context.configure(c, version_table='a')\n"
              "else:\n    context.configure(c, version_table='a')\n") == "a");
  CHECK(table("context.configure(c, version_table='a', version_table_pk=pk())\n") == "a");
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
