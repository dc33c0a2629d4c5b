// Repair: the ways out of a state that the runner refuses to guess about. Each one is asked for by
// name and journaled.
#pragma once

#include <string>
#include <vector>

#include "run/runner.h"

namespace limbeck {

// What repair could do here, without doing it.
struct Ailment {
  enum class Kind { stopped_revision, changed_revision, unknown_revision, narrow_version_table };
  Kind kind = Kind::stopped_revision;
  std::string subject;  // a revision id, or the version table
  std::string what;     // one sentence
  std::string way_out;  // the command that mends it
};
std::vector<Ailment> diagnose(const Chain& chain, TargetDatabase& database,
                              const DatabaseState& state);

// The changed files of these applied revisions are taken as they are now (all changed ones when
// empty). Returns the ids.
std::vector<std::string> accept_changed(const RunContext& context,
                                        const std::vector<std::string>& revisions);
// The revision that stopped between its steps is forgotten: somebody undid by hand what it had
// done. Returns its id.
std::string abandon_stopped(const RunContext& context);
// The same, but somebody finished it by hand: the version table moves as if it had ended well.
// Returns its id.
std::string complete_stopped(const RunContext& context);
// version_num is widened so that every id of the chain fits. Returns the new width; 0 when it was
// wide enough.
int widen_version_table(const RunContext& context);

}  // namespace limbeck
