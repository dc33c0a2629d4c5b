// What a revision's author allows: comments that take a finding away, each with a reason.
//
//   -- limbeck:allow drop-column: nothing has written it since March
//   ALTER TABLE orders DROP COLUMN note;
//
// A comment counts for the statement below it, or the one that it stands in; in the header of the
// file it counts for the whole revision. A Python script has it behind "#".
#pragma once

#include <string>
#include <vector>

#include "limbeck/error.h"

#include "dialect/dialect.h"
#include "revision/revision_file.h"

namespace limbeck {

struct Allowance {
  std::vector<std::string> rules = {};
  std::string reason = {};
  Place place = {};
  bool whole_revision = false;
};

// Those of the upgrade sections for the dialect, and of the header.
std::vector<Allowance> allowances_of(const RevisionFile& file, const Dialect& dialect);

}  // namespace limbeck
