// A marker: one comment line of a revision file, "-- limbeck:word value".
//
// It never decides where in a file a marker may stand; the revision file does.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "limbeck/error.h"

#include "revision/revision_file.h"
#include "sql/splitter.h"

namespace limbeck {

inline constexpr std::string_view marker_prefix = "limbeck:";

struct Marker {
  std::string_view line;   // the whole line, without its end
  Place start = {};        // of its first character
  std::string_view word;   // behind "limbeck:", up to a blank; part of line, as value is
  std::string_view value;  // the rest, without blanks around it; empty when there is none

  // An error at a part of the line.
  Error fault(std::string_view part, std::string message, std::string hint) const;
};

// Nothing when the line is no marker. REQUIRES: line is UTF-8, without its LF; a CR at its end
// counts as part of the line end.
std::optional<Marker> read_marker(std::string_view line, const Place& start);

// Whether the marker begins a section: upgrade, downgrade, backfill. Throws when its word is none
// of a revision file at all.
bool begins_section(const Marker& marker);

// The section that a marker begins, its body still empty. before: the last upgrade or downgrade
// section above it, if any.
Section read_section_marker(const Marker& marker, const std::optional<Section>& before);

// Writes what a marker of the header says into revision. Throws for a value that is wrong or
// missing.
void read_header_marker(const Marker& marker, Revision& revision);

// Why name cannot be a revision's id (is_id) or a label, which may hold + and -, as a sentence;
// empty when it can.
std::string name_fault(std::string_view name, bool is_id);

// By which rules the body of a section for these dialects is read.
sql::LexicalRules lexical_rules_of(const std::vector<std::string>& dialects);

}  // namespace limbeck
