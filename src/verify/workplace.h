// The scratch database in which revisions are verified, and what stands in it: the first revisions
// of a chain, and rows.
//
// It never says what is right or wrong, and touches no database that a url names.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "dialect/schema_dialect.h"
#include "dialect/trace.h"
#include "source/rehearse.h"
#include "verify/data_change.h"
#include "verify/scratch_run.h"
#include "verify/table_shape.h"
#include "verify/verify.h"

namespace limbeck {

class Workplace {
 public:
  // All must outlive it.
  Workplace(const Chain& chain, const Dialect& dialect, const VerifyOptions& options);

  // The steps that are to be verified, in order.
  const std::vector<RevisionStep>& steps() const { return steps_; }
  // Those from here on cannot be run.
  void end_at(std::size_t count) { steps_.resize(count); }

  // A new scratch database in which the first `count` of the steps have run, without rows.
  void renew(std::size_t count);

  enum class Watch { times, everything };
  // Throws as ScratchRun.
  WatchedRun run(const RevisionStep& step, Watch watch = Watch::times);
  Schema introspect();
  Contents read(const Schema& schema);
  std::vector<DataChange> compare(const Contents& before, const Contents& after, const Said& said);
  // Rows for the tables that have none yet, or other columns since. later: constraints that are
  // still to come. Returns the tables that no row could be made for, and why.
  std::map<RelationName, std::string> fill(const Schema& schema, const Schema& later);

  // Statements that reach beyond the database, of all that was run.
  const std::set<std::string>& passed_over() const { return passed_over_; }

 private:
  const Chain& chain_;
  const Dialect& dialect_;
  const ScratchDialect& scratch_dialect_;
  const SchemaDialect& schema_dialect_;
  const VerifyOptions& options_;
  std::vector<RevisionStep> prefix_ = {};  // run, and not verified
  std::vector<RevisionStep> steps_ = {};
  std::unique_ptr<Scratch> scratch_ = nullptr;
  std::unique_ptr<Observer> observer_ = nullptr;
  std::map<RelationName, TableShape> shapes_ = {};
  std::map<RelationName, std::string> filled_ = {};
  std::set<std::string> passed_over_ = {};
};

}  // namespace limbeck
