#include "limbeck/error.h"

#include "cli/commands.h"
#include "cli/new_revision_command.h"
#include "cli/sources.h"
#include "report/generated_revision.h"

namespace limbeck::cli {
namespace {

// The declared schema: of the command line, or of the project.
Source declared_source(Session& session, const Arguments& arguments) {
  if (arguments.has("--to")) return named_source(arguments.value("--to"));
  const Project& project = session.project();
  if (project.schema.empty())
    throw Error({.code = ExitCode::usage,
                 .message = "no declared schema is known",
                 .hint = "say --to SOURCE, or write schema = \"schema.sql\" in limbeck.toml"});
  if (project.schema.starts_with("cmd:")) return named_source(project.schema);
  return named_source((project.folder / project.schema).string());
}

// The SQL that leads from what the revisions build to what is declared; nothing when they agree.
std::optional<RevisionBody> generate(Session& session, const Arguments& arguments) {
  DiffOptions options;
  for (const std::string& text : arguments.values("--rename"))
    options.renames.push_back(parse_rename(text));
  const Source from =
      named_source(arguments.has("--from") ? arguments.value("--from") : "revisions");
  LoadContext context = load_context(session, arguments);
  context.folder = session.project().folder;
  const Comparison sides = load_both(from, declared_source(session, arguments),
                                     compare_options(session, arguments), std::move(context));
  say_not_compared(session, sides.not_compared);
  options.rules = dialect_named(sides.dialect).lexical_rules();
  RevisionBody body =
      generated_revision(sides.from, sides.to, schema_dialect_named(sides.dialect), options);
  if (body.upgrade.empty()) return std::nullopt;
  return body;
}

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
  if (arguments.has("--autogenerate")) {
    std::optional<RevisionBody> body = generate(session, arguments);
    if (!body) {
      session.say("No differences: no revision is written.");
      return ExitCode::ok;
    }
    wanted.body = std::move(*body);
  }
  return write_and_tell(session, wanted);
}

}  // namespace

CommandSpec revision_command() {
  return {
      .name = "revision",
      .summary = "Write a new revision file, empty or with what the declared schema asks for",
      .description =
          "The file is ready to be filled in: SQL below its upgrade and downgrade markers. The "
          "graph is checked "
          "with the new revision in it before anything is written. Does not connect to the "
          "database.\n\n"
          "With --autogenerate, the file holds what leads from the schema that the revisions build "
          "to the declared one, and the way back. Comments say where a person has to decide. "
          "Declared SQL and the revisions are tried out in scratch databases.\n\n"
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
                  {.name = "--autogenerate", .help = "write what the declared schema asks for"},
                  {.name = "--to",
                   .value = "SOURCE",
                   .help = "the declared schema, instead of the project's",
                   .completion = Completion::file},
                  {.name = "--from",
                   .value = "SOURCE",
                   .help = "what it is compared with (default: revisions), for example a url",
                   .completion = Completion::file},
                  {.name = "--rename",
                   .value = "OLD=NEW",
                   .help = "what has another name now: users=people, users.mail=email",
                   .repeatable = true},
                  schema_option,
                  include_option,
                  exclude_option,
                  dialect_option,
                  no_cache_option,
                  {.name = "--version-path",
                   .value = "FOLDER",
                   .help = "which of the project's migrations folders it goes to",
                   .completion = Completion::folder}},
      .examples = {{"limbeck revision -m \"add the users table\"", "after the head"},
                   {"limbeck revision --autogenerate -m \"what schema.sql asks for\"",
                    "the difference, ready to be reviewed"},
                   {"limbeck revision -m \"reviews\" --head base --branch-label reviews",
                    "a branch of its own"}},
      .run = run,
  };
}

}  // namespace limbeck::cli
