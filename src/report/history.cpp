#include "report/history.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

#include "revision/walk.h"

namespace limbeck {
namespace {

std::string comma_separated(std::span<const std::string> texts) {
  std::string result;
  for (const std::string& text : texts) {
    if (!result.empty()) result += ", ";
    result += printable(text);
  }
  return result;
}

std::string parents_text(const Revision& revision) {
  return revision.down_revisions.empty() ? "<base>" : comma_separated(revision.down_revisions);
}

std::string ids_of(const RevisionGraph& graph, std::span<const RevisionGraph::Index> indices) {
  std::string result;
  for (const auto index : indices) {
    if (!result.empty()) result += ", ";
    result += printable(graph.id(index));
  }
  return result;
}

std::string indented(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (!line.empty()) result += "    ";
    result += printable(line);
    result += '\n';
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return result;
}

// Only ids that the graph knows: walks refuse others.
std::vector<std::string> known(const RevisionGraph& graph, std::span<const std::string> current) {
  std::vector<std::string> result;
  for (const std::string& id : current) {
    if (graph.find(id)) result.push_back(id);
  }
  return result;
}

}  // namespace

void RevisionPrinter::indicate(std::span<const RevisionGraph::Index> current) {
  current_.assign(chain_.graph().size(), false);
  for (const auto index : current) current_[index] = true;
}

bool RevisionPrinter::is_current(RevisionGraph::Index index) const {
  return !current_.empty() && current_[index];
}

std::string RevisionPrinter::head_indicator(RevisionGraph::Index index) const {
  const RevisionGraph& graph = chain_.graph();
  if (graph.is_real_head(index)) return " " + paint_(Style::green, "(head)");
  return graph.is_head(index) ? " " + paint_(Style::green, "(effective head)") : "";
}

std::string RevisionPrinter::line(RevisionGraph::Index index, const LineParts& parts) const {
  const RevisionGraph& graph = chain_.graph();
  const Revision& revision = graph.at(index);
  std::string text;
  if (parts.parents) {
    text += parents_text(revision);
    if (!revision.depends_on.empty()) {
      text += fmt::format(" ({})", comma_separated(revision.depends_on));
    }
    text += " -> ";
  }
  text += paint_(Style::yellow, printable(revision.id));
  if (parts.labels) {
    const std::vector<std::string> labels = graph.labels(index);
    if (!labels.empty()) {
      text += " " + paint_(Style::cyan, fmt::format("({})", comma_separated(labels)));
    }
  }
  text += head_indicator(index);
  if (is_current(index)) text += " " + paint_(Style::bold, "(current)");
  if (parts.tree_indicators && graph.is_branch_point(index)) text += " (branchpoint)";
  if (parts.tree_indicators && graph.is_merge_point(index)) text += " (mergepoint)";
  if (parts.message && !revision.message.empty()) text += ", " + printable(revision.message);
  return text;
}

std::string RevisionPrinter::record(RevisionGraph::Index index) const {
  const RevisionGraph& graph = chain_.graph();
  const Revision& revision = graph.at(index);
  std::string text = "Rev: " + paint_(Style::yellow, printable(revision.id));
  text += head_indicator(index);
  if (graph.is_branch_point(index)) text += " (branchpoint)";
  if (graph.is_merge_point(index)) text += " (mergepoint)";
  if (is_current(index)) text += " " + paint_(Style::bold, "(current)");
  text += fmt::format("\n{}: {}\n", graph.is_merge_point(index) ? "Merges" : "Parent",
                      parents_text(revision));
  if (!revision.depends_on.empty()) {
    text += fmt::format("Also depends on: {}\n", comma_separated(revision.depends_on));
  }
  if (graph.is_branch_point(index)) {
    text += fmt::format("Branches into: {}\n", ids_of(graph, graph.children(index)));
  }
  const std::vector<std::string> labels = graph.labels(index);
  if (!labels.empty()) text += fmt::format("Branch names: {}\n", comma_separated(labels));
  if (!revision.squashed.empty()) {
    text += fmt::format("Squashed: {}\n", comma_separated(revision.squashed));
  }
  std::error_code error;
  const auto path = std::filesystem::absolute(chain_.path(index), error).lexically_normal();
  text += fmt::format("Path: {}\n\n", printable(path.string()));
  text += indented(revision.description.empty() ? revision.message : revision.description);
  return text;
}

void RevisionPrinter::write_json(RevisionGraph::Index index, JsonWriter& json) const {
  const RevisionGraph& graph = chain_.graph();
  const Revision& revision = graph.at(index);
  json.begin_object()
      .member("id", revision.id)
      .member("down_revisions", revision.down_revisions)
      .member("depends_on", revision.depends_on)
      .member("labels", graph.labels(index))
      .member("message", revision.message)
      .member("description", revision.description)
      .optional_member("created", revision.created)
      .member("file", chain_.path(index))
      .member("head", graph.is_head(index))
      .member("effective_head", graph.is_effective_head(index))
      .member("branchpoint", graph.is_branch_point(index))
      .member("mergepoint", graph.is_merge_point(index));
  if (!revision.squashed.empty()) json.member("squashed", revision.squashed);
  if (!current_.empty()) json.member("current", is_current(index));
  json.end_object();
}

std::string branches_text(const Chain& chain, const RevisionPrinter& printer, bool verbose) {
  const RevisionGraph& graph = chain.graph();
  std::string text;
  const auto order = graph.topological_order();
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    if (!graph.is_branch_point(*at)) continue;
    text += verbose ? printer.record(*at)
                    : printer.line(*at, {.labels = true, .tree_indicators = true});
    text += '\n';
    const std::string indent(display_width(printable(graph.id(*at))), ' ');
    for (const auto child : graph.children(*at)) {
      text += fmt::format(
          "{} -> {}\n", indent,
          printer.line(child, {.labels = true, .tree_indicators = true, .message = verbose}));
    }
    text += '\n';
  }
  return text;
}

std::vector<RevisionGraph::Index> current_revisions(const RevisionGraph& graph,
                                                    std::span<const std::string> current) {
  const std::vector<std::string> ids = known(graph, current);
  const std::vector<bool> is_applied = applied(graph, ids);
  std::vector<RevisionGraph::Index> result;
  for (RevisionGraph::Index index = 0; index < graph.size(); ++index) {
    if (!is_applied[index]) continue;
    const auto children = graph.children(index);
    if (std::none_of(children.begin(), children.end(),
                     [&](RevisionGraph::Index child) { return is_applied[child]; })) {
      result.push_back(index);
    }
  }
  std::sort(result.begin(), result.end(),
            [&](auto a, auto b) { return graph.id(a) < graph.id(b); });
  return result;
}

bool at_heads(const RevisionGraph& graph, std::span<const std::string> current) {
  const std::vector<bool> is_applied = applied(graph, known(graph, current));
  const auto heads = graph.heads();
  return std::all_of(heads.begin(), heads.end(),
                     [&](RevisionGraph::Index head) { return is_applied[head]; });
}

}  // namespace limbeck
