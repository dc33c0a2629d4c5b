// What became of values, as findings.
#pragma once

#include "verify/contents.h"
#include "verify/finding.h"

namespace limbeck {

enum class Passage {
  up,
  there_and_back,  // up and down
  again,           // up, down and up, against the first time up
};

// Without its place. What the text says that it does is a notice.
VerifyFinding finding_of(const DataChange& change, Passage passage);

}  // namespace limbeck
