#include "project/from_alembic.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <system_error>

#include "alembic/engines.h"
#include "base/file.h"
#include "project/toml_text.h"

namespace limbeck {
namespace {

namespace fs = std::filesystem;

std::string shown(const fs::path& file, const fs::path& folder) {
  return file.lexically_relative(folder).string();
}

std::string url_lines(const FromAlembic& made) {
  const EnvEngines env = read_env_engines(made.alembic);
  const bool has_unknown = std::any_of(env.engines.begin(), env.engines.end(),
                                       [](const EnvEngine& it) { return !it.url; });
  if (!made.engines.empty() && (has_unknown || env.has_others) && !env.lacks_option)
    return "# env.py computes the urls of the databases: they belong into [alembic.engines].\n";
  if (!made.engines.empty()) return "# The urls are those of the sections of alembic.ini.\n";
  const EnvUrl& url = made.env.url;
  if (!url.variables.empty())
    return fmt::format(
        "# env.py takes the url from the environment variable {0}; so does Limbeck.\n"
        "# url = \"${{{0}}}\"\n",
        url.variables.front());
  if (url.of == EnvUrl::Of::nobody)
    return "# env.py computes the url, so it has to stand here, or in --url or DATABASE_URL.\n"
           "# url = \"postgresql://app:${APP_DB_PASSWORD}@db.example.org/app\"\n";
  if (url.of == EnvUrl::Of::env) return "# The url is the one that env.py writes out.\n";
  if (!made.alembic.url.empty()) return "# The url is that of alembic.ini.\n";
  return "# Where the database is, unless --url or DATABASE_URL says so.\n"
         "# url = \"postgresql://app:${APP_DB_PASSWORD}@db.example.org/app\"\n";
}

std::string alembic_lines(const FromAlembic& made) {
  const EnvScript& env = made.env;
  std::string text = "[alembic]\n";
  if (made.alembic.section != "alembic")
    text += fmt::format("name = {}\n", toml_text(made.alembic.section));
  const auto add = [&](std::string_view key, const std::optional<std::string>& value,
                       std::string_view otherwise) {
    text += value ? fmt::format("{} = {}\n", key, toml_text(*value))
                  : fmt::format("# {} = {}\n", key, otherwise);
  };
  const auto add_truth = [&](std::string_view key, std::optional<bool> value,
                             std::string_view otherwise) {
    text +=
        value ? fmt::format("{} = {}\n", key, *value) : fmt::format("# {} = {}\n", key, otherwise);
  };
  if (!made.engines.empty()) {
    text += "# Which of its databases alone is meant, unless --engine says so.\n";
    for (const std::string& name : made.engines)
      text += fmt::format("# engine = {}\n", toml_text(name));
  }
  add("version_table", env.version_table, "\"alembic_version\"");
  add("version_table_schema", env.version_table_schema, "\"public\"");
  add_truth("include_schemas", env.include_schemas, "false");
  text += "# Each revision is a transaction of its own; false: all of a run are one.\n";
  add_truth("transaction_per_migration", env.transaction_per_migration, "true");
  text +=
      "# Hand scripts that need the application itself to the project's own Alembic.\n"
      "# delegate = true\n"
      "# The interpreter, when it is not that of a virtual environment beside this file.\n"
      "# python = \".venv/bin/python\"\n";
  return text;
}

std::string table_lines(const FromAlembic& made, const fs::path& folder) {
  std::string text;
  if (made.env.naming_convention.empty()) {
    text +=
        "\n# The names of constraints that a script leaves without one.\n"
        "# [alembic.naming_convention]\n"
        "# ix = \"ix_%(column_0_label)s\"\n";
  } else {
    text += fmt::format("\n# From {}.\n[alembic.naming_convention]\n",
                        shown(made.env.naming_convention_file, folder));
    for (const auto& [key, name] : made.env.naming_convention) {
      text += fmt::format("{} = {}\n", toml_text(key), toml_text(name));
    }
  }
  if (!made.engines.empty() || read_env_engines(made.alembic).has_others) {
    const std::string name = made.engines.empty() ? "users" : made.engines.front();
    text += fmt::format(
        "\n# Where the databases are, by their names.\n"
        "# [alembic.engines]\n"
        "# {} = \"postgresql://app:${{APP_DB_PASSWORD}}@db.example.org/app\"\n",
        toml_text(name));
  }
  return text +
         "\n# Column types of the application, as the database has them.\n"
         "# [alembic.types]\n"
         "# \"app.types.GUID\" = \"uuid\"\n";
}

}  // namespace

FromAlembic write_project_from_alembic(const AlembicFiles& files, const std::string& section) {
  FromAlembic made;
  made.alembic = load_alembic_project(files, section);
  const fs::path& folder = made.alembic.folder;
  made.file = folder / "limbeck.toml";
  std::error_code error;
  if (fs::exists(fs::symlink_status(made.file, error))) {
    throw Error({.code = ExitCode::usage,
                 .message = fmt::format("{} is there already", made.file.string()),
                 .state = "nothing was changed",
                 .hint = "move it away to have it written anew; \"limbeck status\" says whether it "
                         "does as it is"});
  }
  if (auto env = read_env_script(made.alembic)) made.env = *std::move(env);
  made.engines = shown_engines(made.alembic);
  const fs::path config = (files.ini.empty() ? files.pyproject : files.ini).filename();
  std::string text = fmt::format(
      "# What env.py decides, for Limbeck, which does not run it. Everything else is read from\n"
      "# {}; docs/configuration.md describes what more can stand here.\n\n",
      config.string());
  text += url_lines(made);
  text += '\n';
  text += alembic_lines(made);
  if (config != "alembic.ini" && config != "pyproject.toml") {
    text += fmt::format("config = {}\n", toml_text(config.string()));
  }
  text += table_lines(made, folder);
  write_new_file(made.file, text);
  return made;
}

}  // namespace limbeck
