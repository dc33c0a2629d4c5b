// What a revision's author allows: comments that take a finding away, each with a reason.
//
//   -- limbeck:allow drop-column: nothing has written it since March
//   ALTER TABLE orders DROP COLUMN note;
//
// A comment counts for the statement below it, or the one that it stands in; in the header of the
// file it counts for the whole revision. A Python script has it behind "#".
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "limbeck/error.h"

#include "dialect/dialect.h"
#include "revision/revision_file.h"

namespace limbeck {

// What "limbeck verify" finds of values and may be allowed, too. Lint has no rule of these names.
inline constexpr std::array<std::string_view, 6> rules_of_values{
    "table-lost",     "column-lost",       "rows-lost",
    "values-changed", "type-loses-values", "sequence-behind"};

struct Allowance {
  std::vector<std::string> rules = {};
  std::string reason = {};
  Place place = {};
  bool whole_revision = false;
};

// Those of the sections of one direction for the dialect, and of the header.
std::vector<Allowance> allowances_of(const RevisionFile& file, const Dialect& dialect,
                                     Direction direction);

// The first and the last line of a statement.
struct StatementLines {
  int first = 0;
  int last = 0;
};
StatementLines lines_of(const RevisionFile& file, const sql::Statement& statement);

// Whether the allowance counts for what stands on the line. statements: those of the revision, in
// order.
bool covers(const Allowance& allowance, int line, std::span<const StatementLines> statements);

}  // namespace limbeck
