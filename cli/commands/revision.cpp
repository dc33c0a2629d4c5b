#include "limbeck/error.h"

#include "cli/commands.h"
#include "cli/new_revision_command.h"

namespace limbeck::cli {
namespace {

ExitCode run(Session& session, const Arguments& arguments) {
  if (arguments.has("--rev-id") && arguments.value("--rev-id").empty()) {
    throw Error({.code = ExitCode::usage,
                 .message = "--rev-id is empty",
                 .hint = "leave it out for a random id"});
  }
  NewRevision wanted{.message = arguments.value("--message"),
                     .parents = {arguments.has("--head") ? arguments.value("--head") : "head"},
                     .splice = arguments.has("--splice"),
                     .labels = arguments.values("--branch-label"),
                     .depends_on = arguments.values("--depends-on"),
                     .id = arguments.value("--rev-id"),
                     .folder = arguments.value("--version-path")};
  return write_and_tell(session, wanted);
}

}  // namespace

CommandSpec revision_command() {
  return {
      .name = "revision",
      .summary = "Write a new, empty revision file",
      .description =
          "The file is ready to be filled in: SQL below its upgrade and downgrade markers. The "
          "graph is checked "
          "with the new revision in it before anything is written. Does not connect to the "
          "database.\n\n"
          "When a hook of limbeck.toml fails, the file stays and the exit code is 10.",
      .options = {{.name = "--message",
                   .short_name = "-m",
                   .value = "TEXT",
                   .help = "what it does, in a few words"},
                  {.name = "--head",
                   .value = "REV",
                   .help = "the revision that it follows (default: head); base for a new root",
                   .completion = Completion::revision},
                  {.name = "--splice", .help = "allow --head to be no head: a new branch begins"},
                  {.name = "--branch-label",
                   .value = "LABEL",
                   .help = "a name for the branch that it begins",
                   .repeatable = true},
                  {.name = "--depends-on",
                   .value = "REV",
                   .help = "a revision of another branch that must run before it",
                   .repeatable = true,
                   .completion = Completion::revision},
                  {.name = "--rev-id", .value = "ID", .help = "its id, instead of a random one"},
                  {.name = "--version-path",
                   .value = "FOLDER",
                   .help = "which of the project's migrations folders it goes to",
                   .completion = Completion::folder}},
      .examples = {{"limbeck revision -m \"add the users table\"", "after the head"},
                   {"limbeck revision -m \"reviews\" --head base --branch-label reviews",
                    "a branch of its own"}},
      .run = run,
  };
}

}  // namespace limbeck::cli
