#include <fmt/format.h>
#include <fmt/ranges.h>

#include "limbeck/error.h"

#include "cli/commands.h"
#include "cli/sources.h"
#include "project/new_revision.h"
#include "project/squash_files.h"
#include "report/squashed_revision.h"

namespace limbeck::cli {
namespace {

namespace fs = std::filesystem;

SquashedData data_option(const Arguments& arguments) {
  if (!arguments.has("--data")) return SquashedData::refuse;
  const std::string text = arguments.value("--data");
  if (text == "keep") return SquashedData::keep;
  if (text == "drop") return SquashedData::drop;
  throw Error({.code = ExitCode::usage,
               .message = fmt::format("--data takes keep or drop, not \"{}\"", text),
               .hint = "keep writes the statements that change rows into the squash, drop leaves "
                       "them out"});
}

SelectorRange range_argument(const Arguments& arguments) {
  const std::string text = arguments.value("RANGE");
  const auto range = split_range(text);
  if (range && text != ":") return *range;
  throw Error({.code = ExitCode::usage,
               .message = text.empty() ? "it is not said what to squash"
                                       : fmt::format("\"{}\" is not a range", text),
               .hint = "a range is written FIRST:LAST, FIRST: (to the head) or :LAST (from base)"});
}

std::string default_message(const RevisionGraph& graph, const SquashRange& range) {
  if (range.parents.empty()) return fmt::format("Squash all up to {}", graph.id(range.last()));
  return fmt::format("Squash {} to {}", graph.id(range.revisions.front()), graph.id(range.last()));
}

SquashOptions squash_options(Session& session, const Arguments& arguments) {
  SquashOptions options;
  options.data = data_option(arguments);
  const DatabaseUrl url = session.url();
  options.dialects = arguments.values("--dialect");
  if (options.dialects.empty()) options.dialects.emplace_back(url.dialect());
  for (std::string& name : options.dialects) name = dialect_named(name).name();
  options.renames = stated_renames(arguments);
  options.server = url;
  options.connect = session.connect_options(Access::read);
  return options;
}

SquashFiles files_of(Session& session, const SquashRange& range, const SquashedRevision& squash,
                     const ZoneTime& now) {
  const Chain& chain = session.chain();
  const Project& project = session.project();
  SquashFiles files;
  for (const auto index : range.revisions) files.originals.push_back(chain.path(index));
  const fs::path name = revision_file_name(project.file_template, squash.revision,
                                           static_cast<std::size_t>(project.slug_length), now,
                                           ".sql", project.file_template_place);
  files.file = std::filesystem::path(chain.path(range.last())).parent_path() / name.filename();
  files.text = squash.text;
  return files;
}

std::string text_of(const SquashedRevision& squash, const SquashFiles& files, bool dry_run) {
  std::string text =
      fmt::format("{} {}\n", dry_run ? "Would write" : "Wrote", printable(files.file.string()));
  for (const fs::path& original : files.originals) {
    text += fmt::format("{} {} to {}\n", dry_run ? "Would move" : "Moved",
                        printable(original.string()), printable(put_away_path(original).string()));
  }
  for (const DataStatement& it : squash.left_out) {
    text += fmt::format("Left out {}: {}\n", printable(to_string(it.place)), printable(it.summary));
  }
  text += fmt::format("Proved on {}: it builds what {} revisions built{}\n",
                      fmt::join(squash.dialects, " and "), files.originals.size(),
                      squash.irreversible ? "; there is no way back" : ", and leads back");
  if (dry_run) text += "\n" + squash.text;
  return text;
}

std::string json_of(const SquashedRevision& squash, const SquashFiles& files, bool dry_run) {
  JsonWriter json;
  json.begin_object()
      .member("id", squash.revision.id)
      .member("down_revisions", squash.revision.down_revisions)
      .member("depends_on", squash.revision.depends_on)
      .member("labels", squash.revision.labels)
      .member("squashed", squash.revision.squashed)
      .member("dialects", squash.dialects)
      .member("irreversible", squash.irreversible)
      .member("written", !dry_run)
      .member("file", files.file.string())
      .member("text", squash.text)
      .key("moved")
      .begin_array();
  for (const fs::path& original : files.originals) {
    json.begin_object()
        .member("from", original.string())
        .member("to", put_away_path(original).string())
        .end_object();
  }
  json.end_array().key("left_out").begin_array();
  for (const DataStatement& it : squash.left_out) {
    json.begin_object()
        .member("file", it.place.file)
        .member("line", it.place.line)
        .member("column", it.place.column)
        .member("statement", it.summary)
        .end_object();
  }
  json.end_array().end_object();
  return json.text() + "\n";
}

// The graph that will be there: whatever it would refuse tomorrow, it refuses now.
void check_graph(const RevisionGraph& graph, const SquashRange& range, const Revision& squash) {
  std::vector<Revision> revisions{squash};
  std::vector<bool> inside(graph.size(), false);
  for (const auto index : range.revisions) inside[index] = true;
  for (RevisionGraph::Index index = 0; index < graph.size(); ++index) {
    if (!inside[index]) revisions.push_back(graph.at(index));
  }
  try {
    RevisionGraph{std::move(revisions)};
  } catch (Error& error) {
    error.report().context.emplace_back("while checking the squash; nothing was written");
    throw;
  }
}

ExitCode squash(Session& session, const Arguments& arguments) {
  const SelectorRange selectors = range_argument(arguments);
  SquashOptions options = squash_options(session, arguments);
  const Chain& chain = session.chain();
  const SquashRange range = squash_range(chain.graph(), selectors);
  const ZoneTime now = now_in(session.project());
  options.created = iso8601(now);
  options.message = arguments.has("--message") ? arguments.value("--message")
                                               : default_message(chain.graph(), range);
  const SquashedRevision made = make_squash(chain, range, options);
  check_graph(chain.graph(), range, made.revision);
  const SquashFiles files = files_of(session, range, made, now);
  check_squash_files(files);
  const bool dry_run = arguments.has("--dry-run");
  if (!dry_run) {
    write_squash(files);
    run_hooks(session.project(), fs::absolute(files.file));
  }
  Session::print(session.json() ? json_of(made, files, dry_run) : text_of(made, files, dry_run));
  return ExitCode::ok;
}

[[noreturn]] void say_half_done(const HalfSquash& half) {
  std::string detail;
  for (const fs::path& path : half.moved) detail += "moved: " + path.string() + "\n";
  for (const fs::path& path : half.to_move) detail += "not moved yet: " + path.string() + "\n";
  for (const std::string& id : half.missing) detail += "not found: the file of " + id + "\n";
  throw Error({.code = ExitCode::invalid_project,
               .message = fmt::format("a squash into {} was interrupted", half.revision.id),
               .place = Place{.file = half.pending.string()},
               .detail = detail.substr(0, detail.size() - 1),
               .state = "nothing was changed now, and nothing is lost",
               .hint =
                   "\"limbeck squash --continue\" finishes it, \"limbeck squash --abort\" takes "
                   "it back"});
}

void print_end(Session& session, std::string_view what, const HalfSquash& half,
               const std::string& file) {
  if (!session.json()) {
    return Session::print(file.empty()
                              ? fmt::format("Took back the squash into {}\n", half.revision.id)
                              : fmt::format("Wrote {}\n", printable(file)));
  }
  JsonWriter json;
  json.begin_object()
      .member("id", half.revision.id)
      .member("ended", what)
      .optional_member("file", file)
      .end_object();
  Session::print(json.text() + "\n");
}

ExitCode run_squash(Session& session, const Arguments& arguments) {
  const bool finish = arguments.has("--continue");
  const bool abort = arguments.has("--abort");
  const Project& project = session.project();
  const auto half = find_half_squash(project.migrations, project.recursive);
  if (half && !finish && !abort) say_half_done(*half);
  if (!finish && !abort) return squash(session, arguments);
  if (finish && abort)
    throw Error({.code = ExitCode::usage,
                 .message = "--continue or --abort, not both",
                 .hint = "--continue finishes the squash, --abort takes it back"});
  if (!half) {
    throw Error({.code = ExitCode::usage,
                 .message = "no squash was interrupted",
                 .state = "nothing was changed",
                 .hint = fmt::format("leave out {}; \"limbeck squash FROM:TO\" begins one",
                                     finish ? "--continue" : "--abort")});
  }
  if (finish) {
    print_end(session, "continued", *half, finish_squash(*half).string());
  } else {
    take_back_squash(*half);
    print_end(session, "aborted", *half, "");
  }
  return ExitCode::ok;
}

}  // namespace

CommandSpec squash_command() {
  return {
      .name = "squash",
      .summary = "Put one revision in the place of several",
      .description =
          "The new revision has the id of the last one of the range, so that what comes after it, "
          "and databases that are there or beyond, notice nothing. The files that it stands for "
          "are moved to a folder \"squashed\" beside it; a database that stands among them goes on "
          "with them.\n\n"
          "The SQL is the difference of the schemas before and after the range. Both the range and "
          "the new revision are replayed in scratch databases first: nothing is written unless "
          "both build the same, and the way back leads back. docs/squashing.md has the rules. Does "
          "not connect to the project's database, but for scratch databases beside it.",
      .positionals = {{.name = "RANGE",
                       .help = "FIRST:LAST, both included; FIRST: up to the head, :LAST from base",
                       .least = 0,
                       .completion = Completion::revision}},
      .options = {{.name = "--message",
                   .short_name = "-m",
                   .value = "TEXT",
                   .help = "what it does, in a few words"},
                  {.name = "--data",
                   .value = "WAY",
                   .help = "statements that change rows: keep (all statements one after another) "
                           "or drop (leave them out)"},
                  {.name = "--rename",
                   .value = "OLD=NEW",
                   .help = "what the range renames: users=people, users.mail=email",
                   .repeatable = true},
                  {.name = "--dialect",
                   .value = "NAME",
                   .help = "postgresql or sqlite, instead of the project's",
                   .repeatable = true},
                  {.name = "--dry-run", .help = "print what would be written"},
                  {.name = "--continue", .help = "finish a squash that was interrupted"},
                  {.name = "--abort", .help = "take back a squash that was interrupted"}},
      .examples = {{"limbeck squash :5b1d -m \"the first year\"", "everything up to 5b1d"},
                   {"limbeck squash 3f9a:head --data keep --dry-run",
                    "what one revision with all statements would be"}},
      .run = run_squash,
  };
}

}  // namespace limbeck::cli
