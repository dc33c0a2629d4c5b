// Fills the tables of a scratch database with rows that satisfy its constraints.
//
// It asks the database whether a row is good, and tries another one when it is not: no constraint
// is solved here, but its constants are a hint. It never changes a row that is there.
#pragma once

#include <map>
#include <set>
#include <string>

#include "dialect/dialect.h"
#include "schema/schema.h"

namespace limbeck {

class Filler {
 public:
  // later: the constraints that revisions to come put on columns that are there already; rows that
  // break them would only say what is known, that such rows can be.
  Filler(Connection& connection, const Dialect& dialect, const Schema& schema, const Schema& later)
      : connection_(connection), dialect_(dialect), schema_(schema), later_(later) {}

  // Adds rows to the tables that have none of ours, or have other columns since. filled: the
  // columns that each had then; brought up to date. Returns the tables that no row could be made
  // for, and why.
  std::map<RelationName, std::string> fill(std::map<RelationName, std::string>& filled);

 private:
  Connection& connection_;
  const Dialect& dialect_;
  const Schema& schema_;
  const Schema& later_;
};

}  // namespace limbeck
