#include "alembic/env_script.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>

#include "alembic/env_run.h"
#include "unit/temporary_folder.h"

using namespace limbeck;
namespace fs = std::filesystem;
using Strings = std::map<std::string, std::string>;

namespace {

class EnvFolder : public test::TemporaryFolder {
 public:
  EnvScript read(std::string_view env) const {
    write("db/env.py", env);
    AlembicProject project;
    project.folder = path();
    project.script_location = path() / "db";
    project.python_paths = {path() / "lib"};
    alembic::follow_env_of(project);
    return *read_env_script(project);
  }
};

std::vector<std::string> unread(const EnvScript& script) {
  std::vector<std::string> result;
  for (const UnreadSetting& it : script.unread) {
    result.push_back(fmt::format("{} {}", it.line, it.name));
  }
  return result;
}

}  // namespace

TEST_CASE("what env.py says in plain words is read") {
  const EnvScript script = EnvFolder().read(R"(
"""Set up the engine, SET-like words in a docstring are no statements."""
from alembic import context
from sqlalchemy import create_engine, MetaData
TABLE = "done_" + "here"

def run():
    options = {"include_schemas": True, "version_table_schema": "app"}
    context.configure(
        connection=create_engine("sqlite:///a.db").connect(),
        version_table=TABLE,
        transaction_per_migration=True,
        process_revision_directives=None,
        target_metadata=MetaData(naming_convention={"ix": "ix_%(column_0_label)s"}),
        **options,
    )
    context.run_migrations()

run()
)");
  CHECK(script.version_table == "done_here");
  CHECK(script.version_table_schema == "app");
  CHECK(script.include_schemas == true);
  CHECK(script.transaction_per_migration == true);
  CHECK(script.naming_convention == Strings{{"ix", "ix_%(column_0_label)s"}});
  CHECK(unread(script).empty());
}

TEST_CASE("what env.py computes or decides in functions is named with its line") {
  const EnvScript script = EnvFolder().read(R"(
from alembic import context
def run():
    context.configure(
        connection,
        version_table=settings.table,
        include_object=only_ours,
        on_version_apply=[tell],
        compare_type=False,
    )
    connection.execute(text("SET lock_timeout = 1"))
    for name in context.get_x_argument(as_dictionary=True): pass
    context.run_migrations()
run()
)");
  CHECK_FALSE(script.version_table);
  CHECK(unread(script) == std::vector<std::string>{"4 version_table", "4 sqlalchemy.url",
                                                   "7 include_object", "8 on_version_apply",
                                                   "9 compare_type", "11 SET",
                                                   "12 get_x_argument"});
}

TEST_CASE("a naming convention is found in the modules that env.py imports") {
  const EnvFolder folder;
  folder.write("lib/app/__init__.py", "");
  folder.write("lib/app/models/__init__.py", "from .user import User\nfrom ..base import Base\n");
  folder.write("lib/app/models/user.py", "import nowhere.to_be_found\n");
  folder.write("lib/app/base.py", R"(
NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_" "%(table_name)s",
}
class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
)");
  const EnvScript script = folder.read("from app.models import Base as B\n");
  CHECK(script.naming_convention ==
        Strings{{"fk", "fk_%(table_name)s"}, {"pk", "pk_%(table_name)s"}});
  CHECK(script.naming_convention_file.filename() == "base.py");
}

