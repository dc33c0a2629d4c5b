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
  // Of a squash: the ids of the revisions in whose place it stands, its own among them, as they
  // were before any squash.
  std::vector<std::string> squashed = {};
  // The hashes of the files that had its id before it, newest first: a database that was brought
  // here by one of them is where this one leads.
  std::vector<std::string> squashed_hashes = {};
  Place place = {};  // of the line that names the id

  bool operator==(const Revision&) const = default;
};

}  // namespace limbeck
