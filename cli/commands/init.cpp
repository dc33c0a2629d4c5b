#include <fmt/format.h>
#include <fmt/ranges.h>

#include "limbeck/error.h"

#include "cli/commands.h"
#include "cli/session.h"
#include "project/from_alembic.h"
#include "project/new_project.h"

namespace limbeck::cli {
namespace {

// As a shell takes it for one word.
std::string shell_word(const std::string& text) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+@%:,";
  const bool is_option = text.front() == '-';
  if (text.find_first_not_of(plain) == std::string::npos && !is_option) return text;
  std::string quoted = is_option ? "'./" : "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

// The Alembic configuration that is meant: --config, that of the folder, the nearest one.
AlembicFiles alembic_files(const Session& session, const Arguments& arguments) {
  namespace fs = std::filesystem;
  AlembicFiles files;
  const std::string named = arguments.has("--config") ? arguments.value("--config") : std::string();
  if (!named.empty()) {
    const fs::path file = fs::absolute(named).lexically_normal();
    (file.extension() == ".toml" ? files.pyproject : files.ini) = file;
    return files;
  }
  const std::string folder = arguments.value("FOLDER");
  if (!folder.empty()) {
    files = alembic_files_in(fs::absolute(folder).lexically_normal());
  } else if (const auto found = session.project_file()) {
    files = alembic_files_in(fs::absolute(*found).lexically_normal().parent_path());
  }
  if (files.any()) return files;
  throw Error({.code = ExitCode::invalid_project,
               .message = "there is no alembic.ini, and no pyproject.toml with a table "
                          "[tool.alembic], here or in a folder above",
               .hint = "name it with --config"});
}

std::string engines_text(const FromAlembic& made) {
  if (made.engines.size() < 2) return {};
  return printable(fmt::format("It has several databases: {}. --engine names one of them.",
                               fmt::join(made.engines, ", "))) +
         "\n";
}

std::string unread_text(const FromAlembic& made) {
  std::string text;
  for (const UnreadSetting& setting : made.env.unread) {
    const Place place{
        setting.file.lexically_relative(made.alembic.folder).string(), setting.line, 0, {}};
    text +=
        printable(fmt::format("  {}: {}: {}", to_string(place), setting.name, setting.why)) + "\n";
  }
  return text.empty() ? text : "Not read from env.py:\n" + text;
}

ExitCode run_from_alembic(Session& session, const Arguments& arguments) {
  const FromAlembic made =
      write_project_from_alembic(alembic_files(session, arguments), arguments.value("--name"));
  if (session.json()) {
    JsonWriter json;
    json.begin_object().member("file", made.file.string()).key("unread").begin_array();
    for (const UnreadSetting& setting : made.env.unread) {
      json.begin_object()
          .member("name", setting.name)
          .member("file", setting.file.string())
          .member("line", setting.line)
          .member("why", setting.why)
          .end_object();
    }
    json.end_array().member("engines", made.engines).end_object();
    Session::print(json.text() + "\n");
    return ExitCode::ok;
  }
  Session::print(fmt::format("Wrote {}.\n{}{}", printable(made.file.string()), engines_text(made),
                             unread_text(made)));
  return ExitCode::ok;
}

ExitCode run_init(Session& session, const Arguments& arguments) {
  if (arguments.has("--from-alembic")) return run_from_alembic(session, arguments);
  const std::string folder = arguments.value("FOLDER");
  const NewProject project = write_project(folder);
  if (session.json()) {
    JsonWriter json;
    json.begin_object()
        .member("file", project.file.string())
        .member("migrations", project.migrations.string())
        .end_object();
    Session::print(json.text() + "\n");
    return ExitCode::ok;
  }
  std::error_code ignored;  // it was made just now
  const bool is_here = folder.empty() || std::filesystem::equivalent(folder, ".", ignored);
  const std::string enter = is_here ? "" : fmt::format("cd {} && ", printable(shell_word(folder)));
  Session::print(
      fmt::format("Wrote {}, and the folder {} for revisions.\n"
                  "Next: set \"url\" in it unless the SQLite file limbeck.db will do, then\n"
                  "  {}limbeck revision -m \"create the first table\"\n",
                  printable(project.file.string()), printable(project.migrations.string()), enter));
  return ExitCode::ok;
}

}  // namespace

CommandSpec init_command() {
  return {
      .name = "init",
      .summary = "Make a new project: limbeck.toml and a folder for revisions",
      .description =
          "Never overwrites a limbeck.toml.\n\n"
          "With --from-alembic, writes a limbeck.toml beside an alembic.ini (or a "
          "pyproject.toml with a table [tool.alembic]): what env.py decides, as far as it "
          "is written out there. No Python is started. What was not understood is listed, "
          "with the reason why it matters.",
      .positionals = {{.name = "FOLDER",
                       .help = "where; it is made if it is not there (default: here)",
                       .least = 0,
                       .completion = Completion::folder}},
      .options = {{.name = "--from-alembic",
                   .help = "write a limbeck.toml for the Alembic project that is here"}},
      .examples = {{"limbeck init database", "a project in the folder database"},
                   {"limbeck init --from-alembic", "what env.py decides, for Limbeck"}},
      .run = run_init,
  };
}

}  // namespace limbeck::cli
