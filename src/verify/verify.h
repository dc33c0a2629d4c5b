// Proof before production: revisions run up, down and up again in a scratch database whose tables
// hold rows, and everything that they do to the schema and to values is compared.
//
// It never runs anything in the database that a url names; that is read at most.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "dialect/scratch.h"
#include "lint/finding.h"
#include "run/chain.h"
#include "schema/schema.h"
#include "verify/scratch_run.h"

namespace limbeck {

struct VerifyOptions {
  // The revisions from `first` to `last`, both included; first empty: from the beginning. The
  // others up to there are only run.
  std::string first = {};
  std::string last = "heads";
  // A database in place of an empty one: its schema, and where it is. Only what is pending there
  // is verified.
  std::optional<Schema> schema = {};
  std::vector<std::string> current = {};
  // What its tables are like: those of the scratch database are filled in their likeness, and times
  // are estimated. most_rows: of all tables together.
  std::vector<TableStatistics> statistics = {};
  std::size_t most_rows = 20'000;
  std::optional<DatabaseUrl> server = {};  // where scratch databases may be made
  ConnectOptions connect = {};
  std::function<void(const Revision&, std::size_t number, std::size_t total)> progress = {};
};

struct VerifiedRevision {
  std::string id = {};
  std::string message = {};
  double up_seconds = 0;
  std::optional<double> down_seconds = {};  // nothing: there is no way back, or it failed
  bool irreversible = false;
  bool leaves = false;  // the downgrade leaves something on purpose
  // What each statement did to tables that were there before the upgrade, or the downgrade.
  std::vector<WatchedStatement> up = {};
  std::vector<WatchedStatement> down = {};
  std::size_t rows = 0;  // that were there before the upgrade
};

struct Verification {
  std::vector<VerifiedRevision> revisions = {};
  std::vector<Finding> findings = {};      // with the notices, in the order of the revisions
  bool way_back = false;                   // from the last one to the beginning and up again
  std::set<std::string> passed_over = {};  // statements that reach beyond the database
  Schema schema = {};                      // at the end

  bool clean() const;
};

// Throws Error when a revision cannot be read, or no scratch database can be made.
Verification verify(const Chain& chain, const Dialect& dialect, const VerifyOptions& options);

}  // namespace limbeck
