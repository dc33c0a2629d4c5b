// Revision files that another tool reads: what the folder of revisions has to know of them.
//
// Only their headers are read here. src/alembic has the scripts of Alembic.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "revision/revision.h"

namespace limbeck {

// What the first look at a script gives.
struct ScriptHeader {
  Revision revision = {};
  // Where the header is not written out but computed, so that only its own language can say what
  // it is: the revision is not complete then.
  std::optional<Place> computed = {};
};

struct ScriptFormat {
  // Whether a file of this name is such a script.
  bool (*is_script)(std::string_view name) = nullptr;
  // text is the beginning of the file; whole: all of it. Nothing when the header may go on behind
  // it. Throws Error (ExitCode::invalid_project) with file:line:column. Called from two threads at
  // once.
  std::optional<ScriptHeader> (*read_header)(std::string_view text, const std::string& file,
                                             bool whole) = nullptr;
  // The hash of what the text says as a program: the same when it is only laid out or commented
  // differently. Empty when that cannot be told.
  std::string (*code_hash)(std::string_view text) = nullptr;
  // Asks the script's own language for a computed header. Without it, such a header is an error.
  std::function<Revision(const std::string& file, const Place& computed)> ask = {};
};

}  // namespace limbeck
