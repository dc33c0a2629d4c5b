#include <fmt/format.h>

#include "limbeck/error.h"

#include "cli/commands.h"
#include "cli/session.h"
#include "revision/selector.h"

namespace limbeck::cli {
namespace {

SelectorRange range_option(const Arguments& arguments) {
  if (!arguments.has("--rev-range")) return {};
  const auto range = split_range(arguments.value("--rev-range"));
  if (range) return *range;
  throw Error({.code = ExitCode::usage,
               .message = fmt::format("\"{}\" is not a range", arguments.value("--rev-range")),
               .hint = "a range is written FROM:TO, FROM: or :TO"});
}

// A relative side of a range counts from the other one, so that it alone needs no database.
bool names_current(std::string_view selector) {
  return selector.find("current") != std::string_view::npos;
}

ExitCode run_history(Session& session, const Arguments& arguments) {
  const SelectorRange range = range_option(arguments);
  const Chain* chain = &session.chain();
  std::vector<std::string> current;
  const bool indicate = arguments.has("--indicate-current");
  if (indicate || names_current(range.from) || names_current(range.to)) {
    current = session.current();
    chain = &session.chain_at(current);
  }
  const RevisionGraph& graph = chain->graph();
  RevisionPrinter printer(*chain, session.paint());
  if (indicate) {
    printer.indicate(current_revisions(graph, current));
    std::vector<std::string> unknown = current;
    std::erase_if(unknown, [&](const std::string& id) { return graph.find(id).has_value(); });
    session.warn_of_unknown(unknown);
  }
  constexpr LineParts parts{
      .parents = true, .labels = true, .tree_indicators = true, .message = true};
  const auto revisions = select_range(graph, range, current);
  Session::print(revisions_text("revisions", revisions, printer, session.json(), [&](auto index) {
    return session.verbose() ? printer.record(index) : printer.line(index, parts);
  }));
  return ExitCode::ok;
}

}  // namespace

CommandSpec history_command() {
  return {
      .name = "history",
      .summary = "Print the revisions, newest first",
      .description = "Connects to the database only when the range names current, or with -i.",
      .options = {{.name = "--rev-range",
                   .short_name = "-r",
                   .value = "FROM:TO",
                   .help = "from one revision to another; either may be left out",
                   .completion = Completion::revision},
                  {.name = "--indicate-current",
                   .short_name = "-i",
                   .help = "mark where the database is"}},
      .examples = {{"limbeck history -r -3:current", "the last three that were run"},
                   {"limbeck history -r current:", "what is to come"}},
      .run = run_history,
  };
}

}  // namespace limbeck::cli
