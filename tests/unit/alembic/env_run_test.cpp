#include "alembic/env_run.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "limbeck/error.h"

#include "project/project.h"
#include "unit/alembic/cases.h"
#include "unit/temporary_folder.h"

using namespace limbeck;
namespace fs = std::filesystem;

namespace {

const std::string env_head = R"(import os
from alembic import context
from sqlalchemy import create_engine, engine_from_config, pool
config = context.config
)";
constexpr int env_head_lines = 4;

// What most have.
const std::string env_tail = R"(
def run_migrations_offline():
    context.configure(url=config.get_main_option("sqlalchemy.url"), literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()

def run_migrations_online():
    connectable = engine_from_config(config.get_section(config.config_ini_section), prefix="sqlalchemy.", poolclass=pool.NullPool)
    with connectable.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()

if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
)";

const std::string env_configuration = R"([alembic]
script_location = db
sqlalchemy.url = sqlite:///ini.db
other.url = sqlite:///other.db
[section]
db.url = sqlite:///section.db
)";

// The input is env.py; what follows a line "--- app.py" is another file of the project.
void write_env(const test::TemporaryFolder& folder, const std::string& input) {
  const std::string mark = "\n--- ";
  std::size_t end = std::min(input.find(mark), input.size());
  const std::string env = input.substr(0, end);
  const bool is_whole = env.find("configure(") != std::string::npos;
  folder.write("db/env.py", env_head + env + "\n" + (is_whole ? "" : env_tail));
  while (end < input.size()) {
    const std::size_t name = end + mark.size();
    const std::size_t begin = input.find('\n', name);
    end = std::min(input.find(mark, begin), input.size());
    folder.write(input.substr(name, begin - name), input.substr(begin + 1, end - begin - 1));
  }
}

// The file of the database and the version table, or why there is none.
std::vector<std::string> env_answer(const fs::path& file) {
  try {
    const Project project = load_project(file);
    const std::string target = database_url(project, "").target();
    const QualifiedName& table = project.database.version_table;
    std::vector<std::string> result{
        fs::path(target).lexically_relative(file.parent_path()).string()};
    if (table.object.name != "alembic_version" || !table.schema.name.empty())
      result.push_back(fmt::format("{}.{}", table.schema.name, table.object.name));
    return result;
  } catch (const Error& error) {
    const auto& place = error.report().place;
    return {
        fmt::format("{}: {}", place ? place->line - env_head_lines : 0, error.report().message)};
  }
}

}  // namespace

TEST_CASE("the database and the version table that env.py comes to") {
  for (const AlembicCase& each : read_alembic_cases("env.case")) {
    CAPTURE(each.name);
    const test::TemporaryFolder folder;
    const fs::path file = folder.write("alembic.ini", env_configuration);
    write_env(folder, each.input);
    CHECK(fmt::format("{}", fmt::join(env_answer(file), "\n")) ==
          fmt::format("{}", fmt::join(each.expected, "\n")));
  }
}

TEST_CASE("what the application gives context.configure(), and says of the version table") {
  const std::string env = env_head + R"(from app.models import Base, OPTIONS
with engine_from_config(config.get_section("alembic")).connect() as connection:
    context.configure(connection=connection, version_table_schema=Base.metadata.schema, **OPTIONS)
    context.run_migrations()
)";
  const auto said = [&](const std::string& models) {
    const test::TemporaryFolder folder;
    const fs::path file = folder.write("alembic.ini", env_configuration);
    folder.write("db/env.py", env);
    if (!models.empty()) folder.write("app/models.py", models);
    folder.write(".venv/other.py", "OPTIONS = {'version_table': 'x'}\n");
    folder.write("db/versions/1.py", "version_table = sa.table('version')\n");
    return env_answer(file).front();
  };
  const std::string refused =
      "3: env.py computes the name of the version table, which Limbeck does not do";
  CHECK(said("Base.metadata = MetaData(naming_convention=X)\nOPTIONS = {}\n") == "ini.db");
  CHECK(said("Base.metadata = MetaData(schema='app')\nOPTIONS = {}\n") == refused);
  CHECK(said("OPTIONS = {'version_table': 'x'}\n") == refused);
  CHECK(said("") == refused);  // it is not the project's
}
