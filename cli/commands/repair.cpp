#include "run/repair.h"

#include <array>
#include <fmt/format.h>

#include "limbeck/error.h"

#include "cli/commands.h"
#include "cli/session.h"
#include "report/diagnosis.h"
#include "revision/selector.h"
#include "run/observation.h"
#include "run/own_tables.h"
#include "service/health_check.h"

namespace limbeck::cli {
namespace {

ExitCode print_diagnosis(Session& session) {
  session.chain();  // before anything connects: files that are wrong are found first
  TargetDatabase& database = session.database(Access::read);
  const SeenDatabase seen = observe(database);
  const std::vector<Ailment> ailments = diagnose(session.chain_of(database), database, seen.state);
  if (session.json()) {
    JsonWriter json;
    write_ailments(ailments, json.begin_object().key("ailments"));
    write_running(seen.running, json.key("running"));
    json.end_object();
    Session::print(json.text() + "\n");
  } else {
    if (seen.running) Session::print(running_text(*seen.running));
    if (!seen.running || !ailments.empty())
      Session::print(diagnosis_text(ailments, session.paint()));
  }
  return ailments.empty() ? ExitCode::ok : ExitCode::findings;
}

void tell(Session& session, std::string_view repair, const std::vector<std::string>& subjects,
          std::string_view sentence) {
  if (session.json()) {
    JsonWriter json;
    json.begin_object().member("repair", repair).member("subjects", subjects).end_object();
    return Session::print(json.text() + "\n");
  }
  if (subjects.empty()) return session.say("Nothing to repair");
  for (const std::string& subject : subjects) {
    session.say(fmt::format("{}: {}", printable(subject), sentence));
  }
}

void widen(Session& session) {
  const int width = widen_version_table(session.run_context());
  tell(session, "widen",
       width == 0 ? std::vector<std::string>{} : std::vector{std::to_string(width)},
       "the new width of the version table");
}

// A name that is none of a revision must not read as one that has not changed.
std::vector<std::string> ids_of(const RunContext& context,
                                const std::vector<std::string>& selectors) {
  const RevisionGraph& graph = context.chain.graph();
  std::vector<std::string> ids;
  for (const std::string& selector : selectors) {
    std::vector<std::string> current;
    if (needs_current(selector)) current = read_current(context.database);
    for (const auto index : select_files(graph, selector, current))
      ids.push_back(graph.at(index).id);
  }
  return ids;
}

ExitCode run_repair(Session& session, const Arguments& arguments) {
  constexpr std::array<std::string_view, 4> ways{"--accept-changed", "--abandon", "--complete",
                                                 "--widen"};
  int chosen = 0;
  for (const std::string_view way : ways) chosen += arguments.has(way) ? 1 : 0;
  const std::vector<std::string> revisions = arguments.values("REVS");
  if (chosen > 1) {
    throw Error({.code = ExitCode::usage,
                 .message = "one repair at a time",
                 .hint = "\"limbeck repair\" alone says what is wrong, and which one mends it"});
  }
  if (!revisions.empty() && !arguments.has("--accept-changed")) {
    throw Error({.code = ExitCode::usage,
                 .message = "REVS go with --accept-changed alone",
                 .hint = "add it, or leave out the revisions"});
  }
  if (chosen == 0) return print_diagnosis(session);
  require_file(session.url());
  if (arguments.has("--accept-changed")) {
    const RunContext context = session.run_context();
    const auto ids = with_nothing_changed([&] { return ids_of(context, revisions); });
    tell(session, "accept_changed", accept_changed(context, ids), "its file is taken as it is now");
  } else if (arguments.has("--abandon")) {
    tell(session, "abandon", {abandon_stopped(session.run_context())},
         "forgotten, as if it had not begun");
  } else if (arguments.has("--complete")) {
    tell(session, "complete", {complete_stopped(session.run_context())},
         "taken as done to its end");
  } else {
    widen(session);
  }
  return ExitCode::ok;
}

}  // namespace

CommandSpec repair_command() {
  return {
      .name = "repair",
      .summary = "Say what is wrong with the database, or mend it",
      .description =
          "Without an option nothing is changed: every ailment is named, with the command that "
          "mends it, "
          "and the exit code is 4 when there is one. A run that is at work is no ailment. Each "
          "option is one repair; it is written to "
          "the "
          "journal.",
      .positionals = {{.name = "REVS",
                       .help = "with --accept-changed: these revisions alone",
                       .least = 0,
                       .most = many,
                       .completion = Completion::revision}},
      .options = {{.name = "--accept-changed",
                   .help = "the changed files of applied revisions are right as they are now"},
                  {.name = "--abandon",
                   .help = "the revision that stopped between its steps was undone by hand"},
                  {.name = "--complete",
                   .help = "the revision that stopped between its steps was finished by hand"},
                  {.name = "--widen", .help = "make the version table wide enough for every id"},
                  lock_wait_option},
      .run = run_repair,
  };
}

}  // namespace limbeck::cli
