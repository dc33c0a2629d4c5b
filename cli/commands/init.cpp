#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/session.h"
#include "project/new_project.h"

namespace limbeck::cli {
namespace {

ExitCode run(Session& session, const Arguments& arguments) {
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
  const std::string enter = folder.empty() ? "" : fmt::format("cd {} && ", printable(folder));
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
      .description = "Never overwrites a limbeck.toml.",
      .positionals = {{.name = "FOLDER",
                       .help = "where; it is made if it is not there (default: here)",
                       .least = 0,
                       .completion = Completion::folder}},
      .examples = {{"limbeck init database", "a project in the folder database"}},
      .run = run,
  };
}

}  // namespace limbeck::cli
