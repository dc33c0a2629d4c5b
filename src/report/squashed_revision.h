// One revision in the place of a range of revisions, and the proof that it builds the same.
//
// Revisions are replayed in scratch databases. It writes no file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "diff/rename.h"
#include "plan/range_statements.h"
#include "revision/squash.h"
#include "source/replay_range.h"

namespace limbeck {

// What becomes of statements that no difference of two schemas can stand for.
enum class SquashedData {
  refuse,
  keep,  // the statements of all revisions, one after another
  drop,  // left out
};

struct SquashOptions {
  SquashedData data = SquashedData::refuse;
  std::vector<std::string> dialects = {};
  std::vector<RenameRequest> renames = {};
  std::optional<DatabaseUrl> server = {};
  ConnectOptions connect = {};
  std::string message = {};
  std::string created = {};
};

struct SquashedRevision {
  Revision revision = {};
  std::string text = {};                   // of its file
  std::vector<std::string> dialects = {};  // for which it is proved
  std::vector<DataStatement> left_out = {};
  bool irreversible = false;
};

// Throws Error: ExitCode::usage for data statements that are refused, for what no model has and for
// a dialect that is not known; ExitCode::invalid_project when what it builds differs, with the
// differences as its detail; and what the replays throw.
SquashedRevision make_squash(const Chain& chain, const SquashRange& range,
                             const SquashOptions& options);

}  // namespace limbeck
