#include "alembic/import.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "base/file.h"
#include "base/json_writer.h"
#include "cli/commands.h"
#include "cli/scripts.h"
#include "cli/session.h"
#include "run/state.h"

namespace limbeck::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view configuration =
    R"(# Written by "limbeck import alembic". docs/configuration.md describes every key.
migrations = "migrations"

# The table that Alembic keeps: a database goes on where it is.
version_table = "{}"
{}version_width = {}

# The database.
{}
)";

constexpr std::string_view sqlite_url =
    R"(# Without it, the SQLite file limbeck.db beside this file.
# url = "${DATABASE_URL}")";
// The revisions have nothing for that file, and would be marked as done in it.
constexpr std::string_view server_url =
    R"(url = "${DATABASE_URL:-postgresql:///set-DATABASE_URL}")";

std::vector<std::string> dialects_of(Session& session, const Arguments& arguments) {
  std::vector<std::string> names;
  for (const std::string& name : arguments.values("--dialect"))
    names.emplace_back(dialect_named(name).name());
  if (names.empty()) names.emplace_back(session.url().dialect());
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_empty(folder, error)) {
    throw Error(
        {.code = ExitCode::usage,
         .message = fmt::format("the folder {} is there already, and not empty", folder.string()),
         .state = "nothing was changed",
         .hint = "name a folder that is not there yet: limbeck import alembic FOLDER"});
  }
  fs::create_directories(folder / "migrations", error);
  if (!error) return;
  throw file_error(folder.string(), "the folder cannot be made", error.value());
}

struct Imported {
  std::string id;
  fs::path file;
  std::vector<std::string> manual;
};

void print(Session& session, const std::vector<Imported>& revisions, bool written) {
  if (session.json()) {
    JsonWriter json;
    json.begin_object().key("revisions").begin_array();
    for (const Imported& it : revisions)
      json.begin_object()
          .member("id", it.id)
          .member("file", it.file.string())
          .member("manual", it.manual)
          .end_object();
    json.end_array().end_object();
    return Session::print(json.text() + "\n");
  }
  std::string text;
  std::size_t whole = 0;
  for (const Imported& it : revisions) {
    whole += it.manual.empty() ? 1 : 0;
    for (const std::string& reason : it.manual)
      text += fmt::format("{}: {}\n", printable(it.id), printable(reason));
  }
  text += fmt::format("{} of {} revisions {}, {} to be written by a person in part\n", whole,
                      revisions.size(), written ? "converted" : "can be converted",
                      revisions.size() - whole);
  Session::print(text);
}

// How many of the new files the project's database knows as scripts: none when it cannot be asked.
std::size_t known_as_scripts(Session& session, const fs::path& migrations) {
  try {
    if (session.is_database_missing()) return 0;
    const std::vector<fs::path> folders{migrations};
    const Chain imported = Chain::load(folders, false);
    return changed_revisions(imported, read_state(session.database(Access::read))).size();
  } catch (const Error&) {
    return 0;  // it is not said where it is, or it is not there now
  }
}

void say_what_is_next(Session& session, const fs::path& folder) {
  session.say(fmt::format("Say in {} where the database is, or give --url each time",
                          printable((folder / "limbeck.toml").string())));
  const std::size_t known = known_as_scripts(session, folder / "migrations");
  if (known == 0) return;
  session.say(
      fmt::format("{} has run {} of these revisions as scripts: before the first upgrade "
                  "from here, run \"limbeck repair --accept-changed\" on it, once",
                  printable(session.url().redacted()), known));
}

ExitCode run_import(Session& session, const Arguments& arguments) {
  if (arguments.value("TOOL") != "alembic") {
    throw Error({.code = ExitCode::usage,
                 .message = fmt::format("what is imported is \"alembic\", not \"{}\"",
                                        arguments.value("TOOL")),
                 .hint = "\"limbeck import alembic FOLDER\" writes the project that is here as SQL "
                         "into a new folder"});
  }
  const auto scripts = session.scripts();
  if (!scripts) {
    throw Error({.code = ExitCode::usage,
                 .message = "this is no project of Alembic's",
                 .hint = "run it where alembic.ini is, or below"});
  }
  const bool write = !arguments.has("--dry-run");
  const fs::path folder = arguments.value("FOLDER");
  if (write && folder.empty()) {
    throw Error({.code = ExitCode::usage,
                 .message = "a folder is missing, for the new project",
                 .hint = "name one that is not there yet; or say --dry-run"});
  }
  const Chain& chain = session.chain();
  const std::vector<std::string> dialects = dialects_of(session, arguments);
  AlembicImport import(chain, *scripts, dialects);
  std::vector<Imported> revisions;
  std::vector<std::string> texts;
  std::set<std::string> names;
  for (const RevisionGraph::Index index : chain.graph().topological_order()) {
    ImportedRevision imported = import.revision(index);
    fs::path name = fs::path(chain.path(index)).filename();
    name.replace_extension(".sql");
    if (!names.insert(name.string()).second)  // in another of several folders
      name = fmt::format("{}_{}", chain.graph().at(index).id, name.string());
    revisions.push_back(
        {chain.graph().at(index).id, folder / "migrations" / name, std::move(imported.manual)});
    texts.push_back(std::move(imported.text));
  }
  if (write) {
    make_folder(folder);
    const QualifiedName& table = session.project().database.version_table;
    const bool has_sqlite = std::find(dialects.begin(), dialects.end(), "sqlite") != dialects.end();
    write_new_file(
        folder / "limbeck.toml",
        fmt::format(fmt::runtime(configuration), table.object.name,
                    table.schema.name.empty()
                        ? std::string()
                        : fmt::format("version_table_schema = \"{}\"\n", table.schema.name),
                    session.project().database.version_width,
                    has_sqlite ? sqlite_url : server_url));
    for (std::size_t i = 0; i < revisions.size(); ++i) write_new_file(revisions[i].file, texts[i]);
  }
  print(session, revisions, write);
  if (write) say_what_is_next(session, folder);
  const bool whole = std::all_of(revisions.begin(), revisions.end(),
                                 [](const Imported& it) { return it.manual.empty(); });
  return whole ? ExitCode::ok : ExitCode::findings;
}

}  // namespace

CommandSpec import_command() {
  return {
      .name = "import",
      .summary = "Write an Alembic project as SQL revisions",
      .description =
          "Every script of the chain becomes an SQL revision of the same id and the same place in "
          "the graph, in a new project in FOLDER; the Alembic project is not changed. What a "
          "script can only do with a database's answers, or with the application, becomes a "
          "section that refuses to run and says what it needs; the exit code is then 4.",
      .positionals = {{.name = "TOOL", .help = "alembic", .least = 1},
                      {.name = "FOLDER",
                       .help = "of the new project, which must not be there yet",
                       .least = 0,
                       .completion = Completion::file}},
      .options = {{.name = "--dialect",
                   .value = "NAME",
                   .help = "for which databases: postgresql, sqlite; without it that of the url",
                   .repeatable = true},
                  {.name = "--dry-run",
                   .help = "write nothing; say of each revision whether it can be converted"}},
      .examples = {{"limbeck import alembic ../sql --dialect postgresql --dialect sqlite",
                    "for both databases"},
                   {"limbeck import alembic --dry-run", "what would have to be written by hand"}},
      .run = run_import,
  };
}

}  // namespace limbeck::cli
