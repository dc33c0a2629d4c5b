#include "cli/commands.h"
#include "cli/session.h"

namespace limbeck::cli {
namespace {

std::string branches_json(const Chain& chain, const RevisionPrinter& printer) {
  const RevisionGraph& graph = chain.graph();
  JsonWriter json;
  json.begin_object().key("branches").begin_array();
  const auto order = graph.topological_order();
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    if (!graph.is_branch_point(*at)) continue;
    json.begin_object().key("revision");
    printer.write_json(*at, json);
    json.key("children").begin_array();
    for (const auto child : graph.children(*at)) json.value(graph.id(child));
    json.end_array().end_object();
  }
  json.end_array().end_object();
  return json.text() + "\n";
}

ExitCode run_branches(Session& session, const Arguments&) {
  const RevisionPrinter printer(session.chain(), session.paint());
  Session::print(session.json() ? branches_json(session.chain(), printer)
                                : branches_text(session.chain(), printer, session.verbose()));
  return ExitCode::ok;
}

}  // namespace

CommandSpec branches_command() {
  return {
      .name = "branches",
      .summary = "Print the revisions at which the history divides",
      .description = "With -v, the whole record of each. Does not connect to the database.",
      .run = run_branches,
  };
}

}  // namespace limbeck::cli
