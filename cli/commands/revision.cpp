#include <algorithm>

#include "limbeck/error.h"

#include "cli/ask_renames.h"
#include "cli/commands.h"
#include "cli/new_revision_command.h"
#include "cli/sources.h"
#include "report/generated_revision.h"

namespace limbeck::cli {
namespace {

// Revisions that are not applied yet would come out again as differences.
void check_at_heads(Session& session) {
  std::vector<std::string> heads;
  for (const auto head : session.chain().graph().real_heads())
    heads.push_back(session.chain().graph().id(head));
  std::sort(heads.begin(), heads.end());
  if (session.current() == heads) return;
  throw Error({.code = ExitCode::pending,
               .message = "the database is not at the heads of the revisions",
               .state = "no revision was written",
               .hint = "run \"limbeck upgrade heads\" first; or leave out --from database, and the "
                       "revisions are compared with the declared schema"});
}

// The dialects of --sql; one that is empty without it: that of the sources, or of the project.
std::vector<std::string> wanted_dialects(const Arguments& arguments) {
  if (!arguments.has("--sql")) return {arguments.value("--dialect")};
  if (arguments.has("--dialect")) {
    throw Error({.code = ExitCode::usage,
                 .message = "--sql and --dialect both say which dialects are meant",
                 .hint = "leave out --dialect"});
  }
  std::vector<std::string> dialects;
  for (const std::string& list : arguments.values("--sql")) {
    for (std::size_t begin = 0; begin <= list.size();) {
      const std::size_t end = std::min(list.find(',', begin), list.size());
      const std::string name = list.substr(begin, end - begin);
      dialect_named(name);
      if (std::find(dialects.begin(), dialects.end(), name) == dialects.end())
        dialects.push_back(name);
      begin = end + 1;
    }
  }
  return dialects;
}

// The SQL that leads from what the revisions build to what is declared; nothing when they agree.
std::optional<RevisionBody> generate(Session& session, const Arguments& arguments) {
  const std::vector<std::string> froms =
      arguments.has("--from") ? arguments.values("--from") : std::vector<std::string>{"revisions"};
  if (froms == std::vector<std::string>{"database"}) check_at_heads(session);
  CompareOptions options = compare_options(session, arguments);
  std::vector<SchemaChange> changes;
  for (const std::string& dialect : wanted_dialects(arguments)) {
    options.dialect = dialect;
    const std::string meant = !dialect.empty() ? dialect : std::string(session.url().dialect());
    Comparison sides = load_both(named_sources(session, froms),
                                 required_declared_sources(session, arguments, meant), options,
                                 project_load_context(session, arguments));
    say_not_compared(session, sides.not_compared);
    SchemaChange& change = changes.emplace_back(stated_change(std::move(sides), arguments));
    ask_about_renames(change, session.interrupt());
  }
  RevisionBody body = generated_revision(changes);
  if (body.upgrade.empty()) return std::nullopt;
  return body;
}

ExitCode run_revision(Session& session, const Arguments& arguments) {
  NewRevision wanted{.message = arguments.value("--message"),
                     .parents = {arguments.has("--head") ? arguments.value("--head") : "head"},
                     .splice = arguments.has("--splice"),
                     .labels = arguments.values("--branch-label"),
                     .depends_on = arguments.values("--depends-on"),
                     .id = arguments.value("--rev-id"),
                     .folder = arguments.value("--version-path")};
  std::string dialect;
  if (arguments.has("--autogenerate")) {
    dialect = wanted_dialects(arguments).front();
    if (dialect.empty()) dialect = session.url().dialect();
    std::optional<RevisionBody> body = generate(session, arguments);
    if (!body) {
      session.say("No differences: no revision is written.");
      return ExitCode::ok;
    }
    wanted.body = std::move(*body);
  }
  return write_and_tell(session, wanted, dialect);
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
          "Declared SQL and the revisions are tried out in scratch databases, or with --offline "
          "interpreted in memory. With --from database, the declared schema is compared with the "
          "database itself, which has to be at the heads "
          "of the revisions.\n\n"
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
                  declared_option,
                  {.name = "--from",
                   .value = "SOURCE",
                   .help =
                       "what it is compared with: revisions (the default), database, a url, ...",
                   .repeatable = true,
                   .completion = Completion::file},
                  rename_option,
                  schema_option,
                  include_option,
                  exclude_option,
                  {.name = "--sql",
                   .value = "DIALECTS",
                   .help = "write sections for each of them: postgresql,sqlite",
                   .repeatable = true},
                  dialect_option,
                  offline_option,
                  program_timeout_option,
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
      .run = run_revision,
  };
}

}  // namespace limbeck::cli
