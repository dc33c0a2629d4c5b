#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/session.h"

namespace limbeck::cli {
namespace {

std::string current_text(Session& session, const Chain& chain,
                         const std::vector<RevisionGraph::Index>& revisions) {
  const RevisionPrinter printer(chain, session.paint());
  std::string text;
  if (session.verbose()) {
    text = fmt::format("Current revision(s) for {}:\n", printable(session.url().redacted()));
  }
  for (const auto index : revisions) {
    text +=
        session.verbose() ? printer.record(index) : printer.line(index, {.tree_indicators = true});
    text += '\n';
  }
  return text;
}

std::string current_json(const Chain& chain, const std::vector<RevisionGraph::Index>& revisions,
                         const std::vector<std::string>& unknown, bool at_the_heads) {
  const RevisionPrinter printer(chain, Painter());
  JsonWriter json;
  json.begin_object().key("current").begin_array();
  for (const auto index : revisions) printer.write_json(index, json);
  json.end_array().member("unknown", unknown).member("at_heads", at_the_heads).end_object();
  return json.text() + "\n";
}

ExitCode run_current(Session& session, const Arguments& arguments) {
  const std::vector<std::string> rows = session.current();  // the files are read meanwhile
  const Chain& chain = session.chain_at(rows);
  const RevisionGraph& graph = chain.graph();
  const std::vector<RevisionGraph::Index> revisions = current_revisions(graph, rows);
  std::vector<std::string> unknown;
  for (const std::string& id : rows) {
    if (!graph.find(id)) unknown.push_back(id);
  }
  const bool at_the_heads = unknown.empty() && at_heads(graph, rows);
  if (session.json()) {
    Session::print(current_json(chain, revisions, unknown, at_the_heads));
  } else {
    Session::print(current_text(session, chain, revisions));
    session.warn_of_unknown(unknown);
  }
  if (!arguments.has("--check-heads") || at_the_heads) return ExitCode::ok;
  if (!session.json()) session.say("The database is not at the heads");
  return ExitCode::pending;
}

}  // namespace

CommandSpec current_command() {
  return {
      .name = "current",
      .summary = "Print the revisions that the database is at",
      .description = "With -v, the whole record of each.",
      .options = {{.name = "--check-heads",
                   .help = "exit with 3 when the database is not at the heads"}},
      .examples = {{"limbeck current --check-heads", "is anything pending?"}},
      .run = run_current,
      .for_each_engine = true,
  };
}

}  // namespace limbeck::cli
