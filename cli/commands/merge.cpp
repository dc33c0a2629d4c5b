#include <algorithm>

#include "limbeck/error.h"

#include "cli/commands.h"
#include "cli/new_revision_command.h"
#include "revision/selector.h"

namespace limbeck::cli {
namespace {

ExitCode run_merge(Session& session, const Arguments& arguments) {
  NewRevision wanted{.message = arguments.value("--message"),
                     .parents = arguments.values("REVS"),
                     .splice = arguments.has("--splice"),
                     .labels = arguments.values("--branch-label"),
                     .id = arguments.value("--rev-id")};
  std::vector<RevisionGraph::Index> merged;
  for (const std::string& selector : wanted.parents) {
    const auto selected = select(session.chain().graph(), selector).revisions;
    merged.insert(merged.end(), selected.begin(), selected.end());
  }
  std::sort(merged.begin(), merged.end());
  merged.erase(std::unique(merged.begin(), merged.end()), merged.end());
  if (merged.size() < 2) {
    throw Error({.code = ExitCode::usage,
                 .message = "a merge needs two revisions or more",
                 .hint = "\"limbeck heads --resolve-dependencies\" lists what can be merged"});
  }
  if (wanted.message.empty()) {
    wanted.message = "merge";
    for (std::size_t i = 0; i < merged.size(); ++i) {
      wanted.message += (i == 0                   ? " "
                         : i + 1 == merged.size() ? " and "
                                                  : ", ") +
                        session.chain().graph().id(merged[i]);
    }
  }
  return write_and_tell(session, wanted);
}

}  // namespace

CommandSpec merge_command() {
  return {
      .name = "merge",
      .summary = "Write a revision that joins several heads",
      .positionals = {{.name = "REVS",
                       .help = "the revisions to join; heads for all heads",
                       .most = many,
                       .completion = Completion::revision}},
      .options = {{.name = "--message",
                   .short_name = "-m",
                   .value = "TEXT",
                   .help = "what it does, in a few words"},
                  {.name = "--splice", .help = "allow revisions that are no heads"},
                  {.name = "--branch-label",
                   .value = "LABEL",
                   .help = "a name for the branch that it begins",
                   .repeatable = true},
                  {.name = "--rev-id", .value = "ID", .help = "its id, instead of a random one"}},
      .examples = {{"limbeck merge heads", "one head again"}},
      .run = run_merge,
  };
}

}  // namespace limbeck::cli
