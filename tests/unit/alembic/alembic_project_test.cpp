#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
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