TEST_CASE("a naming convention is that of the metadata that env.py gives") {
  const auto names = [](const std::string& module) {
    const EnvFolder folder;
    folder.write("lib/app/__init__.py", "");
    folder.write("lib/app/base.py", module);
    return folder
        .read(
            "from alembic import context\nfrom app.base import Base\n"
            "context.configure(connection=c, target_metadata=Base.metadata)\n")
        .naming_convention;
  };
  const std::string legacy = "legacy = MetaData(naming_convention={'pk': 'pk_%(table_name)s'})\n";
  const Strings found{{"pk", "pk_%(table_name)s"}};
  CHECK(names("class Base(DeclarativeBase):\n    pass\n" + legacy).empty());
  CHECK(names("class Base(AsyncAttrs, DeclarativeBase):\n    type_annotation_map = {}\n" + legacy)
            .empty());
  CHECK(names("class Base(DeclarativeBase):\n    metadata = legacy\n" + legacy) == found);
  CHECK(names("class Base(Mixin, DeclarativeBase):\n    pass\n" + legacy) == found);
  // What is changed behind its braces is not what stands there.
  const std::string made = "Base = declarative_base(metadata=MetaData(naming_convention=NAMES))\n";
  CHECK(names("NAMES = {'pk': 'pk_%(table_name)s'}\n" + made) == found);
  CHECK(names("NAMES = {'pk': 'pk_%(table_name)s'}\nNAMES['pk'] = 'key'\n" + made).empty());
  CHECK(names("NAMES = {'pk': 'pk_%(table_name)s'}\nNAMES.update(uq='key')\n" + made).empty());
}

TEST_CASE("of an env.py that is no Python other options are read as far as it goes") {
  const EnvScript cut_off = EnvFolder().read("include_schemas = True\nx = '''\n");
  CHECK(cut_off.include_schemas == true);
  CHECK(unread(cut_off) == std::vector<std::string>{"2 env.py"});
  CHECK(unread(EnvFolder().read("\x01\x02")) == std::vector<std::string>{"1 env.py"});
}

TEST_CASE("what env.py says of transactions and of the url is named when it is not read") {
  const EnvScript script = EnvFolder().read(R"(
import app; from alembic import context; config = context.config
from sqlalchemy import engine_from_config, text
config.set_main_option("sqlalchemy.url", app.url())
c = engine_from_config(config.get_section("alembic")).connect()
c.execute(text("create schema if not exists app"))
options = {"process_revision_directives": app.hook}
if app.is_big:
    options["version_table"] = "big"
context.configure(connection=c, transactional_ddl=False, compare_type=app.compare, **options)
if app.is_big:
    context.configure(transaction_per_migration=True)
context.run_migrations()
)");
  CHECK(unread(script) == std::vector<std::string>{"4 sqlalchemy.url", "6 CREATE SCHEMA",
                                                   "7 process_revision_directives",
                                                   "10 transactional_ddl", "10 compare_type",
                                                   "10 version_table",
                                                   "12 transaction_per_migration"});
  CHECK_FALSE(script.version_table);
  const EnvScript own = EnvFolder().read(R"(
from alembic import context
from app.db import engine
with engine.connect() as connection:
    context.configure(connection=connection)
    context.run_migrations()
)");
  CHECK(unread(own) == std::vector<std::string>{"5 sqlalchemy.url"});
}

TEST_CASE("an env.py of names that come back to themselves is read to its end") {
  std::string env = "a = 'x' * 2\nb = c\nc = b\n";
  for (int i = 0; i < 60; ++i) env += "d = d + d\ne" + std::to_string(i) + " = 'x'\n";
  env += "def f(x):\n    return f(f)\ncontext.configure(connection=f(b), version_table=d)\n";
  CHECK(
      unread(EnvFolder().read("from alembic import context\n" + env)).front().ends_with("env.py"));
}

TEST_CASE("the version table is known where the variable that holds the url is not set") {
  const EnvScript script = EnvFolder().read(R"(
import os
from alembic import context
from sqlalchemy import create_engine
with create_engine(os.environ["LIMBECK_TEST_NOT_SET"]).connect() as connection:
    context.configure(connection=connection, version_table="kept", version_table_schema="app")
    context.run_migrations()
)");
  CHECK(script.version_table == "kept");
  CHECK(script.version_table_schema == "app");
  CHECK(unread(script) == std::vector<std::string>{"5 sqlalchemy.url"});
}
