// A revision, as the graph sees it: its names and its edges.
//
// It never holds the body of the revision; RevisionFile reads that when it is needed.
#pragma once

#include <string>
#include <vector>

#include "limbeck/error.h"

namespace limbeck {

struct Revision {
  std::string id;
  // As written: ids, none for a base, several for a merge.
  std::vector<std::string> down_revisions = {};
  // As written: ids or labels that come first, but are no parents.
  std::vector<std::string> depends_on = {};
  std::vector<std::string> labels = {};  // as written in this revision; the graph spreads them
  std::string message = {};              // the first line of its description
  std::string description = {};          // the whole description
  std::string created = {};              // as written; empty when it is not
  Place place = {};                      // of the line that names the id

  bool operator==(const Revision&) const = default;
};

}  // namespace limbeck
