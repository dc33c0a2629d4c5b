#include "cli/commands.h"
#include "cli/session.h"
#include "revision/selector.h"

namespace limbeck::cli {
namespace {

ExitCode run_show(Session& session, const Arguments& arguments) {
  const std::string selector = arguments.value("REV");
  std::vector<std::string> current;
  if (needs_current(selector)) current = session.current();
  const Chain& chain = session.chain_at(current);
  const auto revisions = select(chain.graph(), selector, current).revisions;
  const RevisionPrinter printer(chain, session.paint());
  Session::print(revisions_text("revisions", revisions, printer, session.json(),
                                [&](auto index) { return printer.record(index); }));
  return ExitCode::ok;
}

}  // namespace

CommandSpec show_command() {
  return {
      .name = "show",
      .summary = "Print the record of a revision",
      .positionals = {{.name = "REV",
                       .help = "an id, a label, head, heads, current, ...",
                       .completion = Completion::revision}},
      .examples = {{"limbeck show head", "the newest revision"}},
      .run = run_show,
  };
}

}  // namespace limbeck::cli
