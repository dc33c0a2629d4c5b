// Fills the tables of a scratch database with rows that satisfy its constraints.
//
// It asks the database whether a row is good, and tries another one when it is not: no constraint
// is solved here, but its constants are a hint. It never changes a row that is there.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "dialect/scratch.h"
#include "schema/schema.h"
#include "verify/table_plan.h"
#include "verify/table_shape.h"

namespace limbeck {

class Filler {
 public:
  // later: the constraints that revisions to come put on columns that are there already; rows that
  // break them would only say what is known, that such rows can be. shapes: of tables that get more
  // rows than tell of each kind of value.
  Filler(Connection& connection, const Dialect& dialect, const ScratchDialect& scratch_dialect,
         const Schema& schema, const Schema& later,
         const std::map<RelationName, TableShape>& shapes)
      : connection_(connection),
        dialect_(dialect),
        scratch_dialect_(scratch_dialect),
        schema_(schema),
        later_(later),
        shapes_(shapes) {}

  // Adds rows to the tables that have none of ours, or have other columns since. filled: the
  // columns that each had then; brought up to date. Returns the tables that no row could be made
  // for, and why.
  std::map<RelationName, std::string> fill(std::map<RelationName, std::string>& filled);

 private:
  // What has to be there before the rows of the group can be made one after the other. Returns why
  // it could not be.
  std::string fill_first(std::vector<TablePlan>& group);

  Connection& connection_;
  const Dialect& dialect_;
  const ScratchDialect& scratch_dialect_;
  const Schema& schema_;
  const Schema& later_;
  const std::map<RelationName, TableShape>& shapes_;
};

}  // namespace limbeck
