// What must hold before a run may change anything.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "limbeck/error.h"

#include "run/settings.h"
#include "run/state.h"

namespace limbeck {

// The database is at revisions that the chain does not have.
class UnknownRevisions : public Error {
 public:
  UnknownRevisions(ErrorReport report, std::vector<std::string> revisions)
      : Error(std::move(report)), revisions_(std::move(revisions)) {}
  const std::vector<std::string>& revisions() const { return revisions_; }

 private:
  std::vector<std::string> revisions_;
};

// Applied revisions have changed since they were run.
class ChangedRevisions : public Error {
 public:
  ChangedRevisions(ErrorReport report, std::vector<std::string> revisions)
      : Error(std::move(report)), revisions_(std::move(revisions)) {}
  const std::vector<std::string>& revisions() const { return revisions_; }

 private:
  std::vector<std::string> revisions_;
};

// Every row of the version table is a revision of this chain. Throws UnknownRevisions.
void check_known(const Chain& chain, const DatabaseState& state);

// No applied revision's file has changed since it was run, unless the settings accept that. Not
// looked at are the revision that stopped between its steps, whose rest may be mended, and those
// that are about to be undone. Throws ChangedRevisions.
void check_unchanged(const Chain& chain, const DatabaseState& state, const RunSettings& settings,
                     std::span<const RevisionStep> steps);

// A range says where a script starts: throws Error (ExitCode::usage) for one where a database is
// asked.
void refuse_range(std::string_view target);

// "-1" and the like count from one revision: throws Error (ExitCode::usage) when current is
// several.
void refuse_ambiguous_downgrade(const RevisionGraph& graph, std::string_view target,
                                std::span<const std::string> current);

// Why a revision cannot be run with others in one transaction: it has steps that none can hold.
Error held_by_no_transaction(const Revision& revision);

// Other work has to wait until that which stopped between its steps is finished.
Error stopped_in_its_middle(const Chain& chain, const JournalEntry& open);

// What became of the file of a revision that stopped between its steps.
enum class StoppedFile { as_it_was, changed, missing };
StoppedFile file_of_stopped(const Chain& chain, const JournalEntry& open);

// The command that goes on with a revision that stopped between its steps.
std::string resuming_command(const RevisionGraph& graph, const JournalEntry& open);

}  // namespace limbeck
