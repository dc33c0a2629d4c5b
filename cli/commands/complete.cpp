#include "limbeck/error.h"

#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/session.h"

namespace limbeck::cli {
namespace {

// Revision ids and labels with their messages; nothing where there is no project, or a wrong one: a
// completion is no place for errors.
std::vector<Candidate> revision_candidates(Session& session) {
  std::vector<Candidate> candidates;
  try {
    const RevisionGraph& graph = session.chain().graph();
    for (const Revision& revision : graph.revisions()) {
      candidates.push_back({revision.id, revision.message});
      for (const std::string& label : revision.labels) {
        candidates.push_back({label, "branch of " + revision.id});
      }
    }
  } catch (const Error&) {
    candidates.clear();
  }
  return candidates;
}

ExitCode run_complete(Session& session, const Arguments& arguments) {
  std::string text;
  const auto candidates =
      complete(arguments.values("WORDS"), [&] { return revision_candidates(session); });
  for (const Candidate& candidate : candidates) {
    text += printable(candidate.value) + "\t" + printable(candidate.meaning) + "\n";
  }
  Session::print(text);
  return ExitCode::ok;
}

}  // namespace

CommandSpec complete_command() {
  return {
      .name = "__complete",
      .summary = "Print what the last word may be",
      .positionals =
          {{.name = "WORDS", .help = "the words after limbeck", .least = 0, .most = many}},
      .run = run_complete,
      .hidden = true,
  };
}

}  // namespace limbeck::cli
