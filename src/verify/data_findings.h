// What became of values, as findings.
#pragma once

#include "lint/finding.h"
#include "verify/allowed_losses.h"
#include "verify/data_change.h"

namespace limbeck {

enum class Passage {
  up,
  there_and_back,  // up and down
  again,           // up, down and up, against the first time up
};

// Without its place. What the text says that it does is a notice, and what is allowed.
Finding finding_of(const DataChange& change, Passage passage, const AllowedLosses& allowed);

}  // namespace limbeck
