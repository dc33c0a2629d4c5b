// Revisions for people and for programs: one line, one record, or JSON.
//
// The text is what Alembic prints for the same graph, so that people and scripts that know it need
// learn nothing. Everything that comes from a file is made printable. It never writes; the caller
// prints the text in one piece.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "base/terminal.h"
#include "run/chain.h"

namespace limbeck {

// What a line about a revision says beside its id.
struct LineParts {
  bool parents = false;          // "aaa, bbb (dependency) -> ccc"
  bool labels = false;           // "(reviews)"
  bool tree_indicators = false;  // "(branchpoint)", "(mergepoint)"
  bool message = false;          // ", add a table"
};

// Prints revisions of one chain. chain and the colours must outlive it.
class RevisionPrinter {
 public:
  RevisionPrinter(const Chain& chain, Painter paint) : chain_(chain), paint_(paint) {}

  // Marks these revisions "(current)".
  void indicate(std::span<const RevisionGraph::Index> current);

  // "aaa111 -> bbb222 (reviews) (head), add a table" without an end of line.
  std::string line(RevisionGraph::Index index, const LineParts& parts) const;
  // "Rev: ...", "Parent: ...", ..., the description; each line with its end.
  std::string record(RevisionGraph::Index index) const;
  void write_json(RevisionGraph::Index index, JsonWriter& json) const;

 private:
  bool is_current(RevisionGraph::Index index) const;
  std::string head_indicator(RevisionGraph::Index index) const;

  const Chain& chain_;
  Painter paint_;
  std::vector<bool> current_ = {};
};

// Several revisions: one text for each as text_of(index) gives it, or {"NAME": [...]}.
template <class TextOf>
std::string revisions_text(std::string_view name, std::span<const RevisionGraph::Index> revisions,
                           const RevisionPrinter& printer, bool as_json, const TextOf& text_of) {
  std::string text;
  if (!as_json) {
    for (const auto index : revisions) (text += text_of(index)) += '\n';
    return text;
  }
  JsonWriter json;
  json.begin_object().key(name).begin_array();
  for (const auto index : revisions) printer.write_json(index, json);
  json.end_array().end_object();
  return json.text() + "\n";
}

// One block for each branch point, newest first: its line and its children.
std::string branches_text(const Chain& chain, const RevisionPrinter& printer, bool verbose);

// The revisions that "limbeck current" names: those of the version table, and heads that were
// applied because another revision depends on them. Ids that the graph does not know are left out.
std::vector<RevisionGraph::Index> current_revisions(const RevisionGraph& graph,
                                                    std::span<const std::string> current);

// Whether every head is applied.
bool at_heads(const RevisionGraph& graph, std::span<const std::string> current);

}  // namespace limbeck
