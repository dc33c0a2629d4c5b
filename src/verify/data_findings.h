// What became of values, as findings.
#pragma once

#include "lint/finding.h"
#include "verify/contents.h"

namespace limbeck {

enum class Passage {
  up,
  there_and_back,  // up and down
  again,           // up, down and up, against the first time up
};

// Without its place. What the text says that it does is a notice.
Finding finding_of(const DataChange& change, Passage passage);

}  // namespace limbeck
