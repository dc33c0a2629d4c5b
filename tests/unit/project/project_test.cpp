#include "project/project.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <unistd.h>

#include "limbeck/error.h"

#include "unit/temporary_folder.h"

using namespace limbeck;
namespace fs = std::filesystem;

namespace {

class Folder : public test::TemporaryFolder {
 public:
  Project load(std::string_view text) const { return load_project(write("limbeck.toml", text)); }
  ErrorReport failure(std::string_view text) const {
    try {
      database_url(load(text), "");
    } catch (const Error& error) {
      CHECK(error.code() == ExitCode::invalid_project);
      return error.report();
    }
    return {.message = "no error"};
  }
};

}  // namespace

TEST_CASE("an empty file is a project with the defaults") {
  const Folder folder;
  const Project project = folder.load("");
  CHECK(project.folder == folder.path());
  CHECK(project.migrations == std::vector{folder.path() / "migrations"});
  CHECK_FALSE(project.recursive);
  CHECK(project.url.empty());
  CHECK(project.database.version_table == QualifiedName{{}, {"limbeck_version"}});
  CHECK(project.database.version_width == 255);
  CHECK(project.run.lock_timeout_ms == 2'000);
  CHECK(project.run.backup.sqlite == BackupScope::full);
  CHECK(project.run.backup.postgresql == BackupScope::off);
  CHECK(database_url(project, "").target() == (folder.path() / "limbeck.db").string());
  CHECK(database_url(project, "sqlite:///other.db").target() ==
        std::filesystem::current_path() / "other.db");
  CHECK(is_missing_file(database_url(project, "")));
}

TEST_CASE("every key is read") {
  const Folder folder;
  const Project project = folder.load(R"(
migrations = ["a", "../b"]
recursive = true
url = "sqlite:///x.db"
version_table = "v"
version_table_schema = "s"
version_width = 64
file_template = "%(slug)s"
slug_length = 10
timezone = "Europe/Berlin"
revision_template = "t.sql"
[timeouts]
lock = "250ms"
lock_retry = "0"
statement = "1h"
runner_lock = "3m"
[backup]
sqlite = false
postgresql = "touched"
folder = "copies"
keep = 5
keep_days = 30
[[hooks]]
name = "format"
command = ["fmt", "${file}"]
[[hooks]]
command = ["check"]
)");
  CHECK(project.migrations == std::vector{folder.path() / "a", folder.path().parent_path() / "b"});
  CHECK(project.recursive);
  CHECK(project.url == "sqlite:///x.db");
  CHECK(project.database.version_table == QualifiedName{{"s"}, {"v"}});
  CHECK(project.database.version_width == 64);
  CHECK(project.file_template == "%(slug)s");
  CHECK(project.slug_length == 10);
  CHECK(project.timezone == "Europe/Berlin");
  CHECK(project.revision_template == folder.path() / "t.sql");
  CHECK(project.run.lock_timeout_ms == 250);
  CHECK(project.run.lock_retry_ms == 0);
  CHECK(project.run.statement_timeout_ms == 3'600'000);
  CHECK(project.run.runner_lock_wait_ms == 180'000);
  CHECK(project.run.backup.sqlite == BackupScope::off);
  CHECK(project.run.backup.postgresql == BackupScope::touched);
  CHECK(project.run.backup.folder == folder.path() / "copies");
  CHECK(project.run.backup.keep == 5);
  CHECK(project.run.backup.keep_days == 30);
  REQUIRE(project.hooks.size() == 2);
  CHECK(project.hooks[0].name == "format");
  CHECK(project.hooks[0].command == std::vector<std::string>{"fmt", "${file}"});
  CHECK(project.hooks[1].name == "check");
}

TEST_CASE("a url of an empty variable is not the database beside the configuration") {
  const Folder folder;
  setenv("LIMBECK_T_EMPTY", "", 1);
  const ErrorReport report = folder.failure("url = \"${LIMBECK_T_EMPTY}\"\n");
  CHECK(report.message == "url is empty: an environment variable that it names is");
  CHECK(report.place->line == 1);
  const Project project = folder.load("url = \"${LIMBECK_T_EMPTY:-sqlite:///x.db}\"\n");
  CHECK(database_url(project, "").target() == (folder.path() / "x.db").string());
}

TEST_CASE("rows that would be lost stop an upgrade, in an Alembic project only when it says so") {
  const Folder folder;
  CHECK_FALSE(folder.load("").run.data_loss.accept_in_upgrade);
  CHECK(folder.load("data_loss.upgrade = \"accept\"").run.data_loss.accept_in_upgrade);
  folder.write("alembic.ini", "[alembic]\nscript_location = .\n");
  CHECK(folder.load("").run.data_loss.accept_in_upgrade);
  CHECK_FALSE(folder.load("data_loss.upgrade = \"refuse\"").run.data_loss.accept_in_upgrade);
}

TEST_CASE("a variable that is not set is missed by what needs the database, and by nothing else") {
  const Folder folder;
  const Project project = folder.load("recursive = true\nurl = \"${LIMBECK_T_NONE}\"\n");
  CHECK(project.recursive);
  CHECK(database_url(project, "sqlite:///other.db").target() ==
        std::filesystem::current_path() / "other.db");
  const ErrorReport report = folder.failure("recursive = true\nurl = \"${LIMBECK_T_NONE}\"\n");
  CHECK(report.message == "the environment variable LIMBECK_T_NONE is not set");
  CHECK(report.place->line == 2);
  CHECK(folder.failure("url = \"${LIMBECK_T_NONE\"\n").message == "a \"${\" is not closed");
  CHECK_THROWS_AS(folder.load("url = \"${LIMBECK_T_NONE\"\n"), Error);
}

TEST_CASE("beside an alembic.ini the version table is Alembic's, unless the file says otherwise") {
  const Folder folder;
  folder.write("alembic.ini", "[alembic]\n");
  const std::string own = "migrations = \"m\"\n";
  CHECK(folder.load(own).database.version_table.object.name == "alembic_version");
  CHECK(folder.load(own).database.version_width == 32);
  CHECK_FALSE(folder.load(own).alembic);
  CHECK(folder.load(own + "version_table = \"v\"").database.version_table.object.name == "v");
}

TEST_CASE("wherever its configuration is, an Alembic project keeps Alembic's version table") {
  const Folder folder;
  const auto table = [](const Project& project) {
    CHECK(project.alembic);
    return fmt::format("{} {}", project.database.version_table.object.name,
                       project.database.version_width);
  };
  folder.write("app/pyproject.toml", "[tool.alembic]\nscript_location = \".\"\n");
  CHECK(table(load_project(folder.write("app/limbeck.toml", "url = \"sqlite:///a.db\"\n"))) ==
        "alembic_version 32");
  folder.write("flask/migrations/alembic.ini", "[alembic]\nscript_location = .\n");
  folder.write("flask/migrations/env.py", "");
  const fs::path flask = folder.write("flask/limbeck.toml", "url = \"sqlite:///a.db\"\n");
  CHECK(table(load_project(flask)) == "alembic_version 32");
  const std::string elsewhere = "[alembic]\nconfig = \"../flask/migrations/alembic.ini\"\n";
  CHECK(table(load_project(folder.write("own/limbeck.toml", elsewhere))) == "alembic_version 32");
  folder.write("own/limbeck.toml", elsewhere + "version_table = \"versions\"\n");
  CHECK(table(load_project(folder.path() / "own/limbeck.toml")) == "versions 32");
  folder.write("own/limbeck.toml",
               "version_width = 64\nversion_table_schema = \"app\"\n" + elsewhere);
  CHECK(table(load_project(folder.path() / "own/limbeck.toml")) == "alembic_version 64");
}

TEST_CASE("a key that is not known is named with its place and the nearest one") {
  const Folder folder;
  const ErrorReport report = folder.failure("recursive = true\n\n[timeouts]\n lok = \"1s\"\n");
  CHECK(report.message == "unknown key timeouts.lok");
  REQUIRE(report.place);
  CHECK(report.place->line == 4);
  CHECK(report.place->column == 2);
  CHECK(report.place->source_line == " lok = \"1s\"");
  CHECK(report.hint == "did you mean lock?");
  CHECK(folder.failure("[tool.limbeck]\n").message == "unknown key tool");
  CHECK(folder.failure("[[hooks]]\ncommand = [\"x\"]\ncwd = \"y\"\n").message ==
        "unknown key hooks.cwd");
}

TEST_CASE("docs/configuration.md lists the keys that are known, and no other") {
  const Folder folder;
  std::ifstream page(std::string(LIMBECK_TESTS_FOLDER) + "/../docs/configuration.md");
  int keys = 0;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| `")) continue;
    const std::string key = line.substr(3, line.find('`', 3) - 3);
    CAPTURE(key);
    const std::string text = key.starts_with("hooks.") ? "[[hooks]]\n" + key.substr(6) : key;
    CHECK(folder.failure(text + " = 1979-05-27").message.starts_with("the key "));
    keys += 1;
  }
  CHECK(keys == 45);
}

TEST_CASE("a value of another type is an error") {
  const Folder folder;
  struct Wrong {
    const char* text;
    const char* message;
  };
  for (const Wrong& wrong : {
           Wrong{"migrations = 1", "the key migrations must be a string or an array of strings"},
           Wrong{"migrations = []", "the key migrations must be a string or an array of strings"},
           Wrong{"migrations = [\"a\", 1]", "the key migrations must be a string"},
           Wrong{"migrations = \"\"", "the key migrations must be a string that is not empty"},
           Wrong{"version_table = \"a\\u0000b\"",
                 "the key version_table must be a text without a NUL character"},
           Wrong{"recursive = \"yes\"", "the key recursive must be true or false"},
           Wrong{"version_width = 4",
                 "the key version_width must be a whole number from 12 to 10000"},
           Wrong{"slug_length = 1.5", "the key slug_length must be a whole number from 1 to 200"},
           Wrong{"timeouts = \"1s\"", "the key timeouts must be a table, written [timeouts]"},
           Wrong{"hooks = [\"x\"]",
                 "the key hooks must be an array of tables, each written [[hooks]]"},
           Wrong{"[[hooks]]\nname = \"x\"", "a hook needs a command"},
           Wrong{"[[hooks]]\ncommand = \"x y\"",
                 "the key hooks.command must be an array of strings"},
           Wrong{"timezone = \"Europe/Atlantis\"",
                 "the key timezone must be \"UTC\", \"local\" or the name of a time zone, such as "
                 "\"Europe/Berlin\""},
           Wrong{"[timeouts]\nlock = 2",
                 "the key timeouts.lock must be a duration such as \"250ms\", \"2s\", \"10m\", "
                 "\"1h\" or "
                 "\"0\""},
       }) {
    CAPTURE(wrong.text);
    CHECK(folder.failure(wrong.text).message == wrong.message);
  }
}

TEST_CASE("no message shows a password") {
  const Folder folder;
  for (const char* text : {
           "url = \"postgresql://u:topsecret@h/db",                   // not closed
           "url = postgresql://u:topsecret@h/db",                     // not quoted
           "url = [\"postgresql://u:topsecret@h/db\"]",               // not a string
           "url = \"postgresql://u:topsecret@h/${LIMBECK_T_NONE}\"",  // no such variable
           "ulr = \"postgresql://u:topsecret@h/db\"",                 // no such key
           "x = 'a'\nurl = 'host=h password=topsecret' more",         // something behind it
           "url = \"postgresql://u:topsecret\xff@h/db\"",             // not UTF-8
       }) {
    CAPTURE(text);
    const ErrorReport report = folder.failure(text);
    CHECK(report.message != "no error");
    REQUIRE(report.place);
    for (const std::string& part :
         {report.message, report.detail, report.hint, report.place->source_line}) {
      CHECK(part.find("topsecret") == std::string::npos);
    }
  }
}

TEST_CASE("what is no file, or no text, is an error and no crash") {
  const Folder folder;
  CHECK_THROWS_AS(load_project(folder.path() / "nowhere.toml"), Error);
  CHECK_THROWS_AS(load_project(folder.path()), Error);
  CHECK(folder.failure(std::string("a\0b", 3)).message != "no error");
  CHECK(folder.failure("= = =").message == "the configuration is not valid TOML");
  CHECK(folder.failure(std::string(100'000, '[')).message == "the configuration is not valid TOML");
  CHECK(folder.failure("a = " + std::string(100'000, '[')).message ==
        "the configuration is not valid TOML");
  CHECK(folder.load("\xEF\xBB\xBFrecursive = true\r\n").recursive);
}

TEST_CASE("the nearest configuration above the folder is found") {
  const Folder folder;
  CHECK_FALSE(find_project_file(folder.path()));
  const fs::path outer = folder.write("limbeck.toml", "");
  folder.write("a/b/x", "");
  CHECK(find_project_file(folder.path() / "a/b") == outer);
  const fs::path inner = folder.write("a/limbeck.toml", "");
  CHECK(find_project_file(folder.path() / "a/b") == inner);
}

TEST_CASE("durations") {
  CHECK(parse_duration("0") == 0);
  CHECK(parse_duration("250ms") == 250);
  CHECK(parse_duration("2s") == 2'000);
  CHECK(parse_duration("10m") == 600'000);
  CHECK(parse_duration("1h") == 3'600'000);
  CHECK(parse_duration("0s") == 0);
  for (const char* wrong : {"", "s", "5", "-1s", "+1s", " 1s", "1s ", "1 s", "1.5s", "1d", "1S",
                            "99999999h", "99999999999999999999s"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_duration(wrong).has_value());
  }
}
