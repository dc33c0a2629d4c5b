#include "cli/commands.h"
#include "cli/session.h"

namespace limbeck::cli {
namespace {

ExitCode run_heads(Session& session, const Arguments& arguments) {
  const Chain& chain = session.chain();
  const RevisionPrinter printer(chain, session.paint());
  const auto heads =
      arguments.has("--resolve-dependencies") ? chain.graph().real_heads() : chain.graph().heads();
  Session::print(revisions_text("heads", heads, printer, session.json(), [&](auto index) {
    return session.verbose() ? printer.record(index) : printer.line(index, {.labels = true});
  }));
  return ExitCode::ok;
}

}  // namespace

CommandSpec heads_command() {
  return {
      .name = "heads",
      .summary = "Print the newest revision of each branch",
      .description = "With -v, the whole record of each. Does not connect to the database.",
      .options = {{.name = "--resolve-dependencies",
                   .help = "without the heads that another revision depends on"}},
      .run = run_heads,
  };
}

}  // namespace limbeck::cli
