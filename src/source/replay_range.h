// Replays a range of revisions, and what is to stand in its place, in scratch databases: what each
// builds, and where the way back leads.
//
// Statements are run as a run would run them, each transaction as one. It never runs anything in
// another database than a scratch of its own.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "dialect/database_url.h"
#include "dialect/dialect.h"
#include "dialect/scratch.h"
#include "run/chain.h"
#include "schema/schema.h"
#include "source/declared.h"

namespace limbeck {

struct ReplaySettings {
  std::string dialect = {};
  std::optional<DatabaseUrl> server = {};  // where scratch databases may be made
  ConnectOptions connect = {};
  AccessStated access = {};  // what of owners and privileges is read
};

// What the revisions up to the end of the range say of owners and privileges.
AccessStated access_stated(const Chain& chain, const std::vector<std::string>& before,
                           std::span<const RevisionGraph::Index> range, const Dialect& dialect);

struct RangeSchemas {
  Schema before = {};
  Schema after = {};
  std::set<Unmodelled> refused =
      {};  // of the range: what reaches beyond a database, and was not run
};

// before: the ids that have to be applied first; range: the revisions after them, in order. Throws
// what reading the chain throws; Error (ExitCode::cannot_connect) when there can be no scratch
// database; DatabaseError (ExitCode::invalid_project) at the place of a statement that failed.
RangeSchemas replay_range(const Chain& chain, const std::vector<std::string>& before,
                          std::span<const RevisionGraph::Index> range,
                          const ReplaySettings& settings);

struct SquashSchemas {
  Schema after = {};
  std::optional<Schema> back = {};  // after its downgrade, when that was asked for
};
SquashSchemas replay_squash(const Chain& chain, const std::vector<std::string>& before,
                            const RevisionFile& squash, bool reversible,
                            const ReplaySettings& settings);

}  // namespace limbeck
