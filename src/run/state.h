// The state of a database: which revisions it holds, and what the journal says of them.
//
// Reading it creates nothing and takes no lock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "revision/walk.h"
#include "run/chain.h"
#include "run/journal.h"
#include "run/target_database.h"

namespace limbeck {

struct DatabaseState {
  bool version_table_exists = false;
  bool journal_exists = false;
  std::vector<std::string> current;  // the rows of the version table, sorted
  std::vector<HistoryEntry> done;    // what the journal says was done, oldest first
  // Stopped between its steps: a revision, or a plan that was being applied.
  std::optional<JournalEntry> open_revision;
};

// Only the rows of the version table: all that current and heads need. Empty when it is not there.
std::vector<std::string> read_current(Connection& connection, const Dialect& dialect,
                                      const QualifiedName& version_table);
// The same; an error says who could allow it.
std::vector<std::string> read_current(TargetDatabase& database);

DatabaseState read_state(TargetDatabase& database);

// An applied revision whose file has other bytes than those that were run, and that is no squash of
// what was run.
struct ChangedRevision {
  RevisionGraph::Index revision = 0;
  std::string recorded_hash;
  std::string file_hash;
};
std::vector<ChangedRevision> changed_revisions(const Chain& chain, const DatabaseState& state);

// Ids in the version table that no file of the chain has.
std::vector<std::string> unknown_revisions(const Chain& chain, const DatabaseState& state);
// The rest of them.
std::vector<std::string> known_current(const Chain& chain, const DatabaseState& state);

}  // namespace limbeck
